"""The embedded server: started if nobody has, used if somebody has, and started again if it goes away while we use it.

A server is recognised by connecting to it, never by its process id. Whoever started it stops it on leaving; another
process that still uses the same home notices at once and starts it again as its own, so that the last one out is the
one that stops it for good. After a SIGKILL of everything the next start recovers.
"""

import asyncio
import contextlib
import logging
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import asyncpg

from service.store.embedded.cluster import OWNER, SUPERUSER, admit_us, admit_us_to, make_cluster
from service.store.embedded.lock import held
from service.store.embedded.places import Places, check_sockets, make_home, make_shelf, make_sockets, places_for
from service.store.embedded.process import PORT, drop_stale_locks, last_words, spawn, stop
from service.store.embedded.programs import Programs, find_programs
from service.store.embedded.server_user import ServerUser, find_server_user, name_of

DATABASE: Final = "incident_ledger"
_PAUSE_SECONDS: Final = 0.02
_CONNECT_SECONDS: Final = 10.0
_log = logging.getLogger(__name__)


class ServerStartError(Exception):
    """The embedded server could not be started; the message ends with the server's last words."""


def socket_url(places: Places, *, user: str = OWNER, database: str = DATABASE) -> str:
    """How to connect to the server of these places, if it runs."""
    return f"postgresql://{user}@/{database}?host={quote(str(places.sockets), safe='')}&port={PORT}"


class EmbeddedServer:
    """A PostgreSQL server whose data lie in the home folder; `async with` makes sure that it runs.

    Inside, the database `incident_ledger` exists and belongs to the role `incident_ledger_owner`.

    Raises (on entering):
        ServerStartError: it cannot be started.
        ProgramsMissingError, ServerUserError, PlaceUnsafeError, PlaceUnreachableError, DataGoneError: what it needs is missing or unsafe.
    """

    def __init__(
        self,
        home: Path,
        *,
        programs: Programs | None = None,
        settings: Mapping[str, str] | None = None,
        start_seconds: float = 60.0,
    ) -> None:
        self._home = home
        self._given = programs
        self._settings = dict(settings or {})
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._line: asyncpg.Connection[Any] | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def started_here(self) -> bool:
        """Whether this object started the server (and so will stop it)."""
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """The server's process, where this object started it."""
        return self._process.pid if self._process else None

    def url(self, *, user: str = OWNER, database: str = DATABASE) -> str:
        """How to connect as a role to a database, over the socket, without a password."""
        return socket_url(self.places, user=user, database=database)

    async def create_database(self, name: str) -> None:
        """Make sure that a database of this name exists and belongs to the owner; our user may act for its roles."""
        async with held(self.places.lock):
            await self._create_database(name)

    async def _create_database(self, name: str) -> None:
        connection = await self._connect(OWNER, SUPERUSER)
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
                quoted = await connection.fetchval("select quote_ident($1)", name)
                await connection.execute(f"create database {quoted} template template0")
        finally:
            await connection.close()
        if admit_us_to(self.places.data, name, us=name_of(os.geteuid()), major=self.programs.major):
            await self._reload()

    async def __aenter__(self) -> Self:
        self.user: ServerUser = find_server_user()
        make_home(self._home)
        shelf = make_shelf(user=self.user)
        self.programs: Programs = self._given or find_programs(user=self.user, shelf=shelf)
        self.places: Places = places_for(self._home, major=self.programs.major, user=self.user)
        try:
            await self._ensure()
            await self.create_database(DATABASE)
        except BaseException:
            await self._leave()
            raise
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._leave()

    async def _leave(self) -> None:
        if self._line is not None:
            self._line.terminate()
        if self._process is None:
            return
        async with held(self.places.lock):  # nobody may mistake a stopping server for a running one
            await stop(self._process)
            with contextlib.suppress(OSError):  # whatever lies there is not ours to remove
                self.places.sockets.rmdir()
        self._process = None

    async def _ensure(self) -> None:
        """Be connected to a running server, ours or another's."""
        if (
            self._process is not None and self._process.poll() is not None
        ):  # before the lock: its holder may wait for it
            self._process = None
        async with held(self.places.lock):
            line = await self._answering()
            if line is None:
                line = await self._start()
            await self._prepare(line)
        self._line = line

    async def _start(self) -> "asyncpg.Connection[Any]":
        try:
            await asyncio.to_thread(make_cluster, self.places, self.programs, user=self.user)
        except subprocess.CalledProcessError as error:
            raise ServerStartError(f"initdb failed\n{last_words(self.places.log)}") from error
        make_sockets(self.places, user=self.user)
        admit_us(self.places, us=name_of(os.geteuid()), major=self.programs.major)
        deadline = asyncio.get_running_loop().time() + self._start_seconds
        while asyncio.get_running_loop().time() < deadline:
            drop_stale_locks(self.places)
            process = spawn(self.places, self.programs, user=self.user, settings=self._settings)
            self._process = process
            while process.poll() is None:
                if (line := await self._answering()) is not None:
                    return line
                await asyncio.sleep(_PAUSE_SECONDS)
            # a killed server's last processes may hold its memory for a moment
            self._process = None
            await asyncio.sleep(_PAUSE_SECONDS * 10)
        raise ServerStartError(f"the server does not start\n{last_words(self.places.log)}")

    async def _answering(self) -> "asyncpg.Connection[Any] | None":
        """A connection, if a server of ours answers; waits for one that is just starting or stopping."""
        while self.places.sockets.exists():
            check_sockets(self.places, user=self.user)
            try:
                return await self._connect(SUPERUSER, SUPERUSER)
            except asyncpg.CannotConnectNowError:
                await asyncio.sleep(_PAUSE_SECONDS)
            except (OSError, asyncpg.PostgresConnectionError, TimeoutError):
                return None
        return None

    async def _connect(self, user: str, database: str) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(
            host=str(self.places.sockets), port=PORT, user=user, database=database, timeout=_CONNECT_SECONDS
        )

    async def _prepare(self, line: "asyncpg.Connection[Any]") -> None:
        if not await line.fetchval("select 1 from pg_roles where rolname = $1", OWNER):
            await line.execute(f"create role {OWNER} login createdb createrole")

    async def _reload(self) -> None:
        if self._line is not None:
            await self._line.execute("select pg_reload_conf()")

    async def _keep(self) -> None:
        """Hold one connection; when it breaks, the server is gone: start it again, however often it takes."""
        while True:
            if self._line is not None and not self._line.is_closed():
                gone = asyncio.Event()
                self._line.add_termination_listener(lambda _line, gone=gone: gone.set())
                await gone.wait()
            _log.warning("embedded server gone; starting it again")
            try:
                await self._ensure()
            except (ServerStartError, asyncpg.PostgresError, OSError) as error:
                _log.error("embedded server does not start: %s", error)
                await asyncio.sleep(1)
