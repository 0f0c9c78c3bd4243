"""Bring the database up to date: its roles, then every migration that it has not had, once, whoever asks first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.connect import Database, DatabaseUnfitError, check_version, connect, create_engine
from service.store.roles import ensure_roles

SCHEMA: Final = "migrations"
"""Where the database notes which migrations it has had."""

_SCRIPTS: Final = Path(__file__).resolve().parents[2] / "migrations"
"""Beside the package `service`, in the source tree and in an installed wheel alike."""

_LOCK: Final = 0x1EDCE4
_NOTES: Final = "alembic_version"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done: the revisions applied now, in order, and the one that the database is at."""

    applied: tuple[str, ...]
    at: str | None


async def migrate(database: Database) -> Migrated:
    """Make the roles and run the migrations, as the owner; two at once wait for one another.

    Raises:
        DatabaseUnfitError: the server is older than PostgreSQL 15, or the database is of a later release.
        RolesMissingError: the owner may not make the roles.
    """
    owner = await connect(database.owner, application="incident-ledger migrate")
    try:
        check_version(owner)
        await owner.execute("select pg_advisory_lock($1)", _LOCK)
        await ensure_roles(owner, database)
        await _make_notes(owner)
        migrated = await _upgrade(database)
        await _show_notes(owner, database)
        return migrated
    finally:
        await owner.close()


async def revision_of(url: str) -> str | None:
    """The revision that the database is at, asked as any of its roles; none before the first migration."""
    connection = await connect(url, application="incident-ledger check")
    try:
        found: str | None = await connection.fetchval(f"select version_num from {SCHEMA}.{_NOTES}")  # noqa: S608 -- constants
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
        return None
    finally:
        await connection.close()
    return found


async def is_simulated(url: str) -> bool | None:
    """Whether the ledger was born on a simulated clock, asked as its owner; None while there is no ledger."""
    connection = await connect(url, application="incident-ledger check")
    try:
        found: bool | None = await connection.fetchval("select simulated from ledger.origin")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    finally:
        await connection.close()
    return found


def newest_revision() -> str | None:
    """The revision that this program expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def _make_notes(owner: "asyncpg.Connection[Any]") -> None:
    if not await owner.fetchval("select to_regnamespace($1)", SCHEMA):
        await owner.execute(f"create schema {SCHEMA}")


async def _show_notes(owner: "asyncpg.Connection[Any]", database: Database) -> None:
    for role in (database.role("writer"), database.role("projector"), database.role("reader")):
        if await owner.fetchval("select 1 from pg_roles where rolname = $1", role):
            quoted = await owner.fetchval("select quote_ident($1)", role)
            await owner.execute(f"grant usage on schema {SCHEMA} to {quoted}")
            await owner.execute(f"grant select on {SCHEMA}.{_NOTES} to {quoted}")


async def _upgrade(database: Database) -> Migrated:
    engine: AsyncEngine = create_engine(database.owner, connections=1, application="incident-ledger migrate")
    try:
        async with engine.begin() as connection:
            before = await connection.run_sync(_at)
            _assert_known(before)
            await connection.run_sync(_run)
            after = await connection.run_sync(_at)
    finally:
        await engine.dispose()
    return Migrated(tuple(_between(before, after)), after)


def _assert_known(revision: str | None) -> None:
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        newest = newest_revision()
        raise DatabaseUnfitError(
            f"the database is at {revision}, which this program, at {newest}, does not know: it is of a later release"
        )


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA}).get_current_revision()


def _between(before: str | None, after: str | None) -> Sequence[str]:
    if after is None or before == after:
        return []
    revisions = ScriptDirectory.from_config(_config()).iterate_revisions(after, before or "base")
    return [revision.revision for revision in reversed(list(revisions))]


def _config() -> Config:
    """Alembic's configuration; it has no file of its own."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["version_table_schema"] = SCHEMA
    return config
