"""The access log: one door, numbers without a gap, a chain that anybody can work out again, and nothing shown without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.store.access.asked import Wanted, newest_of
from service.store.access.canonical import GENESIS, canonical, chained
from service.store.access.door import APPEND, AccessDoor, arguments
from service.store.access.log import AccessLog
from service.store.access.records import (
    AccessLogBusyError,
    AccessLogUnavailableError,
    AccessNotRecordedError,
    CaseNamed,
    RecordKind,
)
from service.store.access.writer import RECORDS_MAX
from tests.support.audit.access import a_read, access_log_in
from tests.support.running.blocking import end_backends_of, until_an_append_waits
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server

LOCK: Final = 7236271946542
FIRST, SECOND, THEIRS = UUID(int=101), UUID(int=102), UUID(int=103)


@pytest.fixture(scope="module")
def database(servers: dict[int, Server]) -> Database:
    """A ledger with two cases of ZZ1 and one of ZZ2."""
    made = servers[EMBEDDED].new_database()
    asyncio.run(_report(made))
    return made


async def _report(database: Database) -> None:
    async with postgres_ledger(database) as ledger:
        await stood(ledger, an_opening())
        for case, owner in ((FIRST, "ZZ1"), (SECOND, "ZZ1"), (THEIRS, "ZZ2")):
            await stood(ledger, a_request(case, kind="incident", organisation=owner, cases=(case,)))


@asynccontextmanager
async def opened(database: Database, role: str) -> AsyncIterator[Connection]:
    connection = await database.connect(role)
    try:
        yield connection
    finally:
        await connection.close()


async def refuses(connect: Any = None) -> Any:
    raise ConnectionRefusedError


async def test_parallel_reads_are_numbered_without_a_gap_and_chained(database: Database) -> None:
    async with access_log_in(database) as log:
        before = await log.head()
        reads = [a_read(FIRST, SECOND, correlation_id=f"trace-{number}") for number in range(50)]
        numbers = await asyncio.gather(*(log.append(read) for read in reads))
        records = await log.after(before.number, limit=100)
        digest = before.hash
        for record in records:
            digest = chained(digest, record)
            assert record.hash == digest

    assert sorted(numbers) == [record.number for record in records] == list(range(before.number + 1, numbers[-1] + 1))
    told = {record.number: record.correlation_id for record in records}
    assert [told[number] for number in numbers] == [read.correlation_id for read in reads]


async def test_two_processes_keep_one_chain(database: Database) -> None:
    async with access_log_in(database) as one, access_log_in(database) as other:
        before = await one.head()
        await asyncio.gather(*(log.append(a_read(FIRST)) for log in [one, other] * 20))
        records = await other.after(before.number, limit=100)

    digest = before.hash
    for number, record in enumerate(records, start=before.number + 1):
        digest = chained(digest, record)
        assert (record.number, record.hash) == (number, digest)
    assert len(records) == 40


async def test_the_database_writes_the_bytes_that_anybody_can_write(servers: dict[int, Server]) -> None:
    odd = 'a "quoted" \\ word, é, \t and \x01'
    async with access_log_in(servers[EMBEDDED].new_database()) as log:
        await log.append(a_read(correlation_id=odd, route=odd, roles=("b", odd), words_opened=True, past=True))
        await log.append(a_read(roles=(), kind=RecordKind.PERSON_SEARCH, purpose_stated=True))
        [first, second] = await log.after(0, limit=2)

    assert first.hash == chained(GENESIS, first)
    assert second.hash == chained(first.hash, second)
    assert canonical(second).startswith(b'{"actor":"00000000-0000-0000-0000-000000000005","at":"2')


async def test_whose_record_a_case_is_the_ledger_says_itself(database: Database) -> None:
    async with access_log_in(database) as log:
        number = await log.append(a_read(THEIRS, FIRST))
        [record] = await log.after(number - 1, limit=1)

    assert record.cases == (CaseNamed(THEIRS, "ZZ2"), CaseNamed(FIRST, "ZZ1"))


async def test_a_record_that_cannot_be_kept_fails_alone(database: Database) -> None:
    async with access_log_in(database) as log, opened(database, "owner") as rival:
        before = await log.head()
        async with rival.transaction():
            await rival.execute("select pg_advisory_xact_lock($1)", LOCK)
            first = asyncio.create_task(log.append(a_read(FIRST)))
            await until_an_append_waits(database)
            # These queue behind the first, and so share one batch.
            rest = [asyncio.create_task(log.append(read)) for read in (a_read(FIRST), a_read(uuid4()), a_read(SECOND))]
            await asyncio.sleep(0)
        fates = await asyncio.gather(first, *rest, return_exceptions=True)

    assert [type(fate) for fate in fates] == [int, int, AccessNotRecordedError, int]
    assert sorted(fate for fate in fates if isinstance(fate, int)) == list(range(before.number + 1, before.number + 4))


async def test_who_waits_too_long_for_other_processes_is_told_so(database: Database) -> None:
    async with access_log_in(database, patience_ms=50) as log, opened(database, "owner") as rival:
        before = await log.head()
        async with rival.transaction():
            await rival.execute("select pg_advisory_xact_lock($1)", LOCK)
            with pytest.raises(AccessLogBusyError):
                await log.append(a_read(FIRST))
        assert await log.append(a_read(FIRST)) == before.number + 1


async def test_a_full_queue_says_so_at_once(database: Database) -> None:
    async with access_log_in(database) as log, opened(database, "owner") as rival:
        async with rival.transaction():
            await rival.execute("select pg_advisory_xact_lock($1)", LOCK)
            begun = asyncio.create_task(log.append(a_read(FIRST)))
            await until_an_append_waits(database)
            queued = [asyncio.create_task(log.append(a_read(FIRST))) for _ in range(RECORDS_MAX)]
            await asyncio.sleep(0)
            with pytest.raises(AccessLogBusyError, match="full"):
                await log.append(a_read(FIRST))
            for each in queued:
                each.cancel()
        await begun
        await asyncio.gather(*queued, return_exceptions=True)


async def test_who_went_away_before_their_record_was_begun_is_not_written_down(database: Database) -> None:
    async with access_log_in(database) as log, opened(database, "owner") as rival:
        async with rival.transaction():
            await rival.execute("select pg_advisory_xact_lock($1)", LOCK)
            begun = asyncio.create_task(log.append(a_read(FIRST)))
            await until_an_append_waits(database)
            gone = asyncio.create_task(log.append(a_read(FIRST)))
            await asyncio.sleep(0)
            gone.cancel()
        number = await begun
        assert await log.append(a_read(FIRST)) == number + 1


async def test_nothing_is_written_where_the_database_is_away(database: Database) -> None:
    async with access_log_in(database) as log:
        number = await log.append(a_read(FIRST))
        pool = log._pool
        away = AccessLog(refuses, pool, log._keyring)
        away.start()
        with pytest.raises(AccessNotRecordedError):
            await away.append(a_read(FIRST))
        await away.close()
        assert (await log.head()).number == number


async def test_a_connection_that_breaks_meanwhile_is_said_and_opened_again(database: Database) -> None:
    async with access_log_in(database) as log, opened(database, "owner") as rival:
        number = await log.append(a_read(FIRST))
        async with rival.transaction():
            await rival.execute("select pg_advisory_xact_lock($1)", LOCK)
            begun = asyncio.create_task(log.append(a_read(FIRST)))
            await until_an_append_waits(database)
            await end_backends_of(database, "reader")
            with pytest.raises(AccessNotRecordedError):
                await begun
        assert await log.append(a_read(FIRST)) == number + 1


class Confused:
    """A connection whose driver has lost its way, and that does not call itself closed."""

    terminated = False

    async def fetchval(self, *_arguments: Any, **_options: Any) -> int:
        raise asyncpg.InternalClientError

    def is_closed(self) -> bool:
        return False

    def terminate(self) -> None:
        self.terminated = True


async def test_a_connection_that_lost_its_way_is_not_used_again() -> None:
    opened_here: list[Confused] = []

    async def connect() -> Any:
        opened_here.append(Confused())
        return opened_here[-1]

    door = AccessDoor(connect, patience_ms=10)
    for _ in range(2):
        with pytest.raises(AccessNotRecordedError):
            await door.append([(a_read(), b"sealed")])

    assert [each.terminated for each in opened_here] == [True, True]


async def test_a_closed_log_takes_nothing(database: Database) -> None:
    async with access_log_in(database) as log:
        pass
    with pytest.raises(AccessNotRecordedError, match="closed"):
        await log.append(a_read(FIRST))
    with pytest.raises(AccessLogUnavailableError):
        await log.head()


async def test_a_reader_is_kept_sealed_and_once(servers: dict[int, Server]) -> None:
    database, actor = servers[EMBEDDED].new_database(), uuid4()
    async with access_log_in(database) as log, opened(database, "reader") as reader:
        for _ in range(2):
            await log.append(a_read(actor=actor, subject="sam@trust.example"))
        [kept] = await reader.fetch("select sealed from access.readers where actor = $1", actor)
        assert await log.subjects([actor]) == {actor: "sam@trust.example"}

    assert b"sam" not in kept["sealed"]


@pytest.mark.parametrize("change", ["update {} set actor = actor", "delete from {}", "truncate {}"])
async def test_not_even_the_owner_changes_what_was_read(database: Database, change: str) -> None:
    async with opened(database, "owner") as connection:
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(change.format("access.reads"))


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
@pytest.mark.parametrize("table", ["access.reads", "access.readers"])
async def test_no_role_writes_a_table_of_the_log_directly(database: Database, table: str, role: str) -> None:
    changes = ("insert into {} default values", "update {} set actor = actor", "delete from {}", "truncate {}")
    async with opened(database, role) as connection:
        for change in changes:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change.format(table))


@pytest.mark.parametrize("role", ["writer", "projector"])
async def test_only_who_reads_writes_down_that_it_did(database: Database, role: str) -> None:
    async with opened(database, role) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetchval(APPEND, *arguments([(a_read(FIRST), b"sealed")], patience_ms=1000))


async def test_the_door_cannot_be_led_astray(database: Database) -> None:
    async with opened(database, "reader") as connection:
        definer, settings = await connection.fetchrow(  # type: ignore[misc]
            "select prosecdef, proconfig from pg_proc where proname = 'append' and pronamespace = 'access'::regnamespace"
        )
        with pytest.raises(asyncpg.InvalidTransactionStateError):
            async with connection.transaction(isolation="repeatable_read"):
                await connection.fetchval(APPEND, *arguments([(a_read(FIRST), b"sealed")], patience_ms=1000))

    assert definer
    assert "search_path=pg_catalog, pg_temp" in settings


async def test_who_read_one_case_is_found_by_a_probe_of_its_index(database: Database) -> None:
    statement, values = newest_of(Wanted(owners=("ZZ1",), incident=FIRST, kind="case_read", before=1000), 51)
    async with opened(database, "reader") as connection:
        await connection.execute(
            "set enable_seqscan = off"
        )  # the table is small: only whether it probes is in question
        plan = "\n".join(row[0] for row in await connection.fetch(f"explain {statement}", *values))

    assert "Bitmap Index Scan on reads_cases_idx" in plan
    assert plan.count("Index Scan") == 1
