"""Erasures made good: every key that an erasure names is destroyed and journaled, whatever happened since.

A crash may come between an erasure's event and the destruction of its keys, and an older copy of the database may be put
in the place of a newer one: then keys stand that were destroyed. At every start, before anything is served, what the
ledger and the journal say is done again.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import asyncpg

from service.store.connect import REFUSALS, Database, connect
from service.store.ledger import LedgerUnavailableError
from service.store.sealing.destroying import ERASURE, Destroyer, PostgresDestroyer, compact
from service.store.sealing.journal import ErasedKeys

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

_APPLICATION: Final = "incident-ledger erasures"
_CARRIED_OUT: Final = "select position, payload from ledger.events where type = $1 order by position"
_STANDING: Final = "select key_id from vault.keys where key_id = any($1::uuid[]) and wrapped <> '' order by key_id"
_AGAIN: Final = "select vault.destroy_again($1::uuid[])"
_PATIENCE: Final = "set lock_timeout = '3s'"
_LOST: Final = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, *REFUSALS)

Connect = Callable[[], Awaitable["Connection"]]


@dataclass(frozen=True, slots=True)
class MadeGood:
    """The keys that stood and do no longer: by an erasure of the ledger, or by the journal's word alone."""

    by_ledger: tuple[UUID, ...]
    by_journal: tuple[UUID, ...]


class Erasures:
    """Makes good what erasures of a ledger say. `owner` is asked for only where the journal knows more than the ledger."""

    def __init__(self, *, reader: Connect, owner: Connect, destroyer: Destroyer, journal: ErasedKeys) -> None:
        self._reader = reader
        self._owner = owner
        self._destroyer = destroyer
        self._journal = journal

    async def make_good(self) -> MadeGood:
        """Destroy every key that an erasure names and that stands, and note them all in the journal.

        It is safe to do it again, and for several processes at once.

        Raises:
            LedgerUnavailableError: the database cannot be reached.
            JournalDamagedError: the journal cannot be read.
        """
        journaled = self._journal.read()
        named, standing = await self._look(journaled)
        by_ledger: list[UUID] = []
        for position, keys in named.items():
            if not standing.isdisjoint(keys):
                by_ledger.extend((await self._destroyer.destroy(position)).keys)
        of_ledger = frozenset(key for keys in named.values() for key in keys)
        self._journal.add(of_ledger)
        return MadeGood(tuple(by_ledger), await self._destroy_again(sorted(standing - of_ledger)))

    async def _look(self, journaled: frozenset[UUID]) -> tuple[dict[int, frozenset[UUID]], frozenset[UUID]]:
        """The keys that each erasure names, and which of these and of the journal's stand."""
        async with _connected(self._reader) as connection:
            named = {row[0]: _keys_in(row[1]) for row in await connection.fetch(_CARRIED_OUT, ERASURE)}
            known = sorted(journaled.union(*named.values()))
            return named, frozenset(row[0] for row in await connection.fetch(_STANDING, known))

    async def _destroy_again(self, keys: list[UUID]) -> tuple[UUID, ...]:
        if not keys:
            return ()
        async with _connected(self._owner) as connection:
            destroyed = tuple(row[0] for row in await connection.fetch(_AGAIN, keys))
            await connection.execute(_PATIENCE)
            with suppress(asyncpg.LockNotAvailableError):  # else `incident-ledger keys compact` cleans the file
                await compact(connection)
            return destroyed


def erasures_in(database: Database, keys: Path) -> Erasures:
    """The erasures of a ledger, with the journal of its keys folder."""

    def role(url: str) -> Connect:
        return partial(connect, url, application=_APPLICATION)

    return Erasures(
        reader=role(database.reader),
        owner=role(database.owner),
        destroyer=PostgresDestroyer(role(database.writer)),
        journal=ErasedKeys(keys),
    )


@asynccontextmanager
async def _connected(connect_as: Connect) -> AsyncIterator["Connection"]:
    """A connection of the moment; that the database is away is said in one word."""
    try:
        connection = await connect_as()
        try:
            yield connection
        finally:
            await connection.close(timeout=2)
    except _LOST as error:
        raise LedgerUnavailableError("the database cannot be reached") from error


def _keys_in(payload: bytes) -> frozenset[UUID]:
    stored: Any = json.loads(payload)
    return frozenset(UUID(key) for key in stored["keys"])
