"""What a reader is shown: only their own records, all at one position, in the past as in the present."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.kernel.scope import Scope
from domain.kernel.words import OdsCode
from projections.engine.pages import Cursor, CursorError, Order
from projections.engine.positions import NotBuiltError, OutdatedError
from projections.engine.queries import Asked, HistoryNotKeptError, NotYetToldError, ReadModels
from projections.engine.reading import Found
from tests.projections.engine.database import EngineDatabase
from tests.projections.engine.sample import (
    ItemRow,
    boxes,
    fact,
    other_boxes,
    steps,
    steps_played,
    story,
    unversioned_boxes,
)
from tests.support.decisions import an_actor
from tests.support.read_models.projections import MemoryFeed, shown

EVERYTHING = Scope(an_actor(), None)
AT_ONCE = Asked(patience_seconds=0)


def only(*organisations: str) -> Scope:
    return Scope(an_actor(), frozenset(OdsCode(each) for each in organisations))


@pytest.fixture
async def engine(database: EngineDatabase) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(database.reader_url())
    yield made
    await made.dispose()


def reads(engine: AsyncEngine, feed: MemoryFeed) -> ReadModels:
    return ReadModels(engine, feed)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
@example(steps=steps_played)
async def test_what_was_known_at_every_position_is_the_fold_of_what_came_before(
    database: EngineDatabase, engine: AsyncEngine, steps: list[tuple[int, str, int]]
) -> None:
    events = story(steps).events
    await database.forget()
    await database.told(boxes, events)
    read = reads(engine, MemoryFeed(events))

    for position in range(len(events) + 1):
        async with read.at(EVERYTHING, Asked(known_at=position), boxes) as reading:
            found = [each async for each in reading.each(boxes, order=Order())]
        expected = shown(boxes, events[:position])
        assert {each.key: each.row for each in found} == expected.rows
        latest = {version.key: version.position for version in expected.versions}
        assert {each.key: each.changed_position for each in found} == {key: latest[key] for key in expected.rows}


async def test_an_instant_means_the_last_position_recorded_by_then(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    events = story(steps_played).events
    await database.told(boxes, events)
    asked = Asked(known_at=events[4].recorded_at + timedelta(seconds=30))

    async with reads(engine, MemoryFeed(events)).at(EVERYTHING, asked, boxes) as reading:
        assert reading.position == 5
        assert reading.recorded_at == events[4].recorded_at


@pytest.mark.parametrize("known_at", [None, 4])
@pytest.mark.parametrize("scope", [only("ZZ1"), only("ZZ1", "ZZ2"), only()])
async def test_a_record_outside_the_scope_does_not_exist(
    database: EngineDatabase, engine: AsyncEngine, scope: Scope, known_at: int | None
) -> None:
    events = story([(1, "open", 1), (1, "add", 1), (2, "open", 1), (2, "add", 1), (2, "add", 2)]).events
    await database.told(boxes, events)

    async with reads(engine, MemoryFeed(events)).at(scope, Asked(known_at=known_at), boxes) as reading:
        rows = [each.row async for each in reading.each(boxes, order=Order())]
        assert frozenset(row.organisation for row in rows) == scope.organisations
        assert await reading.count(boxes) == len(rows)
        for key, row in shown(boxes, events[:known_at]).rows.items():
            assert (await reading.find(boxes, key) is not None) == scope.sees(row.organisation)


async def test_a_record_that_went_to_another_organisation_is_seen_there_only(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    told = story([(1, "open", 1), (1, "add", 1), (1, "burn", 1)])
    for what in ("open", "add", "add"):
        told.tell(fact(1, what, 1), organisation="ZZ1")
    await database.told(boxes, told.events)
    read = reads(engine, MemoryFeed(told.events))

    seen = {}
    for known_at in (2, 3, 5, 6, None):
        for ods in ("ZZ1", "ZZ2"):
            async with read.at(only(ods), Asked(known_at=known_at), boxes) as reading:
                seen[known_at, ods] = await reading.count(boxes)

    assert [seen[known_at, "ZZ2"] for known_at in (2, 3, 5, 6, None)] == [1, 0, 0, 0, 0]
    assert [seen[known_at, "ZZ1"] for known_at in (2, 3, 5, 6, None)] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("order", [Order(c, d) for c in ("key", "due_on", "label", "added_at") for d in (False, True)])
async def test_pages_together_are_the_whole_list_in_order(
    database: EngineDatabase, engine: AsyncEngine, order: Order
) -> None:
    many = [(box, "open", 1) for box in (1, 2, 3)] + [(box, "add", n) for box in (1, 2, 3) for n in (1, 2, 3, 4)]
    events = story(many).events
    await database.told(boxes, events)

    found: list[Found[ItemRow]] = []
    cursor: Cursor | None = None
    while True:
        asked = Asked(cursor=cursor, limit=5)
        async with reads(engine, MemoryFeed(events)).at(EVERYTHING, asked, boxes) as reading:
            page = await reading.page(boxes, order=order, limit=asked.limit, cursor=asked.cursor)
        found += page.rows
        if page.next is None:
            break
        cursor = Cursor.read(page.next.text())

    async with reads(engine, MemoryFeed(events)).at(EVERYTHING, AT_ONCE, boxes) as reading:
        assert found == [each async for each in reading.each(boxes, order=order)]
    assert len(found) == 12
    values = [getattr(each.row, order.column, each.key) for each in found]
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=order.descending) + [None] * (12 - len(known))


async def test_later_pages_speak_for_the_position_of_the_first(database: EngineDatabase, engine: AsyncEngine) -> None:
    events = story([(1, "open", 1), (1, "add", 1), (1, "add", 2), (1, "take", 2)]).events
    await database.make(boxes)
    follower = await database.follower(boxes)
    await follower.take(events[:3])
    read = reads(engine, MemoryFeed(events))
    async with read.at(EVERYTHING, AT_ONCE, boxes) as reading:
        first = await reading.page(boxes, order=Order(), limit=1)
    await follower.take(events[3:])

    async with read.at(EVERYTHING, Asked(cursor=first.next), boxes) as reading:
        second = await reading.page(boxes, order=Order(), limit=1, cursor=first.next)
        assert (await reading.freshness()).position == 3
        assert (await reading.freshness()).lag == 0

    assert [each.row.number for each in (*first.rows, *second.rows)] == [1, 2]


@pytest.mark.parametrize(
    "text",
    ["", "x", "e30", "WzFd", "!!", "W10", Cursor(1, Order("note"), 1, "k").text(), "Wy0xLCJrZXkiLGZhbHNlLDEsIiJd"],
)
async def test_a_cursor_that_no_query_made_is_refused(database: EngineDatabase, engine: AsyncEngine, text: str) -> None:
    await database.told(boxes, story(steps_played).events)

    with pytest.raises(CursorError):
        async with reads(engine, MemoryFeed()).at(EVERYTHING, AT_ONCE, boxes) as reading:
            await reading.page(boxes, order=Order(), limit=1, cursor=Cursor.read(text))


async def test_a_cursor_of_another_order_is_refused(database: EngineDatabase, engine: AsyncEngine) -> None:
    await database.told(boxes, story(steps_played).events)
    cursor = Cursor(1, Order("label"), "box 1", "key")

    with pytest.raises(CursorError, match="another order"):
        async with reads(engine, MemoryFeed()).at(EVERYTHING, AT_ONCE, boxes) as reading:
            await reading.page(boxes, order=Order(), limit=1, cursor=cursor)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("due_on", "soon"),
        ("due_on", 3),
        ("number", "3"),
        ("number", 2**70),
        ("number", True),
        ("label", 3),
        ("label", "a\0"),
        ("added_at", "2026-03-01T10:00:00"),
        ("box", "none"),
        ("note", {}),
    ],
)
async def test_a_cursor_with_a_value_of_another_kind_is_refused(
    database: EngineDatabase, engine: AsyncEngine, column: str, value: object
) -> None:
    await database.told(boxes, story(steps_played).events)
    cursor = Cursor(1, Order(column), value, "key")

    with pytest.raises(CursorError):
        async with reads(engine, MemoryFeed()).at(EVERYTHING, AT_ONCE, boxes) as reading:
            await reading.page(boxes, order=Order(column), limit=1, cursor=cursor)


async def test_read_models_are_read_together_at_the_position_of_the_one_behind(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    events = story(steps_played).events
    await database.told(boxes, events)
    await database.told(other_boxes, events[:4])

    async with reads(engine, MemoryFeed(events)).at(EVERYTHING, AT_ONCE, boxes, other_boxes) as reading:
        freshness = await reading.freshness()
        ours, theirs = reading.view(boxes), reading.view(other_boxes)
        joined = await reading.execute(select(ours.c.key).join(theirs, ours.c.key == theirs.c.key))

    assert (freshness.position, freshness.lag, freshness.changed_position) == (4, len(events) - 4, 4)
    assert freshness.version == "boxes.1.1,other_boxes.1.1"
    assert sorted(row["key"] for row in joined) == sorted(shown(boxes, events[:4]).rows)


async def test_the_changed_position_is_that_of_the_last_change_in_view(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    events = story(
        [(1, "open", 1), (1, "add", 1), (1, "add", 2), (1, "take", 2), (2, "open", 1), (2, "take", 4)]
    ).events
    await database.told(boxes, events)
    read = reads(engine, MemoryFeed(events))

    for position, changed in ((1, 0), (2, 2), (3, 3), (4, 4), (5, 4), (6, 4)):
        async with read.at(EVERYTHING, Asked(known_at=position), boxes) as reading:
            assert (await reading.freshness()).changed_position == changed
    async with read.at(EVERYTHING, AT_ONCE, boxes) as reading:
        row = (await reading.page(boxes, order=Order(), limit=1)).rows[0]
        assert (await reading.freshness()).changed_position == 4
        assert (await reading.freshness(row)).changed_position == 4


async def test_a_position_not_yet_told_is_waited_for(database: EngineDatabase, engine: AsyncEngine) -> None:
    events = story(steps_played).events
    await database.make(boxes)
    follower = await database.follower(boxes)
    await follower.take(events[:2])
    read = reads(engine, MemoryFeed(events))

    for asked in (Asked(min_position=3, patience_seconds=0.02), Asked(known_at=3, patience_seconds=0.02)):
        with pytest.raises(NotYetToldError, match="position 3 was asked for, 2 is reached"):
            async with read.at(EVERYTHING, asked, boxes):
                pass
    await follower.take(events[2:])
    async with read.at(EVERYTHING, Asked(min_position=3), boxes) as reading:
        assert reading.position == len(events)


async def test_who_waits_for_a_position_holds_no_connection_meanwhile(database: EngineDatabase) -> None:
    events = story(steps_played).events
    await database.make(boxes)
    follower = await database.follower(boxes)
    engine = create_async_engine(database.reader_url(), pool_size=1, max_overflow=0, pool_timeout=0.5)
    read = reads(engine, MemoryFeed(events))

    async def wait() -> int:
        async with read.at(EVERYTHING, Asked(min_position=len(events), patience_seconds=30), boxes) as reading:
            return reading.position

    await follower.take(events[:2])
    waiting = [asyncio.create_task(wait()) for _ in range(3)]
    for _ in range(20):
        async with read.at(EVERYTHING, AT_ONCE, boxes) as reading:
            assert reading.position == 2
        await asyncio.sleep(0.01)
    await follower.take(events[2:])

    assert await asyncio.gather(*waiting) == [len(events)] * 3
    await engine.dispose()


async def test_a_read_model_without_history_answers_for_the_present_only(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    events = story(steps_played).events
    await database.told(unversioned_boxes, events)
    read = reads(engine, MemoryFeed(events))

    async with read.at(EVERYTHING, AT_ONCE, unversioned_boxes) as reading:
        found = {each.key: each.row async for each in reading.each(unversioned_boxes, order=Order())}
    assert found == shown(boxes, events).rows
    with pytest.raises(HistoryNotKeptError):
        async with read.at(EVERYTHING, Asked(known_at=2), unversioned_boxes):
            pass


async def test_a_read_model_without_history_is_never_joined_at_another_position(
    database: EngineDatabase, engine: AsyncEngine
) -> None:
    events = story(steps_played).events
    await database.told(unversioned_boxes, events)
    await database.told(boxes, events[:4])

    with pytest.raises(NotYetToldError):
        async with reads(engine, MemoryFeed(events)).at(EVERYTHING, AT_ONCE, boxes, unversioned_boxes):
            pass


async def test_tables_of_other_code_do_not_answer(database: EngineDatabase, engine: AsyncEngine) -> None:
    read = reads(engine, MemoryFeed())
    with pytest.raises(NotBuiltError):
        async with read.at(EVERYTHING, AT_ONCE, boxes):
            pass
    await database.make(boxes)

    with pytest.raises(OutdatedError):
        async with read.at(EVERYTHING, AT_ONCE, replace(boxes, version=2)):
            pass
    assert [(each.position, each.status) for each in await read.standings(boxes, other_boxes)] == [(0, "running")]


async def test_a_reading_cannot_write_and_sees_no_state(database: EngineDatabase, engine: AsyncEngine) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    await database.make(boxes)
    for statement in ("select * from projections.boxes_v1_state", "delete from projections.boxes_v1"):
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="permission denied"):
                await connection.execute(text(statement))
