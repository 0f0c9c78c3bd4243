"""Group commit: what waits together is committed together, the queue is bounded, and closing loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.store.group_commit.queue import BYTES_MAX, REQUESTS_MAX
from service.store.ledger import Appended, LedgerBusyError, LedgerUnavailableError
from service.store.postgres import PostgresLedger
from tests.support.running.blocking import appends_held, until_an_append_waits
from tests.support.running.database import Database
from tests.support.running.ledgers import a_request, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[PostgresLedger]:
    async with postgres_ledger(database) as ledger:
        await stood(ledger, an_opening())
        yield ledger


async def blocked_call(ledger: PostgresLedger, database: Database) -> asyncio.Task[Any]:
    """One append that waits for the lock: whatever comes now queues behind it."""
    task: asyncio.Task[Any] = asyncio.create_task(ledger.append(a_request()))
    await until_an_append_waits(database)
    return task


async def queued(ledger: PostgresLedger, number: int, payload: bytes = b"{}") -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(ledger.append(a_request(None, 0, payload))) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_what_queued_during_a_commit_is_the_next_commit(database: Database, ledger: PostgresLedger) -> None:
    async with appends_held(database):
        first = await blocked_call(ledger, database)
        others = await queued(ledger, 100)
    await asyncio.gather(first, *others)
    connection = await database.connect("owner")
    rows = await connection.fetch("select count(*) from ledger.events where position > 1 group by xmin order by 1")
    await connection.close()
    assert [row[0] for row in rows] == [1, 100]


async def test_a_full_queue_answers_busy_and_stores_nothing_of_it(database: Database, ledger: PostgresLedger) -> None:
    async with appends_held(database):
        first = await blocked_call(ledger, database)
        others = await queued(ledger, REQUESTS_MAX)
        with pytest.raises(LedgerBusyError, match="full"):
            await asyncio.wait_for(ledger.append(a_request()), 10)
    outcomes = await asyncio.gather(first, *others)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert (await ledger.head()).position == REQUESTS_MAX + 2
    await stood(ledger, a_request())


async def test_the_queue_is_bounded_in_bytes_too(database: Database, ledger: PostgresLedger) -> None:
    async with appends_held(database):
        first = await blocked_call(ledger, database)
        others = await queued(ledger, 1, b"x" * (BYTES_MAX - 1))
        with pytest.raises(LedgerBusyError):
            await asyncio.wait_for(ledger.append(a_request(None, 0, b"xx")), 10)
        others += await queued(ledger, 1, b"x")
    await asyncio.gather(first, *others)


async def test_bulk_leaves_room_for_others(database: Database, ledger: PostgresLedger) -> None:
    async with appends_held(database):
        first = await blocked_call(ledger, database)
        bulks = [asyncio.create_task(ledger.append_batch([a_request() for _ in range(700)])) for _ in range(2)]
        await asyncio.sleep(0.05)
        others = await queued(ledger, 200)
        assert not any(task.done() for task in others)
    await asyncio.gather(first, *others)
    for bulk in bulks:
        assert all(isinstance(fate, Appended) for fate in await bulk)
    assert (await ledger.head()).position == 1602


async def test_a_lock_that_is_not_granted_in_time_answers_busy(database: Database, ledger: PostgresLedger) -> None:
    async with postgres_ledger(database, patience_ms=50) as impatient:
        async with appends_held(database):
            with pytest.raises(LedgerBusyError, match="lock"):
                await impatient.append(a_request())
        await stood(impatient, a_request())
    assert (await ledger.head()).position == 2


async def test_closing_appends_what_waits_and_then_takes_nothing(database: Database, ledger: PostgresLedger) -> None:
    async with postgres_ledger(database) as closing:
        async with appends_held(database):
            tasks = [await blocked_call(closing, database), *await queued(closing, 50)]
            tasks.append(asyncio.create_task(closing.append_batch([a_request() for _ in range(300)])))
            await asyncio.sleep(0.05)
        await closing.close()
    *outcomes, fates = await asyncio.gather(*tasks)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert {type(fate) for fate in fates} <= {Appended, LedgerUnavailableError}
    appended = sum(isinstance(fate, Appended) for fate in fates)
    assert (await ledger.head()).position == 52 + appended
    with pytest.raises(LedgerUnavailableError, match="closed"):
        await closing.append(a_request())


async def test_a_caller_that_left_while_waiting_is_forgotten(database: Database, ledger: PostgresLedger) -> None:
    async with appends_held(database):
        first = await blocked_call(ledger, database)
        (gone, stays) = await queued(ledger, 2)
        gone.cancel()
    await asyncio.gather(first, stays)
    assert (await ledger.head()).position == 3


async def test_two_ledgers_of_one_database_append_in_one_order(database: Database, ledger: PostgresLedger) -> None:
    async with postgres_ledger(database) as other:
        await asyncio.gather(*(side.append(a_request()) for side in (ledger, other) for _ in range(100)))
    events = await ledger.read_all(after=0, limit=1000)
    assert [event.position for event in events] == list(range(1, 202))
