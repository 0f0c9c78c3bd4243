"""Ten thousand late corrections: what was known at any position before stays what it was, to the byte."""

import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.kernel.scope import Scope
from projections.engine.follower import Follower
from projections.engine.model import AnyReadModel
from projections.engine.pages import Order
from projections.engine.queries import Asked, ReadModels
from projections.engine.versions.replaying import Replaying, compare, digest_of_row
from projections.models import MODELS
from tests.projections.engine.database import EngineDatabase
from tests.support.decisions import an_actor
from tests.support.histories import OTHERS, history
from tests.support.read_models.projections import MemoryFeed
from tests.support.running.postgres import EMBEDDED, Server

CORRECTIONS = 10_000
CASES = 60
PINS = 6
YEAR_MINUTES = 365 * 24 * 60


def late_corrections(seed: int) -> MemoryFeed:
    """Facts about many cases, each of which became true up to a year before it is recorded."""
    chance = random.Random(seed)
    steps = (
        (chance.choice(OTHERS), chance.random() < 0.5, chance.randint(1, CASES), 1, -chance.randrange(YEAR_MINUTES))
        for _ in range(CORRECTIONS)
    )
    return MemoryFeed(history(steps).events)


LOG = late_corrections(seed=4)


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[EngineDatabase]:
    made = EngineDatabase(servers[EMBEDDED].new_database())
    yield made
    await made.close()


@pytest.fixture
async def engine(database: EngineDatabase) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(database.reader_url())
    yield made
    await made.dispose()


async def known(engine: AsyncEngine, model: AnyReadModel, position: int) -> dict[str, bytes]:
    """The digests of every row of a read model, as known at a position."""
    asked = Asked(known_at=position)
    async with ReadModels(engine, LOG).at(Scope(an_actor(), None), asked, model) as reading:
        return {
            each.key: digest_of_row(model, each.key, each.row, changed_at=each.changed_position)
            async for each in reading.each(model, order=Order())
        }


async def told_up_to(follower: Follower, position: int) -> None:
    while follower.held.position < position:
        limit = min(500, position - follower.held.position)
        await follower.take(await LOG.read(after=follower.held.position, limit=limit))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
async def test_no_late_correction_changes_what_was_known_before_it(
    database: EngineDatabase, engine: AsyncEngine, model: AnyReadModel
) -> None:
    head = len(LOG.events)
    assert head >= CORRECTIONS
    assert sum(event.effective_at < event.recorded_at for event in LOG.events) >= CORRECTIONS
    pins = [*sorted(random.Random(model.name).sample(range(1, head), PINS - 1)), head]
    follower = await database.follower(model)
    replaying = Replaying(model)
    as_it_was: dict[int, dict[str, bytes]] = {}

    before = 0
    for pin in pins:
        await told_up_to(follower, pin)
        replaying.take(LOG.events[before:pin])
        as_it_was[pin] = await known(engine, model, pin)
        assert not compare(as_it_was[pin], replaying.digests)
        before = pin

    differences = [compare(as_it_was[pin], await known(engine, model, pin)) for pin in pins]
    assert not any(differences)
    assert len({tuple(sorted(rows.items())) for rows in as_it_was.values()}) > 1 or not as_it_was[head]
