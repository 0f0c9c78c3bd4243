"""The ledgers that keep the contract: each conformance test meets every one of them, empty."""

from collections.abc import AsyncIterator

import pytest

from service.store.ledger import Ledger
from service.store.memory import MemoryLedger
from tests.support.running.ledgers import an_opening, postgres_ledger, stood
from tests.support.running.postgres import Server, versions

IMPLEMENTATIONS = ["memory", *(f"postgres-{major}" for major in versions())]


@pytest.fixture(params=IMPLEMENTATIONS)
async def empty_ledger(request: pytest.FixtureRequest, servers: dict[int, Server]) -> AsyncIterator[Ledger]:
    """A ledger to which nothing was ever appended."""
    name, _, major = str(request.param).partition("-")
    if name == "memory":
        yield MemoryLedger()
        return
    async with postgres_ledger(servers[int(major)].new_database()) as ledger:
        yield ledger


@pytest.fixture
async def ledger(empty_ledger: Ledger) -> Ledger:
    """A ledger that was opened on a real clock: its head is at position 1."""
    await stood(empty_ledger, an_opening())
    return empty_ledger
