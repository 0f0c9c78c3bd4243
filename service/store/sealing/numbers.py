"""The table of the blind index: filled by the worker, read by whoever searches, told again from the ledger at any time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from service.store.ledger import LedgerUnavailableError

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

NAME: Final = "nhs_numbers"
"""Under which the position of the index is kept, beside those of the read models."""
TABLE_VERSION: Final = 1

_TAKE_IN: Final = "select vault.index_numbers($1, $2, $3, $4, $5, $6)"
_UNDER: Final = "select vault.numbers_digested_under()"
_CLEAR: Final = "select vault.clear_numbers()"
_BEGIN_AGAIN: Final = """
    update projections.positions set position = 0, recorded_at = null, changed_position = 0
    where name = $1 and table_version = $2 and epoch = $3
"""
# one statement, so that what is found and how far it is told are of one moment
_FIND: Final = """
    select p.position, p.status, (select n.digested_under from vault.nhs_numbers n where n.digested_under <> $2 limit 1),
        coalesce((
            select array_agg(distinct row(n.person, n.incident)::text)
            from vault.nhs_numbers n where n.digest = $1 and n.organisation = $3
        ), '{}')
    from projections.positions p where p.name = $4 and p.table_version = $5
"""
_LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody who bears a number, in a case. `key_id` is the data key under which the number is sealed."""

    digest: bytes
    incident: UUID
    person: UUID
    key_id: UUID
    organisation: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look into the index found: persons with their cases, up to which position it is told.

    `running`: it is told further; `whole`: everything in it is digested under the key that was asked with.
    """

    persons: tuple[tuple[UUID, UUID], ...]
    position: int
    running: bool
    whole: bool


async def take_in(connection: Connection, bearers: Sequence[Bearer], *, under: str) -> None:
    """Take persons into the index, but for those whose key is destroyed; as the projector, in its transaction."""
    columns = (
        [each.digest for each in bearers],
        [each.incident for each in bearers],
        [each.person for each in bearers],
        [each.key_id for each in bearers],
        [each.organisation for each in bearers],
    )
    await connection.execute(_TAKE_IN, *columns, under)


async def digested_under(connection: Connection) -> str | None:
    """The name of the key under which the index is digested; None while it is empty."""
    found: str | None = await connection.fetchval(_UNDER)
    return found


async def begin_again(connection: Connection, *, epoch: int) -> None:
    """Empty the index and begin at the first event, as the owner of this epoch."""
    async with connection.transaction():
        await connection.execute(_CLEAR)
        await connection.execute(_BEGIN_AGAIN, NAME, TABLE_VERSION, epoch)


class Numbers:
    """Looks into the index. `connect` opens connections that may read keys."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect

    async def look(self, digest: bytes, *, under: str, organisation: str) -> Looked:
        """Who bears a number, among the records of one organisation.

        Raises:
            LedgerUnavailableError: the database cannot be reached.
        """
        try:
            connection = await self._connect()
            try:
                row = await connection.fetchrow(_FIND, digest, under, organisation, NAME, TABLE_VERSION)
            finally:
                await connection.close(timeout=2)
        except _LOST as error:
            raise LedgerUnavailableError("the database cannot be reached") from error
        if row is None:
            return Looked((), 0, running=False, whole=False)
        position, status, other, found = row
        return Looked(tuple(sorted(map(_pair, found))), position, running=status == "running", whole=other is None)


def _pair(text: str) -> tuple[UUID, UUID]:
    person, incident = text.strip("()").split(",")
    return UUID(person), UUID(incident)
