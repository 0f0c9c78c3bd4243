"""Making the tables of a version, letting it answer, and dropping an old one: as the owner of the database."""

from asyncpg import Connection

from projections.engine.model import AnyReadModel
from projections.engine.positions import BUILDING, RETIRED, RUNNING
from projections.engine.tables import SCHEMA, creation


class StillLiveError(Exception):
    """The version answers queries: it cannot be dropped."""


async def make_tables(owner: Connection, model: AnyReadModel, table_version: int) -> None:
    """Make empty tables for a version, at position 0; what an unfinished build of the same version left is dropped."""
    async with owner.transaction():
        await drop_version(owner, model, table_version)
        for statement in creation(model, table_version):
            await owner.execute(statement)
        await owner.execute(
            "insert into projections.positions (name, table_version, code_version, status) values ($1, $2, $3, $4)",
            model.name,
            table_version,
            model.version,
            BUILDING,
        )


async def go_live(owner: Connection, model: AnyReadModel, table_version: int) -> None:
    """Let a version answer, in the caller's transaction; the owner of the version before it is fenced off."""
    await owner.execute(
        """update projections.positions set status = $3, epoch = epoch + 1
           where name = $1 and table_version in (select table_version from projections.live where name = $1)
             and table_version <> $2""",
        model.name,
        table_version,
        RETIRED,
    )
    await owner.execute(
        "update projections.positions set status = $3 where name = $1 and table_version = $2",
        model.name,
        table_version,
        RUNNING,
    )
    await owner.execute(
        """insert into projections.live (name, table_version) values ($1, $2)
           on conflict (name) do update set table_version = excluded.table_version""",
        model.name,
        table_version,
    )


async def drop_version(owner: Connection, model: AnyReadModel, table_version: int) -> None:
    """Drop the tables of a version that does not answer.

    Raises:
        StillLiveError: it does.
    """
    live = await owner.fetchval("select table_version from projections.live where name = $1", model.name)
    if live == table_version:
        raise StillLiveError(f"{model.name} answers from version {table_version}")
    # By name: the tables may be those of other code, with a history where this one has none.
    for part in ("", "_history", "_state"):
        await owner.execute(f"drop table if exists {SCHEMA}.{model.name}_v{table_version}{part}")
    await owner.execute(
        "delete from projections.positions where name = $1 and table_version = $2", model.name, table_version
    )
