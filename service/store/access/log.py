"""The access log in PostgreSQL: written by group commit before anything is shown, read over a small pool."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from typing import Final
from uuid import UUID

import asyncpg

from service.store.access.asked import Head, Wanted, count_of, newest_of
from service.store.access.door import CALL_SECONDS, AccessDoor
from service.store.access.records import Access, AccessLogUnavailableError, NewAccess, access_of
from service.store.access.writer import AccessWriter
from service.store.connect import Database, connect, open_pool
from service.store.group_commit.door import Connect, Connection
from service.store.reading.questions import PlainConnection, Pool
from service.vault.actors import open_actor, seal_actor
from service.vault.keyring import Keyring

PATIENCE_MS: Final = 5_000
"""How long a record waits for those of other processes before the reader is told to try again."""

_CONNECTIONS: Final = 3
_READERS_KEPT: Final = 1_000
_ANSWER_SECONDS: Final = 30.0
_AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_HEAD: Final = "select number, at, hash from access.reads order by number desc limit 1"
_AFTER: Final = "select * from access.reads where number > $1 order by number limit $2"
_SEALED: Final = "select actor, sealed from access.readers where actor = any($1::uuid[])"


@asynccontextmanager
async def open_access_log(database: Database, keyring: Keyring) -> AsyncIterator["AccessLog"]:
    """The access log of a database for as long as the context lasts; leaving writes what still waits."""

    async def reader() -> Connection:
        return await connect(database.reader, application="incident-ledger access")

    pool = await open_pool(
        database.reader,
        connections=_CONNECTIONS,
        application="incident-ledger access",
        connection_class=PlainConnection,
    )
    async with pool:
        log = AccessLog(reader, pool, keyring)
        log.start()
        try:
            yield log
        finally:
            await log.close()


class AccessLog:
    """Who read what. `connect` opens connections of the role that reads, which is the one that may append here."""

    def __init__(
        self,
        connects: Connect,
        pool: Pool,
        keyring: Keyring,
        *,
        patience_ms: int = PATIENCE_MS,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._pool = pool
        self._keyring = keyring
        self._sealed = lru_cache(_READERS_KEPT)(self._seal)
        door = AccessDoor(connects, patience_ms=patience_ms, call_seconds=call_seconds)
        self._writer = AccessWriter(door, seal=lambda new: self._sealed(new.actor, new.subject, keyring.newest))

    def start(self) -> None:
        """Begin to take records."""
        self._writer.start()

    async def close(self) -> None:
        """Write what waits, then stop."""
        await self._writer.close()

    async def append(self, record: NewAccess) -> int:
        """Write down a read; answered only when that is durable, with the record's number.

        Raises:
            AccessNotRecordedError: it is not known to be written down, so nothing may be shown.
        """
        return await self._writer.append(record)

    async def head(self) -> Head:
        """The newest record.

        Raises:
            AccessLogUnavailableError: the database cannot be reached.
        """
        with _reached():
            row = await self._pool.fetchrow(_HEAD, timeout=_ANSWER_SECONDS)
        return Head() if row is None else Head(*row)

    async def after(self, number: int, *, limit: int) -> list[Access]:
        """The records after a number, in order.

        Raises:
            AccessLogUnavailableError: the database cannot be reached.
        """
        with _reached():
            rows = await self._pool.fetch(_AFTER, number, limit, timeout=_ANSWER_SECONDS)
        return [access_of(row) for row in rows]

    async def newest(self, wanted: Wanted, *, limit: int) -> list[Access]:
        """The newest records that are wanted, newest first.

        Raises:
            AccessLogUnavailableError: the database cannot be reached.
        """
        statement, values = newest_of(wanted, limit)
        with _reached():
            rows = await self._pool.fetch(statement, *values, timeout=_ANSWER_SECONDS)
        return [access_of(row) for row in rows]

    async def count(self, wanted: Wanted) -> int:
        """How many records are wanted.

        Raises:
            AccessLogUnavailableError: the database cannot be reached.
        """
        statement, values = count_of(wanted)
        with _reached():
            found: int = await self._pool.fetchval(statement, *values, timeout=_ANSWER_SECONDS)
        return found

    async def subjects(self, actors: Sequence[UUID]) -> dict[UUID, str]:
        """Whom pseudonyms of readers stand for; only for whoever may know it.

        Raises:
            AccessLogUnavailableError: the database cannot be reached.
        """
        with _reached():
            rows = await self._pool.fetch(_SEALED, list(actors), timeout=_ANSWER_SECONDS)
        return {actor: open_actor(self._keyring, actor, sealed) for actor, sealed in rows}

    def _seal(self, actor: UUID, subject: str, _under: str) -> bytes:
        return seal_actor(self._keyring, actor, subject)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise AccessLogUnavailableError from error
