"""When the read models cannot answer, a query says so in a problem and never fails."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from domain.kernel.actor import Role
from projections.engine.queries import ReadModels
from service.handling.time import LedgerTime
from service.reading.queries import Queries
from service.store.codec import Codec
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from service.worker.feed import LedgerFeed
from tests.support.chronicle import Chronicle, a_chronicle
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.golden_events import TEST_KEK
from tests.support.running.postgres import EMBEDDED, Server

PATHS = ("/v1/incidents", "/v1/timeliness/summary", "/v1/actions", "/v1/organisations")


@pytest.fixture
async def chronicle(servers: dict[int, Server]) -> AsyncIterator[Chronicle]:
    async with a_chronicle(servers[EMBEDDED]) as made:
        await made.tell()
        yield made


@pytest.fixture
def stand(chronicle: Chronicle, tmp_path_factory: pytest.TempPathFactory) -> QueryStand:
    return a_query_stand(chronicle, tmp_path_factory.mktemp("outages"))


async def unavailable(stand: QueryStand, path: str, *roles: Role) -> bool:
    answer = await stand.get(path, *roles)
    return (answer.status_code, answer.json()["code"]) == (
        503,
        "service.unavailable",
    ) and "Retry-After" in answer.headers


async def test_a_database_that_is_away_is_said(chronicle: Chronicle, stand: QueryStand) -> None:
    engine = create_async_engine("postgresql+asyncpg://reader@/ledger?host=/nowhere")
    feed = LedgerFeed(chronicle.ledger, Codec())
    stand.app.state.queries = Queries(
        ReadModels(engine, feed),
        chronicle.ledger,
        codec=Codec(),
        opener=Opener(Keyring(TEST_KEK)),
        time=LedgerTime(chronicle.ledger, simulated=True),
    )

    for path in PATHS:
        assert await unavailable(stand, path)
    assert await unavailable(stand, "/v1/events", Role.COMMISSIONER)
    await engine.dispose()


async def test_a_connection_that_is_cut_is_said_and_the_next_question_is_answered(
    chronicle: Chronicle, stand: QueryStand
) -> None:
    assert await stand.ok("/v1/incidents") == []
    owner = await chronicle.database.owner()
    await owner.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and query like '%projections%'"
    )

    answers = [await stand.get("/v1/incidents") for _ in range(2)]

    assert answers[0].status_code in {200, 503}
    assert answers[1].status_code == 200


async def test_a_read_model_that_must_be_rebuilt_is_said(chronicle: Chronicle, stand: QueryStand) -> None:
    owner = await chronicle.database.owner()
    await owner.execute("update projections.positions set code_version = 99 where name = 'incident_register'")

    assert await unavailable(stand, "/v1/incidents")
    assert await stand.ok("/v1/actions") == []
