"""The one connection of this process that writes access records, and what each way of failing means to a reader."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final

import asyncpg

from service.store.access.records import AccessLogBusyError, AccessNotRecordedError, NewAccess
from service.store.group_commit.door import Connect, Connection

CALL_SECONDS: Final = 10.0
"""Whoever reads waits less long than whoever writes: what they asked for can be asked again at any time."""

APPEND: Final = "select access.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
"""The one statement that writes access records."""

_CONTENDED: Final = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError)
_FAULTS: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_BAD_DATA: Final = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)


class RecordsRefusedError(Exception):
    """The database would not take these records together, and none of them stands: one of them is poison."""


class AccessDoor:
    """Appends records over a connection of its own, opened when first needed and again after it broke."""

    def __init__(self, connect: Connect, *, patience_ms: int, call_seconds: float = CALL_SECONDS) -> None:
        self._connect = connect
        self._patience_ms = patience_ms
        self._call_seconds = call_seconds
        self._connection: Connection | None = None

    async def append(self, records: Sequence[tuple[NewAccess, bytes]]) -> int:
        """Append records, each with its reader's sealed subject, in one transaction; the number of the last one.

        Raises:
            AccessLogBusyError: the lock was not granted in time; nothing stands.
            AccessNotRecordedError: they are not known to stand.
            RecordsRefusedError: none stands, because of at least one of them.
        """
        connection = await self._opened()
        try:
            last: int = await connection.fetchval(
                APPEND, *arguments(records, patience_ms=self._patience_ms), timeout=self._call_seconds
            )
        except _CONTENDED as error:
            raise AccessLogBusyError("the lock of the access log was not granted in time") from error
        except _BAD_DATA as error:
            raise RecordsRefusedError(type(error).__name__) from error
        except _FAULTS as error:
            # It may or may not stand. A record of a read that was not answered does no harm; the other way round would.
            self._abandon()
            raise AccessNotRecordedError("the access log could not be written") from error
        return last

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close(timeout=self._call_seconds)

    async def _opened(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncio.wait_for(self._connect(), self._call_seconds)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise AccessNotRecordedError("the access log cannot be reached") from error
        return self._connection

    def _abandon(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


def arguments(records: Sequence[tuple[NewAccess, bytes]], *, patience_ms: int) -> tuple[Any, ...]:
    """The arguments of the call, in the order of the function's parameters."""
    news = [record for record, _ in records]
    return (
        patience_ms,
        [new.actor for new in news],
        [sealed for _, sealed in records],
        [new.organisation for new in news],
        [_literal(new.roles) for new in news],
        [new.purpose for new in news],
        [new.purpose_stated for new in news],
        [new.kind.value for new in news],
        [new.route for new in news],
        [new.method for new in news],
        [_literal(map(str, new.cases)) for new in news],
        [new.position for new in news],
        [new.past for new in news],
        [new.words_opened for new in news],
        [new.request_id for new in news],
        [new.correlation_id for new in news],
    )


def _literal(words: Iterable[str]) -> str:
    """An array in PostgreSQL's own writing: arrays of unequal arrays cannot be sent."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"
