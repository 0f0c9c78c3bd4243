"""One owner of one read model: whatever the cut, the same rows; whatever breaks, nothing half done."""

from dataclasses import replace
from itertools import pairwise

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.engine.feed import Told
from projections.engine.folding import FoldError
from projections.engine.follower import Follower, PositionGapError
from projections.engine.positions import FencedError, claim, stop
from projections.engine.writing import RowsDisagreeError
from tests.projections.engine.database import EngineDatabase
from tests.projections.engine.sample import Box, boxes, fold, steps, story
from tests.support.read_models.projections import shown

STORY = [(1, "open", 1), (1, "add", 1), (2, "open", 1), (2, "add", 3), (1, "move", 2), (1, "take", 1), (2, "burn", 1)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, cuts=st.sets(st.integers(1, 39)))
async def test_any_cut_into_batches_gives_the_same_bytes(
    database: EngineDatabase, steps: list[tuple[int, str, int]], cuts: set[int]
) -> None:
    events = story(steps).events
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    await database.forget()

    await database.told(boxes, *(events[i:j] for i, j in pairwise(edges)))
    await database.told(boxes, events, version=2)

    assert await database.contents(boxes) == await database.contents(boxes, version=2)


async def test_what_stands_in_the_database_is_what_the_fold_shows(database: EngineDatabase) -> None:
    events = story(STORY[:-1]).events
    await database.told(boxes, events[:3], events[3:])
    owner = await database.owner()

    found = await owner.fetch("select * from projections.boxes_v1 order by key")

    expected = shown(boxes, events).rows
    assert [row["key"] for row in found] == sorted(expected)
    assert [(row["label"], row["due_on"], row["added_at"], tuple(row["others"])) for row in found] == [
        (row.label, row.due_on, row.added_at, row.others) for _, row in sorted(expected.items())
    ]
    assert [row["changed_position"] for row in found] == [5]


async def test_a_failure_in_the_middle_of_writing_loses_nothing(database: EngineDatabase) -> None:
    events = story(STORY).events
    await database.told(boxes, events[:3])
    before = await database.contents(boxes)
    follower, owner = await database.follower(boxes), await database.owner()
    await owner.execute(f"revoke insert on projections.boxes_v1_history from {database.projector_role()}")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await follower.take(events[3:])

    assert await database.contents(boxes) == before
    assert (await database.position(boxes))["position"] == 3
    await owner.execute(f"grant insert on projections.boxes_v1_history to {database.projector_role()}")
    await follower.take(events[3:])
    await database.told(boxes, events, version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)


async def test_an_owner_who_lost_the_lock_writes_nothing(database: EngineDatabase) -> None:
    events = story(STORY).events
    await database.make(boxes)
    first = await database.projector()
    held = await claim(first, boxes, 1)
    assert held is not None
    await Follower(boxes, first, held).take(events[:2])
    assert await claim(await database.projector(), boxes, 1) is None, "one owner at a time"
    await first.execute("select pg_advisory_unlock_all()")
    second = await database.follower(boxes)

    with pytest.raises(FencedError):
        await Follower(boxes, first, held).take(events[2:])
    assert (await database.position(boxes))["position"] == 2
    await second.take(events[2:])

    await database.told(boxes, events, version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)


async def test_an_owner_who_lost_the_lock_cannot_stop_the_read_model(database: EngineDatabase) -> None:
    await database.make(boxes)
    first = await database.projector()
    held = await claim(first, boxes, 1)
    assert held is not None
    await first.execute("select pg_advisory_unlock_all()")
    await database.follower(boxes)

    with pytest.raises(FencedError):
        await stop(first, held, "late")

    assert (await database.position(boxes))["message"] is None


@pytest.mark.parametrize("given", [[1, 2, 4], [2, 3], [1, 1]])
async def test_a_gap_is_never_skipped(database: EngineDatabase, given: list[int]) -> None:
    events = story(STORY).events
    await database.make(boxes)
    follower = await database.follower(boxes)

    with pytest.raises(PositionGapError):
        await follower.take([events[position - 1] for position in given])

    assert (await database.position(boxes))["position"] == 0


async def test_events_before_the_one_that_cannot_be_folded_are_kept(database: EngineDatabase) -> None:
    def refuse_the_fifth(box: Box | None, event: Told) -> Box | None:
        if event.position == 5:
            raise ValueError("Jane Doe")
        return fold(box, event)

    events = story(STORY).events
    fragile = replace(boxes, fold=refuse_the_fifth)
    await database.make(fragile)
    follower = await database.follower(fragile)

    with pytest.raises(FoldError, match=r"^ValueError at position 5 \(BoxMoved\)$"):
        await follower.take(events)

    await database.told(boxes, events[:4], version=2)
    assert await database.contents(boxes) == await database.contents(boxes, version=2)
    assert (await database.position(boxes))["position"] == 4


async def test_a_row_that_somebody_else_took_away_stops_the_read_model(database: EngineDatabase) -> None:
    events = story(STORY).events
    await database.told(boxes, events[:2])
    owner = await database.owner()
    await owner.execute("delete from projections.boxes_v1")
    follower = await database.follower(boxes)

    with pytest.raises(RowsDisagreeError):
        await follower.take(events[2:])


async def test_a_history_cannot_be_rewritten_by_the_projector(database: EngineDatabase) -> None:
    await database.told(boxes, story(STORY).events)
    projector = await database.projector()

    for statement in ("delete from", "update", "truncate"):
        assignment = " set gone = true" if statement == "update" else ""
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await projector.execute(f"{statement} projections.boxes_v1_history{assignment}")
