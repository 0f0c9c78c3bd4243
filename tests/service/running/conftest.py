"""A home folder for whoever asks, and one running embedded server for tests that only need a database."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from service.store.connect import Database, on_database
from service.store.embedded import EmbeddedServer
from tests.support.homes import a_home

_NUMBERS = count(1)


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    with a_home() as folder:
        yield folder


@pytest.fixture
async def server(shared_home: Path) -> AsyncIterator[EmbeddedServer]:
    async with EmbeddedServer(shared_home) as running:
        yield running


@pytest.fixture
async def database(server: EmbeddedServer) -> Database:
    """A database of its own, not migrated."""
    name = f"ledger_{next(_NUMBERS)}"
    await server.create_database(name)
    return on_database(server.url(database=name))
