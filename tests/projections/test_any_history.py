"""Every read model, on any history: rebuilt is incremental to the byte, however the log was cut, at every position."""

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine

from domain.kernel.scope import Scope
from projections.engine.model import AnyReadModel
from projections.engine.pages import Order
from projections.engine.queries import Asked, ReadModels
from projections.engine.versions.rebuild import Rebuild
from projections.models import MODELS
from tests.projections.engine.database import EngineDatabase
from tests.support.decisions import an_actor
from tests.support.histories import Step, history, steps_of_cases
from tests.support.read_models.projections import MemoryFeed, shown
from tests.support.running.postgres import EMBEDDED, Server

ANY_HISTORY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[EngineDatabase]:
    made = EngineDatabase(servers[EMBEDDED].new_database())
    yield made
    await made.close()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@ANY_HISTORY
@given(steps=steps_of_cases, cuts=st.sets(st.integers(1, 60)))
async def test_rebuilt_is_incremental_to_the_byte_for_any_cut(
    database: EngineDatabase, model: AnyReadModel, steps: list[Step], cuts: set[int]
) -> None:
    events = history(steps).events
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    await database.forget()
    await database.told(model, *(events[i:j] for i, j in pairwise(edges)))
    owner = await database.owner()

    rebuilt = await Rebuild(owner, database.projector, MemoryFeed(events), lambda *_: None, batch_events=7).run(model)

    assert await database.contents(model) == await database.contents(model, version=rebuilt.table_version)
    await owner.close()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@ANY_HISTORY
@given(steps=steps_of_cases)
async def test_what_was_known_is_the_fold_of_what_came_before(
    database: EngineDatabase, model: AnyReadModel, steps: list[Step]
) -> None:
    events = history(steps).events
    await database.forget()
    await database.told(model, events)
    engine = create_async_engine(database.reader_url())

    for position in {len(events), len(events) // 2, len(events) - 1}:
        reads = ReadModels(engine, MemoryFeed(events))
        async with reads.at(Scope(an_actor(), None), Asked(known_at=position), model) as reading:
            found = {each.key: each.row async for each in reading.each(model, order=Order())}
        assert found == shown(model, events[:position]).rows
    await engine.dispose()


@given(steps=steps_of_cases)
@settings(max_examples=60, deadline=None)
def test_every_read_model_takes_any_history(steps: list[Step]) -> None:
    events = history(steps).events

    for model in MODELS:
        shown(model, events)
