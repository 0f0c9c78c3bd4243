"""A rebuild gives the same bytes, never disturbs who reads, and switches only when it has proved itself."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings

from projections.engine.feed import Told
from projections.engine.folding import FoldError
from projections.engine.model import AnyReadModel
from projections.engine.positions import FencedError
from projections.engine.versions.building import StillLiveError, drop_version
from projections.engine.versions.rebuild import ParityError, Rebuild, RebuildRunningError, Rebuilt
from tests.projections.engine.database import EngineDatabase
from tests.projections.engine.sample import Box, boxes, fold, other_boxes, steps, steps_played, story
from tests.support.read_models.projections import MemoryFeed


async def rebuild(database: EngineDatabase, model: AnyReadModel, events: list[Told], **more: Any) -> Rebuilt:
    asked: dict[str, Any] = {"progress": lambda *_: None, "batch_events": 3, "feed": MemoryFeed(events)}
    owner = await database.owner()
    try:
        return await Rebuild(owner=owner, connect=database.projector, **(asked | more)).run(model)
    finally:
        await owner.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_any_history_rebuilt_is_what_it_was_to_the_byte(
    database: EngineDatabase, steps: list[tuple[int, str, int]]
) -> None:
    events = story(steps).events
    await database.forget()
    await database.told(boxes, *([event] for event in events))

    rebuilt = await rebuild(database, boxes, events)

    assert await database.contents(boxes) == await database.contents(boxes, version=rebuilt.table_version)
    assert (await database.position(boxes, version=rebuilt.table_version))["position"] == len(events)


async def test_a_rebuild_says_what_it_compared_and_keeps_it(database: EngineDatabase) -> None:
    events = story(steps_played).events
    told: list[tuple[int, int]] = []
    await database.told(boxes, events)

    rebuilt = await rebuild(database, boxes, events, progress=lambda *done: told.append(done))

    assert rebuilt.table_version == 2
    assert rebuilt.parity is not None
    assert rebuilt.parity.equal
    assert [(each.table, each.rows_live, each.rows_new) for each in rebuilt.parity.tables] == [
        ("boxes_v2", 0, 0),
        ("boxes_v2_history", 9, 9),
        ("boxes_v2_state", 1, 1),
    ]
    assert told == [(3, 8), (6, 8), (8, 8)]
    owner = await database.owner()
    kept = await owner.fetchrow("select position, report from projections.rebuilds where name = 'boxes'")
    assert kept is not None
    assert (kept["position"], json.loads(kept["report"])["same_code"]) == (8, True)


async def test_the_owner_of_the_old_version_is_fenced_off_and_the_new_one_goes_on(database: EngineDatabase) -> None:
    events = story(steps_played).events
    await database.make(boxes)
    old = await database.follower(boxes)
    await old.take(events[:4])

    await rebuild(database, boxes, events)

    with pytest.raises(FencedError):
        await old.take(events[4:])
    await old._connection.close()
    with pytest.raises(FencedError):
        await database.follower(boxes, version=1)
    new = await database.follower(boxes, version=2)
    await new.take(events[4:])
    assert (await database.position(boxes, version=1))["status"] == "retired"
    assert (await database.position(boxes, version=2))["status"] == "running"


async def test_rows_that_differ_under_the_same_code_are_not_switched_to(database: EngineDatabase) -> None:
    events = story([(1, "open", 1), (1, "add", 1), (1, "add", 2)]).events
    await database.told(boxes, events)
    owner = await database.owner()
    await owner.execute("update projections.boxes_v1 set label = 'forged' where number = 2")

    with pytest.raises(ParityError) as refused:
        await rebuild(database, boxes, events)

    current = refused.value.parity.tables[0]
    assert (current.different, current.only_live, current.only_new) == (1, 0, 0)
    assert [key.rpartition(":")[2] for key in current.keys] == ["2"]
    assert await owner.fetchval("select table_version from projections.live") == 1
    await owner.execute("update projections.boxes_v1 set label = 'box 1' where number = 2")
    assert (await rebuild(database, boxes, events)).table_version == 2, "what was left over is in nobody's way"


async def test_changed_code_is_switched_to_with_the_differences_told(database: EngineDatabase) -> None:
    def fold_without_taking(box: Box | None, event: Told) -> Box | None:
        return box if type(event.fact).__name__ == "ItemTaken" else fold(box, event)

    events = story([(1, "open", 1), (1, "add", 1), (1, "add", 2), (1, "take", 2)]).events
    await database.told(boxes, events)
    newer = replace(boxes, version=2, fold=fold_without_taking)

    rebuilt = await rebuild(database, newer, events)

    assert rebuilt.parity is not None
    assert not rebuilt.parity.same_code
    assert [(t.only_live, t.only_new, t.different) for t in rebuilt.parity.tables] == [(0, 1, 1)]
    assert (await database.position(newer, version=2))["code_version"] == 2


async def test_a_first_build_goes_to_the_head_of_the_log(database: EngineDatabase) -> None:
    events = story(steps_played).events

    rebuilt = await rebuild(database, other_boxes, events)

    assert (rebuilt.table_version, rebuilt.position, rebuilt.parity) == (1, len(events), None)


async def test_code_that_cannot_take_an_event_changes_nothing(database: EngineDatabase) -> None:
    def refuse(box: Box | None, event: Told) -> Box | None:
        if event.position == 4:
            raise ValueError
        return fold(box, event)

    events = story(steps_played).events
    await database.told(boxes, events)
    before = await database.contents(boxes)

    with pytest.raises(FoldError):
        await rebuild(database, replace(boxes, version=2, fold=refuse), events)

    assert await database.contents(boxes) == before
    assert (await database.position(boxes))["status"] == "running"


async def test_only_one_rebuild_of_a_read_model_runs_at_a_time(database: EngineDatabase) -> None:
    owner = await database.owner()
    await owner.execute("select pg_advisory_lock(hashtextextended('projections.rebuild.boxes', 0))")

    with pytest.raises(RebuildRunningError):
        await rebuild(database, boxes, [])


async def test_the_version_that_answers_cannot_be_dropped_and_the_old_one_can(database: EngineDatabase) -> None:
    events = story(steps_played).events
    await database.told(boxes, events)
    await rebuild(database, boxes, events)
    owner = await database.owner()

    with pytest.raises(StillLiveError):
        await drop_version(owner, boxes, 2)
    await drop_version(owner, boxes, 1)

    with pytest.raises(asyncpg.UndefinedTableError):
        await owner.fetch("select * from projections.boxes_v1_history")


async def test_a_rebuild_while_the_read_model_is_followed_ends_at_one_position(database: EngineDatabase) -> None:
    """Each reading of the rebuild, the live tables move on; at the end, by an owner who does not wait for it."""
    events = story(steps_played * 5).events
    await database.told(boxes, events[:8])
    live = await database.follower(boxes)
    racing: list[asyncio.Task[None]] = []

    async def follow_one() -> None:
        await live.take([events[live.held.position]])

    class MovingFeed(MemoryFeed):
        async def read(self, *, after: int, limit: int) -> Sequence[Told]:
            if self.reads < 4:
                await follow_one()
            elif not racing:
                racing.append(asyncio.create_task(follow_one()))
            return await super().read(after=after, limit=limit)

    rebuilt = await rebuild(database, boxes, events, feed=MovingFeed(events))
    with suppress(FencedError):
        await racing[0]
    with pytest.raises(FencedError):
        await follow_one()

    assert rebuilt.parity is not None
    assert rebuilt.parity.equal
    assert rebuilt.position in {12, 13}
    assert (await database.position(boxes))["position"] == rebuilt.position
