"""The ledger that is attacked: made once for each test process, and as it was after each attack."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.proof.attacked import Attacked, make_attacked
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture(scope="session")
def attacked(servers: dict[int, Server]) -> Iterator[Attacked]:
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        yield make_attacked(servers[EMBEDDED], Path(folder))
