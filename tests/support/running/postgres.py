"""Real PostgreSQL servers for tests: one of each version for a session, and a migrated database for whoever asks.

The servers are the service's own embedded ones, in temporary homes, ended with the session; under pytest-xdist each
worker has servers of its own. Unless asked, they do not wait for the disk: no test here survives a power cut.
"""

import asyncio
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from service.store.connect import on_database
from service.store.embedded import EmbeddedServer
from service.store.embedded.programs import programs_in
from service.store.migrate import migrate
from tests.support.running.database import TEMPLATE, Database

__all__ = ["EMBEDDED", "Database", "Loop", "Server", "running", "versions"]

EMBEDDED: Final = 18
_INSTALLED: Final = {15: Path("/usr/lib/postgresql/15/bin")}
_Answer = TypeVar("_Answer")


def versions() -> list[int]:
    """The major versions that tests can meet here: the embedded one, and PostgreSQL 15 where it is installed."""
    return [EMBEDDED, *(major for major, folder in _INSTALLED.items() if (folder / "postgres").exists())]


class Server:
    """A running server and the databases made in it."""

    def __init__(self, embedded: EmbeddedServer) -> None:
        self.host = str(embedded.places.sockets)
        self._embedded = embedded
        self._numbers = count(1)

    async def migrate_template(self) -> None:
        """Build the database that all others copy."""
        await self._embedded.create_database(TEMPLATE)
        await migrate(on_database(self._embedded.url(database=TEMPLATE)))

    def new_database(self) -> Database:
        """A migrated, empty database."""
        name = f"ledger_{next(self._numbers)}"
        Database(self.host, "postgres").execute(f"create database {name} template {TEMPLATE}")
        return Database(self.host, name)


class Loop:
    """An event loop in a thread of its own, which keeps a server while the tests' own loops come and go."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postgres", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Wait for something that is done there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=120)

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def running(major: int, *, durable: bool = False) -> Iterator[Server]:
    """A server of a major version with its migrated template, for as long as the context lasts."""
    programs = programs_in(_INSTALLED[major]) if major in _INSTALLED else None
    settings = {} if durable else {"fsync": "off"}
    loop = Loop()
    with tempfile.TemporaryDirectory(prefix=f"postgres-{major}-", ignore_cleanup_errors=True) as home:
        embedded = EmbeddedServer(Path(home), programs=programs, settings=settings)
        loop.run(embedded.__aenter__())
        try:
            server = Server(embedded)
            loop.run(server.migrate_template())
            yield server
        finally:
            loop.run(embedded.__aexit__(None, None, None))
            loop.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[int, Server]]:
    """The servers of this session by major version, each started when first asked for."""
    started: dict[int, Server] = _Servers()
    yield started
    started.clear()


class _Servers(dict[int, Server]):
    def __init__(self) -> None:
        super().__init__()
        self._contexts: list[Any] = []

    def __missing__(self, major: int) -> Server:
        context = running(major)
        server = context.__enter__()
        self._contexts.append(context)
        self[major] = server
        return server

    def clear(self) -> None:
        super().clear()
        while self._contexts:
            self._contexts.pop().__exit__(None, None, None)


@pytest.fixture(scope="module")
def database(servers: dict[int, Server]) -> Database:
    """A migrated, empty database on the embedded version, for one test module."""
    return servers[EMBEDDED].new_database()
