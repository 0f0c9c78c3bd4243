"""The worklist equals what is worked out by hand from the same events: for every role, at any moment, in its order."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine

from domain.kernel.actor import Actor, Role
from domain.kernel.scope import Scope
from domain.kernel.words import OdsCode
from projections.engine.pages import Cursor
from projections.engine.queries import Asked, ReadModels
from projections.engine.reading import Reading
from projections.worklist.merging import WORKLIST
from projections.worklist.queries import IN_PLACE, WorkFilter, matching
from service.reading.work import WORK, work_of
from tests.projections.engine.database import EngineDatabase
from tests.projections.worklist.due_by_hand import due_by_hand
from tests.projections.worklist.waiting_stories import Step, waiting_steps, waiting_story
from tests.support.decisions import NOON, an_actor
from tests.support.read_models.projections import MemoryFeed
from tests.support.running.postgres import EMBEDDED, Server

READERS = [
    *(an_actor(role, number=2) for role in WORK),
    an_actor(Role.COMMISSIONER, organisation="ZZQ"),
    an_actor(*sorted(set(Role) - set(WORK))),
    an_actor(Role.PATIENT_SAFETY_MANAGER, Role.ACTION_OWNER, number=3, organisation="ZZ2"),
    an_actor(Role.PATIENT_SAFETY_MANAGER, Role.COMMISSIONER, number=3),
]
COMMISSIONED = {OdsCode("ZZQ"): {OdsCode("ZZ1"), OdsCode("ZZ2")}}


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[EngineDatabase]:
    made = EngineDatabase(servers[EMBEDDED].new_database())
    yield made
    await made.close()


def seen_by(actor: Actor) -> frozenset[OdsCode]:
    commissioned = COMMISSIONED.get(actor.organisation, set()) if Role.COMMISSIONER in actor.roles else set()
    return frozenset({actor.organisation, *commissioned})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=waiting_steps, hours=st.integers(-30, 200), within_days=st.integers(0, 6), known=st.integers(0, 100))
async def test_the_worklist_is_what_is_worked_out_by_hand(
    database: EngineDatabase, steps: list[Step], hours: int, within_days: int, known: int
) -> None:
    events, as_of = waiting_story(steps).events, NOON + timedelta(hours=hours)
    position = max(1, len(events) - known % len(events))
    await database.forget()
    for model in WORKLIST.models:
        await database.told(model, events, version=model.version)
    engine = create_async_engine(database.reader_url())
    due = [each for each in due_by_hand(events[:position], as_of) if each.is_near(as_of, within_days)]

    for actor in READERS:
        scope, asked = Scope(actor, seen_by(actor)), Asked(known_at=position)
        async with ReadModels(engine, MemoryFeed(events)).at(scope, asked, *WORKLIST.models) as reading:
            rows = WORKLIST.at(reading, as_of)
            where = [work_of(rows.view, actor), *matching(reading, WorkFilter(within_days=within_days), as_of=as_of)]
            found = [each async for each in reading.each(rows, *where, order=IN_PLACE)]

        mine = [each for each in due if each.provider in seen_by(actor) and each.is_work_of(actor)]
        assert [(each.key, each.row.section, each.row.kind) for each in found] == [
            (each.key, each.section, each.kind) for each in mine
        ], actor
    await engine.dispose()


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=waiting_steps)
async def test_pages_together_are_the_whole_worklist(database: EngineDatabase, steps: list[Step]) -> None:
    events = waiting_story(steps).events
    await database.forget()
    for model in WORKLIST.models:
        await database.told(model, events, version=model.version)
    engine = create_async_engine(database.reader_url())
    async with ReadModels(engine, MemoryFeed(events)).at(Scope(READERS[0], None), Asked(), *WORKLIST.models) as reading:
        whole = [each.key async for each in reading.each(WORKLIST.at(reading, NOON), order=IN_PLACE)]
        assert await _paged(reading) == whole
    await engine.dispose()


async def _paged(reading: Reading) -> list[str]:
    found: list[str] = []
    cursor: Cursor | None = None
    while True:
        page = await reading.page(WORKLIST.at(reading, NOON), order=IN_PLACE, limit=2, cursor=cursor)
        found += [each.key for each in page.rows]
        cursor = page.next
        if cursor is None:
            return found
