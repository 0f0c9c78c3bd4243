"""The ledger's database as the settings name it: somebody's server, or the embedded one for as long as it is open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.settings import Settings
from service.store.connect import Database, on_database, with_overrides
from service.store.embedded import EmbeddedServer
from service.store.roles import external_database


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The URLs of every role; the embedded server runs inside the context where no `DATABASE_URL` is set.

    Nothing is migrated and nothing is checked: that is for `migrate` and `check_server`.

    Raises:
        DatabaseUrlInvalidError: a URL in the settings is not one of PostgreSQL.
        ServerStartError: the embedded server cannot be started.
    """
    if settings.database_url is not None:
        yield _overridden(external_database(settings.database_url, keys=settings.keys), settings)
        return
    async with EmbeddedServer(settings.home) as server:
        yield _overridden(on_database(server.url()), settings)


def _overridden(database: Database, settings: Settings) -> Database:
    return with_overrides(
        database, writer=settings.writer_url, projector=settings.projector_url, reader=settings.reader_url
    )
