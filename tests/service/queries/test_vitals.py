"""`/_status` tells of whatever is away or has stopped, and never fails itself."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from projections.engine.queries import ReadModels
from projections.models import MODELS
from service.store.codec import Codec
from service.vitals import LedgerVitals
from service.worker.feed import LedgerFeed
from tests.support.chronicle import Chronicle, a_chronicle
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
async def chronicle(servers: dict[int, Server]) -> AsyncIterator[Chronicle]:
    async with a_chronicle(servers[EMBEDDED]) as made:
        await made.tell()
        yield made


def vitals_of(chronicle: Chronicle) -> LedgerVitals:
    feed = LedgerFeed(chronicle.ledger, Codec())
    return LedgerVitals(chronicle.ledger, ReadModels(chronicle.engine, feed), MODELS)


async def test_a_service_that_runs_says_so(chronicle: Chronicle) -> None:
    condition = await vitals_of(chronicle).look()

    assert condition.database
    assert set(condition.checks) == {*(model.name for model in MODELS), "reactions", "nhs_numbers"}
    assert all(condition.checks.values())


async def test_reactions_that_stopped_are_said(chronicle: Chronicle) -> None:
    owner = await chronicle.database.owner()
    await owner.execute("update projections.positions set status = 'stopped' where name = 'reactions'")

    checks = (await vitals_of(chronicle).look()).checks

    assert [name for name, held in checks.items() if not held] == ["reactions"]


async def test_a_read_model_that_must_be_rebuilt_is_said(chronicle: Chronicle) -> None:
    owner = await chronicle.database.owner()
    await owner.execute("update projections.positions set code_version = code_version - 1 where name = 'timeliness'")
    await owner.execute("delete from projections.live where name = 'worklist'")

    checks = (await vitals_of(chronicle).look()).checks

    assert [name for name, held in checks.items() if not held] == ["timeliness", "worklist"]


async def test_a_read_side_without_a_free_connection_is_said(chronicle: Chronicle) -> None:
    url = chronicle.database.reader_url()
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.01)
    vitals = LedgerVitals(chronicle.ledger, ReadModels(engine, LedgerFeed(chronicle.ledger, Codec())), MODELS)

    async with engine.connect():
        assert not (await vitals.look()).database

    assert (await vitals.look()).database
    await engine.dispose()
