"""Home folders made once for all these tests (a first start takes seconds), and a database for whoever asks."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from service.store.connect import Database, on_database
from service.store.embedded import EmbeddedServer
from tests.support.running.homes import a_home

ROOT = Path(__file__).parents[3]
_NUMBERS = count(1)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, which does not exist yet."""
    with a_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def spare_home() -> Iterator[Path]:
    """A home whose server is stopped; a test may start it, and leaves it stopped."""
    with a_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def served_home() -> Iterator[Path]:
    """A home whose server runs, kept by another process."""
    with a_home() as folder:
        command = [sys.executable, "-m", "tests.support.running.embedded_user", str(folder)]
        keeper = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with keeper:
            assert keeper.stdout is not None
            assert keeper.stdout.readline() == b"started\n"
            yield folder
            _throw_away(folder, keeper)


def _throw_away(folder: Path, keeper: "subprocess.Popen[bytes]") -> None:
    """End the server without its last checkpoint: nobody reads these data again, and syncing them takes long."""
    keeper.send_signal(signal.SIGSTOP)  # so that it does not start the server again
    (pid_file,) = folder.glob("pg*/postmaster.pid")
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    keeper.kill()


@pytest.fixture
async def server(served_home: Path) -> AsyncIterator[EmbeddedServer]:
    """A running server."""
    async with EmbeddedServer(served_home) as running:
        yield running


@pytest.fixture
async def database(server: EmbeddedServer) -> Database:
    """A database of its own, not migrated."""
    name = f"ledger_{next(_NUMBERS)}"
    await server.create_database(name)
    return on_database(server.url(database=name))
