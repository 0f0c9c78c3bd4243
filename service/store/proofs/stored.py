"""What was signed, as it is stored: checkpoints, the names under which the log signs, cosignatures, conflicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Connection, Record

from service.proof.checkpoint import Checkpoint
from service.proof.leaf import origin_of
from service.proof.notes import SignatureLine

_LATEST: Final = "select * from proof.checkpoints order by size desc limit 1"
_AT: Final = "select * from proof.checkpoints where size = $1"
_FROM: Final = "select * from proof.checkpoints where size >= $1 order by size limit 1"
_BELOW: Final = "select * from proof.checkpoints where size < $1 order by size desc limit $2"
_FIRST_EVENT: Final = """
    select e.event_id, o.simulated from ledger.events e cross join ledger.origin o where e.position = 1
"""
_ORIGINS: Final = "select number, origin, since_size, decided_at_position from proof.origins order by number"
_NEW_ORIGIN: Final = """
    insert into proof.origins (number, origin, since_size, decided_at_position) values ($1, $2, $3, $4)
    on conflict do nothing
"""
_CONFLICT: Final = """
    select witness, size, note, status, answer, met_at from proof.conflicts where origin = $1 order by met_at limit 1
"""
_NEW_CONFLICT: Final = """
    insert into proof.conflicts (origin, witness, size, note, status, answer) values ($1, $2, $3, $4, $5, $6)
    on conflict do nothing
"""
_NEW_COSIGNATURE: Final = """
    insert into proof.cosignatures (size, name, key_id, line) values ($1, $2, $3, $4) on conflict do nothing
"""
_COSIGNATURES: Final = """
    select size, name, key_id, line, made_at from proof.cosignatures where size = any($1::bigint[])
    order by size, made_at, name
"""
_NEW_CHECKPOINT: Final = """
    insert into proof.checkpoints (size, root, note, heads_root, heads_note) values ($1, $2, $3, $4, $5)
"""


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint that was signed, with the statement of the heads beside it."""

    size: int
    root: bytes
    note: str
    heads_root: bytes
    heads_note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Cosignature:
    """The line of a witness under a checkpoint."""

    size: int
    name: str
    key_id: bytes
    line: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A witness holds another history than this checkpoint: what it was sent, and what it answered."""

    witness: str
    size: int
    note: str
    status: int
    answer: str
    met_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """A name under which the log signs, from a size on; `decided_at` is the event by which somebody decided so."""

    number: int
    name: str
    since_size: int = 0
    decided_at: int | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """Which log this is: the name that is in every leaf, and the names under which it has signed, the present one last."""

    name: str
    origins: tuple[Origin, ...]

    @property
    def origin(self) -> Origin:
        """The name under which it signs now."""
        return self.origins[-1]

    def numbered(self, number: int) -> Origin:
        """The name that the log takes when it is gone on with for the n-th time."""
        return Origin(number, self.name if number == 1 else f"{self.name}/{number}")


async def read_log(connection: "Connection[Record]") -> Log | None:
    """Which log this database holds; None while it is empty."""
    first = await connection.fetchrow(_FIRST_EVENT)
    if first is None:
        return None
    name = origin_of(first[0], simulated=first[1])
    origins = tuple(Origin(*row) for row in await connection.fetch(_ORIGINS))
    return Log(name, origins or (Origin(1, name),))


async def add_origin(connection: "Connection[Record]", origin: Origin) -> None:
    """Keep a name under which the log signs from now on; one that is kept stays as it is."""
    await connection.execute(_NEW_ORIGIN, origin.number, origin.name, origin.since_size, origin.decided_at)


async def add_checkpoint(
    connection: "Connection[Record]", checkpoint: Checkpoint, note: str, *, heads_root: bytes, heads_note: str
) -> None:
    """Publish a signed checkpoint with the statement beside it, when the caller's transaction commits.

    Raises:
        asyncpg.UniqueViolationError: there is one of this size.
    """
    await connection.execute(_NEW_CHECKPOINT, checkpoint.size, checkpoint.root, note, heads_root, heads_note)


async def latest_checkpoint(connection: "Connection[Record]") -> StoredCheckpoint | None:
    """The largest checkpoint."""
    return _checkpoint(await connection.fetchrow(_LATEST))


async def checkpoint_at(connection: "Connection[Record]", size: int) -> StoredCheckpoint | None:
    """The checkpoint of this very size."""
    return _checkpoint(await connection.fetchrow(_AT, size))


async def checkpoint_from(connection: "Connection[Record]", size: int) -> StoredCheckpoint | None:
    """The smallest checkpoint that covers the position `size`."""
    return _checkpoint(await connection.fetchrow(_FROM, size))


async def checkpoints_below(connection: "Connection[Record]", size: int, *, limit: int) -> Sequence[StoredCheckpoint]:
    """The checkpoints smaller than a size, the largest first."""
    return [StoredCheckpoint(*row) for row in await connection.fetch(_BELOW, size, limit)]


async def add_cosignature(connection: "Connection[Record]", size: int, line: SignatureLine) -> None:
    """Keep a witness's line under a checkpoint; one of the same key that is kept stays as it is."""
    await connection.execute(_NEW_COSIGNATURE, size, line.name, line.key_id, line.text)


async def cosignatures_of(connection: "Connection[Record]", sizes: Sequence[int]) -> list[Cosignature]:
    """The witnesses' lines under some checkpoints."""
    return [Cosignature(*row) for row in await connection.fetch(_COSIGNATURES, list(sizes))]


async def add_conflict(
    connection: "Connection[Record]", origin: str, sent: StoredCheckpoint, *, witness: str, status: int, answer: str
) -> None:
    """Keep the evidence that a witness holds another history."""
    await connection.execute(_NEW_CONFLICT, origin, witness, sent.size, sent.note, status, answer)


async def conflict_under(connection: "Connection[Record]", origin: str) -> Conflict | None:
    """The first conflict with a witness under a name of the log."""
    row = await connection.fetchrow(_CONFLICT, origin)
    return None if row is None else Conflict(*row)


async def leaves_stored(connection: "Connection[Record]") -> int:
    """How many leaves the stored tree has: the largest position, for they have no gaps."""
    size: int = await connection.fetchval("select coalesce(max(position), 0) from proof.leaves")
    return size


def _checkpoint(row: Record | None) -> StoredCheckpoint | None:
    return None if row is None else StoredCheckpoint(*row)
