"""A chronicle in which every figure says something, and the application that explains them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.service.audit.explanations.figured import play
from tests.support.chronicle import a_chronicle
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def figured(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """No test may change it."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await play(chronicle)
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("figured"))
