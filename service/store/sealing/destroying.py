"""Destroying data keys: only those that an erasure in the ledger names, and again as often as anybody likes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

import asyncpg
from typing_extensions import override

from service.store.ledger import LedgerUnavailableError

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

ERASURE: Final = "erasure.carried_out.v1"
"""The stored name of the event whose `keys` may be destroyed."""

_DESTROY: Final = "select vault.destroy($1)"
_MAY_CLEAN: Final = """
    select case when current_setting('server_version_num')::integer >= 170000
                then has_table_privilege('vault.keys', 'MAINTAIN')
                else pg_has_role((select relowner from pg_class where oid = 'vault.keys'::regclass), 'MEMBER') end
"""
# A plain vacuum leaves the old bytes in the free space of their page: only a table written anew is without them. Nobody
# reads or adds a key meanwhile, so a large table is left to whoever finds a quiet hour (`incident-ledger keys compact`).
_SMALL: Final = "select pg_relation_size('vault.keys') <= $1"
_SMALL_BYTES: Final = 64 * 1024**2
_WRITE_ANEW: Final = "vacuum (full) vault.keys"
_TIDY: Final = "vacuum vault.keys"
_PATIENCE: Final = "set lock_timeout = '3s'"
_LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


class ErasureNotRecordedError(LookupError):
    """No erasure that names keys stands at the position: nothing was destroyed."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Which keys stood until now, and whether their bytes are gone from the table's file too.

    Where they are not (a large table, a server that does not let us, a lock that was not granted), no query finds them,
    and `incident-ledger keys compact` writes the table anew.
    """

    keys: tuple[UUID, ...]
    cleaned: bool


class Destroyer(Protocol):
    """Destroys the data keys that erasures name."""

    async def destroy(self, position: int) -> Destroyed:
        """Destroy every key that the erasure at a position names; their rows stay, empty.

        Raises:
            ErasureNotRecordedError: no erasure stands there.
            LedgerUnavailableError: the database cannot be reached; it is safe to try again.
        """
        ...


class PostgresDestroyer(Destroyer):
    """Destroys keys in the database, over a connection of the moment that may append."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect

    @override
    async def destroy(self, position: int) -> Destroyed:
        try:
            connection = await self._connect()
            try:
                return await _destroyed(connection, position)
            finally:
                await connection.close(timeout=2)
        except asyncpg.RestrictViolationError as error:
            raise ErasureNotRecordedError(f"no erasure that names keys stands at position {position}") from error
        except _LOST as error:
            raise LedgerUnavailableError("the database cannot be reached") from error


async def _destroyed(connection: Connection, position: int) -> Destroyed:
    keys = tuple(row[0] for row in await connection.fetch(_DESTROY, position))
    # also where no key stood any more: whoever destroyed them may have died before this
    return Destroyed(keys, cleaned=await _cleaned(connection))


async def _cleaned(connection: Connection) -> bool:
    if not await connection.fetchval(_MAY_CLEAN):
        return False
    await connection.execute(_PATIENCE)
    try:
        if await connection.fetchval(_SMALL, _SMALL_BYTES):
            await compact(connection)
            return True
        await connection.execute(_TIDY)
    except asyncpg.LockNotAvailableError:
        return False
    return False


async def compact(connection: Connection) -> None:
    """Write the table of the keys anew, so that its file holds no byte of a destroyed one; as one who may maintain it.

    Raises:
        asyncpg.LockNotAvailableError: others were at it for too long.
    """
    await connection.execute(_WRITE_ANEW)
