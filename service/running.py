"""How a process of the service runs: on a database that is up to date, and until it is told to stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Final

import uvicorn

from service.api.app import LedgerApp
from service.settings import Settings
from service.store.connect import Database
from service.store.database import open_database
from service.store.migrate import migrate, newest_revision, revision_of

_COLLECT_AFTER: Final = (20_000, 20, 50)
"""New objects, then collections of the younger generation, after which the garbage collector looks."""


class PortUnavailableError(Exception):
    """Nothing can listen at the address and port that were asked for."""


class NotMigratedError(Exception):
    """The database is not at the revision that this program expects."""


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, up to date: the embedded one is migrated here, somebody's server by `incident-ledger migrate`.

    Raises:
        NotMigratedError: a server that was given has another revision.
    """
    async with open_database(settings) as database:
        if settings.database_url is None:
            await migrate(database)
        elif (found := await revision_of(database.reader)) != (expected := newest_revision()):
            raise NotMigratedError(f"the database is at {found}, not at {expected}: run incident-ledger migrate")
        yield database


def open_port(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes one that is free.

    Raises:
        PortUnavailableError: another program has the port, or the address is not one of this machine.
    """
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortUnavailableError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    # Connections inherit it. Without it an answer's body waits up to 40 ms for the client to acknowledge its headers.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_of(listener: socket.socket) -> str:
    """The address at which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Told to stop by SIGINT or SIGTERM, and by nothing else.

    Uvicorn itself would give the signal to the process again once the server has stopped, and so end it before the
    database is closed.
    """

    def __init__(self, config: uvicorn.Config, app: LedgerApp) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.admission.stop()  # from now on the status says so, and new commands are sent elsewhere
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


@asynccontextmanager
async def serving(app: LedgerApp, settings: Settings, listener: socket.socket) -> AsyncIterator["asyncio.Task[None]"]:
    """Answer at a listening socket while the context is open, or until SIGINT or SIGTERM: then the task is done.

    What is in flight at the end is finished, for at most the time that the settings allow.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    server = _Server(config, app)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
        yield task
    finally:
        ready.cancel()
        server.should_exit = True
        await task


async def run_server(app: LedgerApp, settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is in flight, for at most the time that the settings allow.

    Raises:
        PortUnavailableError: nothing can listen there.
    """
    with open_port(host, port) as listener:
        async with serving(app, settings, listener) as stopped:
            _settle_memory()
            await stopped


def _settle_memory() -> None:
    """Let the collector pass over what lives as long as the process, and look for cycles less often.

    A report allocates a few thousand small objects and leaves no cycle; looking for one took an eighth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
