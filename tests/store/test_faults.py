"""What a caller is told when something breaks, and that the same key makes it harmless."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from service.store.ledger import (
    Appended,
    AppendUnknownError,
    LedgerBusyError,
    LedgerGapError,
    LedgerUnavailableError,
)
from service.store.postgres import PostgresLedger
from service.store.reading.questions import PlainConnection
from tests.support.running.blocking import appends_held, end_backends_of, until_an_append_waits
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.lossy_socket import lossy_socket
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[PostgresLedger]:
    async with postgres_ledger(database) as ledger:
        await stood(ledger, an_opening())
        yield ledger


async def test_a_lost_reply_is_answered_as_unknown_and_the_key_tells(
    database: Database, ledger: PostgresLedger
) -> None:
    request = a_request(None, 0, b"one", b"two")
    async with lossy_socket(database) as lossy, postgres_ledger(database, writer=lossy.connect) as behind:
        await stood(behind, a_request())
        lossy.lose = "reply"
        with pytest.raises(AppendUnknownError):
            await behind.append(request)
        again = await behind.append(replace(request, events=(an_event(), an_event())))
    assert isinstance(again, Appended)
    assert again.replayed
    assert [event.payload for event in await ledger.read_all(after=2, limit=10)] == [b"one", b"two"]


async def test_a_lost_request_is_answered_as_unknown_too_and_stands_once(
    database: Database, ledger: PostgresLedger
) -> None:
    request = a_request()
    async with lossy_socket(database) as lossy, postgres_ledger(database, writer=lossy.connect) as behind:
        await stood(behind, a_request())
        lossy.lose = "request"
        with pytest.raises(AppendUnknownError):
            await behind.append(request)
        again = await behind.append(request)
    assert isinstance(again, Appended)
    assert not again.replayed
    assert (await ledger.head()).position == 3


async def test_a_connection_ended_in_the_middle_is_unknown_and_is_opened_again(
    database: Database, ledger: PostgresLedger
) -> None:
    request = a_request()
    async with appends_held(database):
        task = asyncio.create_task(ledger.append(request))
        await until_an_append_waits(database)
        await end_backends_of(database, "writer")
        with pytest.raises(AppendUnknownError):
            await task
    assert not (await stood(ledger, request)).replayed


async def test_a_call_that_does_not_answer_is_unknown_and_stands_once(
    database: Database, ledger: PostgresLedger
) -> None:
    request = a_request()
    async with postgres_ledger(database, call_seconds=0.1) as hasty:
        async with appends_held(database):
            with pytest.raises(AppendUnknownError):
                await hasty.append(request)
        await stood(ledger, request)
    assert (await ledger.head()).position == 2


async def test_a_database_that_cannot_be_reached_stored_nothing(database: Database) -> None:
    async def refuse() -> Connection:
        raise ConnectionRefusedError

    async with postgres_ledger(database, writer=refuse) as cut_off:
        with pytest.raises(LedgerUnavailableError) as told:
            await cut_off.append(a_request())
    assert not isinstance(told.value, AppendUnknownError)


async def test_reads_survive_broken_connections(database: Database, ledger: PostgresLedger) -> None:
    assert (await ledger.head()).position == 1
    await end_backends_of(database, "reader")
    assert (await ledger.head()).position == 1


async def test_reads_of_a_database_that_is_away_say_so(database: Database, ledger: PostgresLedger) -> None:
    pool = await asyncpg.create_pool(**database.login("reader"), min_size=0, connection_class=PlainConnection)
    await pool.close()
    closed = PostgresLedger(writer=database.writer, reader=database.reader, pool=pool)
    with pytest.raises(LedgerUnavailableError):
        await closed.head()


async def test_a_follower_wakes_by_the_notification_of_another_process(
    database: Database, ledger: PostgresLedger
) -> None:
    async with postgres_ledger(database) as other:
        batches = ledger.follow(after=1)
        next_batch = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0.05)
        appended = await stood(other, a_request())
        assert (await asyncio.wait_for(next_batch, 10))[0].position == appended.first_position
        await batches.aclose()


async def test_a_follower_goes_on_after_its_connections_broke(database: Database, ledger: PostgresLedger) -> None:
    batches = ledger.follow(after=1)
    for _ in range(3):
        appended = await stood(ledger, a_request())
        (event,) = await asyncio.wait_for(anext(batches), 10)
        assert event.position == appended.first_position
        assert await end_backends_of(database, "reader") >= 1
    await batches.aclose()


async def test_a_follower_waits_while_the_database_is_away(database: Database, ledger: PostgresLedger) -> None:
    away = asyncio.Event()

    async def connect(*settings: Any, **more: Any) -> Connection:
        if away.is_set():
            raise ConnectionRefusedError
        return await asyncpg.connect(*settings, **more)

    pool = asyncpg.create_pool(**database.login("reader"), min_size=0, connect=connect)
    async with pool, PostgresLedger(writer=database.writer, reader=database.reader, pool=pool) as other:
        batches = other.follow(after=0)
        assert (await anext(batches))[0].position == 1
        away.set()
        await end_backends_of(database, "reader")
        with pytest.raises(LedgerUnavailableError):
            await other.head()
        following = asyncio.ensure_future(anext(batches))
        await stood(ledger, a_request())
        await asyncio.sleep(0.2)
        assert not following.done()
        away.clear()
        assert (await asyncio.wait_for(following, 10))[0].position == 2
        await batches.aclose()


async def test_a_missing_position_stops_every_reader(database: Database, ledger: PostgresLedger) -> None:
    await stood(ledger, a_request(None, 0, b"one", b"two", b"three"))
    database.execute("alter table ledger.events disable trigger refuse_change")
    database.execute("delete from ledger.events where position = 3")
    with pytest.raises(LedgerGapError, match="position 3"):
        await ledger.read_all(after=0, limit=10)
    with pytest.raises(LedgerGapError, match="position 3"):
        await anext(ledger.follow(after=1))


TRIP = """
    create sequence public.trips;
    grant usage on sequence public.trips to public;
    create function public.trip() returns trigger language plpgsql as $$
    begin
        if nextval('public.trips') <= {times} then raise exception 'tripped' using errcode = '{code}'; end if;
        return null;
    end $$;
    create trigger trip before insert on ledger.events for each statement execute function public.trip();
"""


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_an_append_that_met_another_transaction_is_tried_again(
    database: Database, ledger: PostgresLedger, code: str
) -> None:
    database.execute(TRIP.format(times=2, code=code))
    assert not (await stood(ledger, a_request())).replayed


async def test_an_append_is_not_tried_for_ever(database: Database, ledger: PostgresLedger) -> None:
    database.execute(TRIP.format(times=1000, code="40001"))
    with pytest.raises(LedgerBusyError):
        await ledger.append(a_request())


async def test_a_full_disk_is_nobodys_fault_and_not_an_unknown_outcome(
    database: Database, ledger: PostgresLedger
) -> None:
    database.execute(TRIP.format(times=1, code="53100"))
    fates = await ledger.append_batch([a_request(), a_request()])
    assert {type(fate) for fate in fates} <= {LedgerUnavailableError, Appended}
    assert LedgerUnavailableError in {type(fate) for fate in fates}
    await stood(ledger, a_request())
