"""A fresh application and a client for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.edge import Stand, a_stand


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return a_stand(tmp_path)


@pytest.fixture
async def client(stand: Stand) -> AsyncIterator[httpx.AsyncClient]:
    async with stand.client() as client:
        yield client
