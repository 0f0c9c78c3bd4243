"""A replay in memory: the same digests however the log is cut and in whatever parts, and another one for any change."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine

from domain.kernel.scope import Scope
from projections.engine.model import AnyReadModel
from projections.engine.pages import Order
from projections.engine.queries import Asked, ReadModels
from projections.engine.versions.replaying import WHOLE, Part, Replaying, compare, digest_of, digest_of_row
from projections.models import MODELS
from tests.projections.engine.database import EngineDatabase
from tests.support.decisions import an_actor
from tests.support.histories import Step, history, steps_of_cases
from tests.support.read_models.projections import MemoryFeed, shown
from tests.support.running.postgres import EMBEDDED, Server

ANY_HISTORY = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[EngineDatabase]:
    made = EngineDatabase(servers[EMBEDDED].new_database())
    yield made
    await made.close()


def replayed(model: AnyReadModel, *batches: Any, part: Part = WHOLE) -> dict[str, bytes]:
    replaying = Replaying(model, part)
    for batch in batches:
        replaying.take(batch)
    return replaying.digests


@each_model
@settings(max_examples=25, deadline=None)
@given(steps=steps_of_cases, cuts=st.sets(st.integers(1, 60)), parts=st.integers(2, 5))
def test_however_the_log_is_cut_and_in_whatever_parts_the_digests_are_the_same(
    model: AnyReadModel, steps: list[Step], cuts: set[int], parts: int
) -> None:
    events = history(steps).events
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]

    whole = replayed(model, events)

    assert replayed(model, *(events[i:j] for i, j in pairwise(edges))) == whole
    in_parts = [replayed(model, events, part=Part(number, parts)) for number in range(parts)]
    assert sum(len(each) for each in in_parts) == len(whole)
    assert {key: digest for each in in_parts for key, digest in each.items()} == whole
    assert set(whole) == set(shown(model, events).rows)


@each_model
@ANY_HISTORY
@given(steps=steps_of_cases)
async def test_a_replay_at_any_position_is_what_the_read_model_knew_there(
    database: EngineDatabase, model: AnyReadModel, steps: list[Step]
) -> None:
    events = history(steps).events
    await database.forget()
    await database.told(model, events)
    engine = create_async_engine(database.reader_url())

    for position in {len(events), len(events) // 2, len(events) - 1}:
        reads = ReadModels(engine, MemoryFeed(events))
        async with reads.at(Scope(an_actor(), None), Asked(known_at=position), model) as reading:
            live = {
                each.key: digest_of_row(model, each.key, each.row, changed_at=each.changed_position)
                async for each in reading.each(model, order=Order())
            }
        difference = compare(replayed(model, events[:position]), live)
        assert not difference, difference
    await engine.dispose()


@settings(max_examples=20, deadline=None)
@given(steps=steps_of_cases)
def test_any_change_of_a_row_is_another_digest(steps: list[Step]) -> None:
    events = history(steps).events
    for model in MODELS:
        rows = shown(model, events).rows
        for key, row in list(rows.items())[:3]:
            digest = digest_of_row(model, key, row, changed_at=7)
            assert digest == digest_of_row(model, key, row, changed_at=7)
            assert digest != digest_of_row(model, key, row, changed_at=8)
            assert digest != digest_of_row(model, f"{key}x", row, changed_at=7)
            assert digest != digest_of_row(model, key, replace(row, organisation="ZZ9"), changed_at=7)


def test_a_comparison_names_what_only_one_has_and_what_differs() -> None:
    first, second = {"a": b"1", "b": b"2", "c": b"3"}, {"b": b"2", "c": b"4", "d": b"5"}

    difference = compare(first, second)

    assert (difference.only_first, difference.only_second, difference.different) == (("a",), ("d",), ("c",))
    assert difference
    assert not compare(first, dict(first))
    assert digest_of(first) != digest_of(second)
    assert digest_of(first) == digest_of(dict(reversed(first.items())))
