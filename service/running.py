"""How a process of the service runs: on a database that is up to date, and until it is told to stop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from service.api.app import LedgerApp
from service.settings import Settings
from service.store.connect import Database
from service.store.database import open_database
from service.store.migrate import migrate, newest_revision, revision_of


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


async def run_server(app: LedgerApp, settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is in flight, for at most the time that the settings allow."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    await uvicorn.Server(config).serve()
