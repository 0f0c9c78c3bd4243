"""The writer's own connection to the one function that writes, and what each way of failing means to a caller."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from service.store.group_commit.call import APPEND, arguments, outcome_of
from service.store.ledger import (
    AppendInvalidError,
    AppendRequest,
    AppendUnknownError,
    LedgerBusyError,
    LedgerUnavailableError,
    Outcome,
)

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

Connect = Callable[[], Awaitable[Connection]]
"""Opens a new connection as one role."""

ATTEMPTS: Final = 5
CALL_SECONDS: Final = 30.0

_TRY_AGAIN: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_NOT_STORED: Final = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)
# the connection broke or the server stopped: what it was doing may or may not have been committed
_UNKNOWN: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
# full disks, lost files, missing rights: nobody's request is at fault, and sending halves would not help
_SERVER_FAULTS: Final = (
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidTransactionStateError,
)
_BAD_DATA: Final = (asyncpg.PostgresError, asyncpg.DataError, asyncpg.InterfaceError, ValueError, OverflowError)


class BatchRefusedError(Exception):
    """The database would not take these requests together, and none of them stands: one of them is poison."""


class Door:
    """Appends batches over a connection of its own, opened when first needed and again after it broke."""

    def __init__(self, connect: Connect, *, patience_ms: int, call_seconds: float = CALL_SECONDS) -> None:
        self._connect = connect
        self._patience_ms = patience_ms
        self._call_seconds = call_seconds
        self._connection: Connection | None = None

    async def append(self, requests: Sequence[AppendRequest]) -> list[Outcome | AppendInvalidError]:
        """Append independent requests in one transaction, durably; one outcome for each.

        Raises:
            LedgerBusyError: the lock was not granted in time.
            LedgerUnavailableError: nothing was stored.
            AppendUnknownError: the connection broke around the commit.
            BatchRefusedError: nothing was stored because of at least one of the requests.
        """
        values = arguments(requests, patience_ms=self._patience_ms)
        for _ in range(ATTEMPTS):
            with suppress(*_TRY_AGAIN):
                rows = await self._call(values)
                return [outcome_of(row) for row in rows]
        raise LedgerBusyError("other transactions kept getting in the way")

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close(timeout=self._call_seconds)

    async def _call(self, values: tuple[Any, ...]) -> list[asyncpg.Record]:
        connection = await self._opened()
        try:
            return await connection.fetch(APPEND, *values, timeout=self._call_seconds)
        except _TRY_AGAIN:
            raise
        except _NOT_STORED as error:
            raise LedgerBusyError("the append lock was not granted in time") from error
        except _UNKNOWN as error:
            self._abandon()
            raise AppendUnknownError("the connection broke around the commit") from error
        except _SERVER_FAULTS as error:
            raise LedgerUnavailableError(f"the database could not append: {type(error).__name__}") from error
        except _BAD_DATA as error:
            if connection.is_closed():
                self._abandon()
                raise AppendUnknownError("the connection broke around the commit") from error
            raise BatchRefusedError(type(error).__name__) from error

    async def _opened(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncio.wait_for(self._connect(), self._call_seconds)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise LedgerUnavailableError("the database cannot be reached") from error
        return self._connection

    def _abandon(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
