"""Contract 4: nothing is changed or deleted, and the append function is the only door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from service.store.group_commit.call import APPEND, arguments
from service.store.ledger import CaseGuard, Guard, NewActor
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_opening, postgres_ledger, stood

TABLES = ["events", "streams", "stream_cases", "keys", "claims", "origin", "actors"]
CHANGES = ["update {} set {} = {}", "delete from {}", "truncate {}"]
COLUMNS = {
    "ledger.events": "position",
    "ledger.streams": "stream",
    "ledger.stream_cases": "stream",
    "ledger.keys": "key",
    "ledger.claims": "digest",
    "ledger.origin": "simulated",
    "ledger.actors": "actor",
    "vault.keys": "key_id",
    "vault.nhs_numbers": "digest",
    "vault.keyrings": "process",
    "vault.retired_keks": "name",
}


@asynccontextmanager
async def opened(database: Database, role: str) -> AsyncIterator[Connection]:
    connection = await database.connect(role)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", TABLES)
async def test_not_even_the_owner_changes_the_ledger(database: Database, table: str, change: str) -> None:
    name = f"ledger.{table}"
    async with opened(database, "owner") as connection:
        with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
            await connection.execute(change.format(name, COLUMNS[name], COLUMNS[name]))


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
@pytest.mark.parametrize("table", COLUMNS)
async def test_no_role_writes_a_table_directly(database: Database, table: str, role: str) -> None:
    async with opened(database, role) as connection:
        for change in (*CHANGES, "insert into {} default values"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change.format(table, COLUMNS[table], COLUMNS[table]))


@pytest.mark.parametrize("role", ["projector", "reader"])
async def test_only_the_writer_may_append(database: Database, role: str) -> None:
    async with opened(database, role) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append"):
            await connection.fetch(APPEND, *arguments([an_opening()], patience_ms=1000))


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
async def test_no_role_makes_anything_in_the_ledger(database: Database, role: str) -> None:
    async with opened(database, role) as connection:
        for schema in ("ledger", "vault"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"create table {schema}.mine (a int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("drop function ledger.append")


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
async def test_every_role_reads_the_ledger(database: Database, role: str) -> None:
    async with opened(database, role) as connection:
        for table in (*TABLES, "standing_events"):
            await connection.fetch(f"select * from ledger.{table}")


async def test_projections_never_reach_the_keys(database: Database) -> None:
    for role in ("writer", "reader"):
        async with opened(database, role) as connection:
            await connection.fetch("select * from vault.keys")
    async with opened(database, "projector") as connection:
        for table in ("keys", "nhs_numbers", "keyrings", "retired_keks"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from vault.{table}")


async def test_a_key_is_never_changed_or_deleted_by_hand(database: Database) -> None:
    async with opened(database, "owner") as connection:
        for change in ("update vault.keys set kek = kek", "delete from vault.keys", "truncate vault.keys"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await connection.execute(change)


async def test_the_append_function_cannot_be_led_astray_by_a_search_path(database: Database) -> None:
    async with opened(database, "owner") as connection:
        definer, settings = await connection.fetchrow(  # type: ignore[misc]
            "select prosecdef, proconfig from pg_proc where proname = 'append' and pronamespace = 'ledger'::regnamespace"
        )
    assert definer
    assert "search_path=pg_catalog, pg_temp" in settings


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_an_append_refuses_a_snapshot_older_than_its_lock(database: Database, isolation: str) -> None:
    async with opened(database, "writer") as connection:
        with pytest.raises(asyncpg.InvalidTransactionStateError):
            async with connection.transaction(isolation=isolation):  # type: ignore[arg-type]
                await connection.fetch(APPEND, *arguments([a_request()], patience_ms=1000))


async def test_the_function_itself_refuses_requests_that_depend_on_one_another(database: Database) -> None:
    first = a_request()
    joining = a_request(cases=(first.stream,))
    async with opened(database, "writer") as connection:
        for later in (
            a_request(guards=(Guard(first.stream, 0),)),
            a_request(case_guards=(CaseGuard(first.stream, 0),)),
        ):
            with pytest.raises(asyncpg.DataError, match="depends on an earlier one"):
                await connection.fetch(APPEND, *arguments([first, joining, later], patience_ms=1000))


async def test_actors_are_kept_the_first_time_they_are_seen(database: Database) -> None:
    actor = uuid4()
    async with postgres_ledger(database) as ledger:
        await stood(ledger, an_opening())
        for sealed in (b"first", b"second"):
            await stood(ledger, a_request(new_actors=(NewActor(actor, sealed),)))
    async with opened(database, "reader") as connection:
        assert await connection.fetchval("select sealed from ledger.actors where actor = $1", actor) == b"first"
