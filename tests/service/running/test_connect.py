"""Database URLs, and the check that a server and a user may carry the ledger."""

from pathlib import Path

import pytest
from asyncpg.types import ServerVersion

from service.store.connect import (
    Database,
    DatabaseUnfitError,
    DatabaseUrlInvalidError,
    check_server,
    check_version,
    connect,
    create_engine,
    normalised,
    on_database,
    open_pool,
    with_overrides,
    with_user,
)
from service.store.embedded import EmbeddedServer
from service.store.embedded.cluster import SUPERUSER
from service.store.migrate import migrate


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_each_usual_scheme_is_taken(scheme: str) -> None:
    assert normalised(f"{scheme}://me@there:5433/ledger?sslmode=require") == (
        "postgresql://me@there:5433/ledger?sslmode=require"
    )


@pytest.mark.parametrize("url", ["mysql://me:hidden@there/ledger", "postgresql://me:hidden@there", "there/ledger", ""])
def test_another_url_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(DatabaseUrlInvalidError) as caught:
        normalised(url)

    assert "hidden" not in str(caught.value)


def test_another_user_keeps_nothing_of_the_first_ones_credentials() -> None:
    url = "postgresql://owner:hidden@[::1]:5433/ledger?password=hidden&passfile=hidden&sslmode=require"

    assert (
        with_user(url, "ledger_writer", "p/w") == "postgresql://ledger_writer:p%2Fw@[::1]:5433/ledger?sslmode=require"
    )


def test_a_socket_url_stays_one() -> None:
    url = "postgresql://owner@/ledger?host=%2Ftmp%2Fsockets&port=5432"

    assert with_user(url, "ledger_reader") == "postgresql://ledger_reader@/ledger?host=%2Ftmp%2Fsockets&port=5432"


def test_each_role_has_a_url_named_after_the_database() -> None:
    database = on_database("postgres://owner:hidden@there/trust_a", passwords={"writer": "w"})

    assert database.owner == "postgresql://owner:hidden@there/trust_a"
    assert database.writer == "postgresql://trust_a_writer:w@there/trust_a"
    assert database.projector == "postgresql://trust_a_projector@there/trust_a"
    assert database.reader == "postgresql://trust_a_reader@there/trust_a"
    assert "hidden" not in repr(database)


def test_an_operators_role_url_is_used_instead() -> None:
    database = with_overrides(
        on_database("postgresql://owner@there/ledger"),
        writer=None,
        projector=None,
        reader="postgres://r@replica/ledger",
    )

    assert database.reader == "postgresql://r@replica/ledger"
    assert database.writer == "postgresql://ledger_writer@there/ledger"


async def test_every_way_in_speaks_utc(database: Database) -> None:
    pool = await open_pool(database.owner, connections=1)
    engine = create_engine(database.owner, connections=1)
    connection = await connect(database.owner)
    async with engine.connect() as session:
        zones = {
            await connection.fetchval("show timezone"),
            await pool.fetchval("show timezone"),
            (await session.exec_driver_sql("show timezone")).scalar_one(),
        }
    await connection.close()
    await pool.close()
    await engine.dispose()

    assert zones == {"UTC"}


async def test_the_ledgers_own_roles_may_carry_it(database: Database) -> None:
    await migrate(database)

    for url in (database.writer, database.projector, database.reader):
        await check_server(url)


async def test_the_owner_may_not_serve(database: Database) -> None:
    await migrate(database)

    with pytest.raises(DatabaseUnfitError, match="owns the ledger's tables"):
        await check_server(database.owner)


async def test_a_member_of_the_owner_may_not_serve(server: EmbeddedServer, database: Database) -> None:
    await migrate(database)
    superuser = await connect(server.url(user=SUPERUSER, database=database.name))
    await superuser.execute(f"create role {database.name}_keeper role {database.role('reader')}")
    await superuser.execute(f"alter table ledger.events owner to {database.name}_keeper")
    await superuser.close()

    with pytest.raises(DatabaseUnfitError, match="member of their owner"):
        await check_server(database.reader)


async def test_a_superuser_may_not_serve(server: EmbeddedServer) -> None:
    with pytest.raises(DatabaseUnfitError, match="superuser"):
        await check_server(server.url(user=SUPERUSER))


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_a_server_that_could_lose_acknowledged_events_is_refused(spare_home: Path, setting: str) -> None:
    async with EmbeddedServer(spare_home, settings={setting: "off"}) as careless:
        database = on_database(careless.url())
        await migrate(database)

        with pytest.raises(DatabaseUnfitError, match=f"{setting} is off"):
            await check_server(database.writer)


class OldServer:
    """A connection to a server of a given version."""

    def __init__(self, major: int) -> None:
        self.major = major

    def get_server_version(self) -> ServerVersion:
        return ServerVersion(self.major, 3, 0, "final", 0)


def test_a_server_older_than_fifteen_is_refused() -> None:
    check_version(OldServer(15))
    with pytest.raises(DatabaseUnfitError, match="PostgreSQL 15 or later is needed; the server is 14"):
        check_version(OldServer(14))
