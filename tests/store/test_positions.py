"""Contract 2: positions have no gap, order is commit order, recorded_at never goes back."""

import asyncio
from contextlib import aclosing
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from service.store.ledger import Ledger, LedgerEvent, LedgerGapError
from service.store.reading.positions import check_contiguous
from tests.support.running.ledgers import NOON, a_request, stood


async def test_refused_appends_leave_no_gap(ledger: Ledger) -> None:
    stream = uuid4()
    for version in range(4):
        await ledger.append(a_request(stream, version))
        await ledger.append(a_request(stream, 99))
        await ledger.append_batch([a_request(stream, 99), a_request(), a_request(stream, 98)])
    events = await ledger.read_all(after=0, limit=100)
    assert [event.position for event in events] == list(range(1, 10))


async def test_many_at_once_stand_without_a_gap_and_in_the_order_of_their_streams(ledger: Ledger) -> None:
    streams = [uuid4() for _ in range(8)]

    async def grow(stream: UUID) -> None:
        for version in range(10):
            await stood(ledger, a_request(stream, version))

    await asyncio.gather(*(grow(stream) for stream in streams))
    events = await ledger.read_all(after=0, limit=1000)
    assert [event.position for event in events] == list(range(1, 82))
    for stream in streams:
        assert [event.version for event in events if event.stream == stream] == list(range(1, 11))


async def test_recorded_at_never_goes_back(ledger: Ledger) -> None:
    await asyncio.gather(*(ledger.append(a_request()) for _ in range(50)))
    moments = [event.recorded_at for event in await ledger.read_all(after=0, limit=100)]
    assert moments == sorted(moments)


async def test_reading_goes_on_after_a_position_and_stops_at_a_limit(ledger: Ledger) -> None:
    await stood(ledger, a_request(None, 0, *[b"{}"] * 9))
    assert [event.position for event in await ledger.read_all(after=3, limit=4)] == [4, 5, 6, 7]
    assert await ledger.read_all(after=10, limit=4) == []


async def test_what_was_answered_can_be_read(ledger: Ledger) -> None:
    for _ in range(20):
        appended = await stood(ledger, a_request())
        assert (await ledger.head()).position == appended.last_position
        assert (await ledger.read_all(after=appended.last_position - 1, limit=1))[0].stream == appended.stream


async def test_the_head_tells_when_it_was_recorded(ledger: Ledger) -> None:
    appended = await stood(ledger, a_request())
    head = await ledger.head()
    assert (head.position, head.recorded_at, head.simulated) == (2, appended.recorded_at, False)


async def test_an_empty_ledger_has_position_zero(empty_ledger: Ledger) -> None:
    head = await empty_ledger.head()
    assert (head.position, head.recorded_at, head.simulated) == (0, None, False)
    assert await empty_ledger.read_all(after=0, limit=10) == []


async def test_a_follower_is_told_of_everything_once_and_in_order(ledger: Ledger) -> None:
    seen: list[int] = []

    async def follow() -> None:
        async with aclosing(ledger.follow(after=0, limit=7)) as batches:
            async for batch in batches:
                seen.extend(event.position for event in batch)
                if len(seen) == 61:
                    return

    following = asyncio.create_task(follow())
    for _ in range(6):
        await ledger.append_batch([a_request() for _ in range(10)])
        await asyncio.sleep(0)
    await asyncio.wait_for(following, 10)
    assert seen == list(range(1, 62))


async def test_a_missing_position_is_an_alarm(ledger: Ledger) -> None:
    await stood(ledger, a_request(None, 0, b"one", b"two", b"three"))
    events = await ledger.read_all(after=1, limit=10)
    for broken in ([events[0], events[2]], [events[1]], [events[1], events[0]]):
        with pytest.raises(LedgerGapError):
            check_contiguous(broken, after=1)


async def test_the_position_at_an_instant_is_the_newest_recorded_until_then(ledger: Ledger) -> None:
    for _ in range(12):
        await stood(ledger, a_request(None, 0, b"one", b"two"))
        await asyncio.sleep(0.001)
    events = await ledger.read_all(after=0, limit=100)
    for event in events:
        assert await ledger.position_at(event.recorded_at) == newest_until(events, event)
    assert await ledger.position_at(events[0].recorded_at - timedelta(days=1)) == 0
    assert await ledger.position_at(events[-1].recorded_at + timedelta(days=1)) == len(events)


def newest_until(events: list[LedgerEvent], event: LedgerEvent) -> int:
    return max(other.position for other in events if other.recorded_at <= event.recorded_at)


async def test_no_instant_has_a_position_in_an_empty_ledger(empty_ledger: Ledger) -> None:
    assert await empty_ledger.position_at(NOON) == 0
