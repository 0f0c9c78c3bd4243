"""All read models of a process: one reading of the log, one that fails stops alone, and says so."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from projections.engine.feed import Told
from projections.engine.keeper import Pace
from projections.engine.model import AnyReadModel
from projections.engine.projector import Projector
from projections.engine.reader import SharedReader
from tests.projections.engine.database import EngineDatabase
from tests.projections.engine.sample import Box, boxes, fold, other_boxes, steps_played, story
from tests.support.read_models.projections import MemoryFeed

PACE = Pace(batch_events=2, standby_seconds=0.02, first_pause_seconds=0.01, longest_pause_seconds=0.05)


def fragile(*, until: Callable[[], bool]) -> AnyReadModel:
    def refuse_the_third(box: Box | None, event: Told) -> Box | None:
        if event.position == 3 and until():
            raise ValueError("Jane Doe")
        return fold(box, event)

    return replace(other_boxes, fold=refuse_the_third)


@asynccontextmanager
async def running(projector: Projector) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


def projector(database: EngineDatabase, feed: MemoryFeed, *models: AnyReadModel, **more: Any) -> Projector:
    asked: dict[str, Any] = {"report": lambda *_: None, "pace": PACE, "connect": database.projector}
    return Projector(models, feed=feed, **(asked | more))


async def test_every_read_model_follows_the_log(database: EngineDatabase) -> None:
    events = story(steps_played).events
    feed = MemoryFeed(events[:3])
    await database.make(boxes)
    await database.make(other_boxes)
    both = projector(database, feed, boxes, other_boxes)

    async with running(both):
        assert await both.wait_for(3, timeout=5)
        await feed.grow(*events[3:])
        assert await both.wait_for(len(events), timeout=5)
        assert not await both.wait_for(len(events) + 1, timeout=0.01)

    await database.told(boxes, events, version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)
    assert list((await database.contents(other_boxes)).values()) == list((await database.contents(boxes)).values())


async def test_read_models_in_step_share_one_reading_of_the_log() -> None:
    class SlowFeed(MemoryFeed):
        async def read(self, *, after: int, limit: int) -> Sequence[Told]:
            await asyncio.sleep(0)
            return await super().read(after=after, limit=limit)

    feed = SlowFeed(story(steps_played).events)
    reader = SharedReader(feed, limit=100)

    first, second = await asyncio.gather(reader.after(0), reader.after(0))

    assert feed.reads == 1
    assert list(first) == list(second)
    assert [event.position for event in await reader.after(5)] == [6, 7, 8]
    assert feed.reads == 1


async def test_a_read_model_that_is_behind_catches_up(database: EngineDatabase) -> None:
    events = story(steps_played).events
    await database.told(boxes, events[:5])
    await database.make(other_boxes)
    both = projector(database, MemoryFeed(events), boxes, other_boxes)

    async with running(both):
        assert await both.wait_for(len(events), timeout=5)

    assert list((await database.contents(other_boxes)).values()) == list((await database.contents(boxes)).values())


async def test_an_error_stops_only_its_read_model_and_is_told_without_any_value(database: EngineDatabase) -> None:
    events = story(steps_played).events
    model = fragile(until=lambda: True)
    told: list[tuple[str, str]] = []
    await database.make(boxes)
    await database.make(model)
    both = projector(database, MemoryFeed(events), boxes, model, report=lambda *what: told.append(what))

    async with running(both):
        assert await both.progress.wait_for(len(events), names=frozenset({"boxes"}), timeout=5)
        await until(lambda: bool(told))

    stopped = await database.position(model)
    assert (stopped["status"], stopped["position"]) == ("stopped", 2)
    assert stopped["message"] == f"ValueError at position 3 ({events[2].type})"
    assert told == [("other_boxes", f"stopped: {stopped['message']}")]
    assert (await database.position(boxes))["status"] == "running"


async def test_a_stopped_read_model_goes_on_from_where_it_stopped_once_it_can(database: EngineDatabase) -> None:
    events = story(steps_played).events
    model = fragile(until=lambda: broken)
    broken = True
    await database.make(model)
    await projector(database, MemoryFeed(events), model).run()
    assert (await database.position(model))["status"] == "stopped"

    broken = False
    again = projector(database, MemoryFeed(events), model)
    async with running(again):
        assert await again.wait_for(len(events), timeout=5)

    assert (await database.position(model))["message"] is None
    await database.told(boxes, events)
    assert list((await database.contents(model)).values()) == list((await database.contents(boxes)).values())


async def test_a_lost_connection_is_tried_again(database: EngineDatabase) -> None:
    events = story(steps_played).events
    feed = MemoryFeed(events[:3])
    opened: list[asyncpg.Connection] = []

    async def connect() -> asyncpg.Connection:
        if len(opened) == 1:
            opened.append(opened[0])
            raise ConnectionRefusedError
        opened.append(await database.projector())
        return opened[-1]

    await database.make(boxes)
    one = projector(database, feed, boxes, connect=connect)

    async with running(one):
        assert await one.wait_for(3, timeout=5)
        opened[0].terminate()
        await feed.grow(*events[3:])
        assert await one.wait_for(len(events), timeout=5)

    await database.told(boxes, events, version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)


async def test_another_process_stands_by_and_takes_over(database: EngineDatabase) -> None:
    events = story(steps_played).events
    feed = MemoryFeed(events[:3])
    await database.make(boxes)
    first, second = (projector(database, feed, boxes) for _ in range(2))

    async with running(second):
        async with running(first):
            await until(lambda: bool(first.progress.positions or second.progress.positions))
            assert not (first.progress.positions and second.progress.positions), "one owner at a time"
        await feed.grow(*events[3:])
        assert await second.wait_for(len(events), timeout=5)

    await database.told(boxes, events, version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)


async def test_a_gap_in_the_log_stops_every_read_model_and_is_raised(database: EngineDatabase) -> None:
    class BrokenFeed(MemoryFeed):
        async def follow(self, *, after: int, limit: int) -> AsyncIterator[list[Told]]:
            yield self.events[after : after + limit]
            raise LookupError("position 9 is missing")

    events = story(steps_played).events
    await database.make(boxes)
    await database.make(other_boxes)

    with pytest.raises(LookupError):
        await projector(database, BrokenFeed(events), boxes, other_boxes).run()

    for model in (boxes, other_boxes):
        assert (await database.position(model))["status"] == "stopped"
        assert (await database.position(model))["message"] == f"LookupError after position {len(events)}"


async def test_tables_that_older_code_filled_are_left_alone_until_they_are_rebuilt(database: EngineDatabase) -> None:
    events = story(steps_played).events
    told: list[tuple[str, str]] = []
    await database.told(boxes, events[:3])
    newer = replace(boxes, version=2)
    waiting = projector(database, MemoryFeed(events), newer, report=lambda *what: told.append(what))

    async with running(waiting):
        await until(lambda: bool(told))
        assert (await database.position(boxes))["position"] == 3
        await database.told(newer, events[:5], version=2)
        assert await waiting.wait_for(len(events), timeout=5)

    assert told == [("boxes", "must be rebuilt: boxes: tables of version 1, code of 2")]


async def test_what_waits_to_be_rebuilt_does_not_hide_that_the_log_failed(database: EngineDatabase) -> None:
    class BrokenFeed(MemoryFeed):
        async def follow(self, *, after: int, limit: int) -> AsyncIterator[list[Told]]:
            raise LookupError("position 1 is missing")
            yield self.events[after : after + limit]

    await database.make(boxes)

    with pytest.raises(LookupError):
        async with asyncio.timeout(5):
            await projector(database, BrokenFeed([]), replace(boxes, version=2)).run()
