"""A fresh database for each test of the engine."""

from collections.abc import AsyncIterator

import pytest

from tests.projections.engine.database import EngineDatabase
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[EngineDatabase]:
    made = EngineDatabase(servers[EMBEDDED].new_database())
    yield made
    await made.close()
