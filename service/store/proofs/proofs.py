"""The proof as readers are given it: checkpoints with their cosignatures, paths, heads, leaves, tiles."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import asyncpg

from service.proof.leaf import Leaf
from service.proof.notes import SignatureLine
from service.proof.tree import consistency_nodes, consistency_path, inclusion_nodes, inclusion_path
from service.store.connect import Database, connect, open_pool
from service.store.group_commit.door import Connect
from service.store.ledger import LedgerUnavailableError
from service.store.proofs import stored
from service.store.proofs.heads import ProvenHead, Subject, prove_heads
from service.store.proofs.leaves import Hashed, Leaves
from service.store.proofs.nodes import read_nodes
from service.store.proofs.stored import Conflict, Cosignature, Log, StoredCheckpoint
from service.store.reading.questions import PlainConnection, Pool, prepare

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

_LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
_ANSWER_SECONDS: Final = 30.0
_CONNECTIONS: Final = 4
_HASHES: Final = "select position, hash from proof.leaves where position = any($1::bigint[])"
_STANDING: Final = "select status, message from projections.positions where name = 'proof'"
_TILE: Final = "select hashes from proof.tiles where level = $1 and number = $2"
_LEAF_TILE: Final = "select hash from proof.leaves where position > $1 and position <= $2 order by position"
_ROOT_TILE: Final = """
    select root from proof.tiles where level = $1 and number >= $2 and number < $3 order by number
"""


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint with the cosignatures that it has by now."""

    signed: StoredCheckpoint
    cosignatures: tuple[Cosignature, ...]

    @property
    def size(self) -> int:
        """How many events it covers: the last position under it."""
        return self.signed.size

    @property
    def root(self) -> bytes:
        """The root over them."""
        return self.signed.root

    @property
    def note(self) -> str:
        """The signed note with the lines of the witnesses."""
        return self.signed.note + "".join(each.line for each in self.cosignatures)

    @property
    def heads_note(self) -> str:
        """The signed statement of the heads of streams and cases."""
        return self.signed.heads_note


@dataclass(frozen=True, slots=True)
class Standing:
    """How the proof is: the largest checkpoint, whether the worker goes on, and what it says is wrong."""

    checkpoint: StoredCheckpoint | None
    stopped: bool
    alarm: str | None
    conflict: Conflict | None


@asynccontextmanager
async def open_proofs(database: Database) -> AsyncIterator["Proofs"]:
    """The proofs of a database, with a pool of their own, for as long as the context lasts."""
    pool = await open_pool(
        database.reader,
        connections=_CONNECTIONS,
        application="incident-ledger proofs",
        connection_class=PlainConnection,
        init=prepare,
    )
    async with pool:
        yield Proofs(pool, partial(connect, database.projector, application="incident-ledger witnesses"))


class Proofs:
    """Answers questions about the stored proof. `adds` opens a connection that may add a cosignature.

    Raises of every question:
        LedgerUnavailableError: the database cannot be reached.
        NodeMissingError: the stored tree was damaged.
    """

    def __init__(self, pool: Pool, adds: Connect) -> None:
        self._pool = pool
        self._adds = adds

    async def log(self) -> Log:
        """Which log this is.

        Raises:
            LookupError: the ledger is empty.
        """
        async with self._asked() as connection:
            return await _log(connection)

    async def latest(self) -> Published | None:
        """The largest checkpoint; None while nothing is signed."""
        async with self._asked() as connection:
            return await _published(connection, await stored.latest_checkpoint(connection))

    async def checkpoint_at(self, size: int) -> Published | None:
        """The checkpoint of this very size."""
        async with self._asked() as connection:
            return await _published(connection, await stored.checkpoint_at(connection, size))

    async def checkpoint_at_or_after(self, position: int) -> Published | None:
        """The smallest checkpoint that covers a position; None where none does yet."""
        async with self._asked() as connection:
            return await _published(connection, await stored.checkpoint_from(connection, position))

    async def checkpoints(self, *, below: int, limit: int) -> list[Published]:
        """The checkpoints smaller than a size, the largest first."""
        async with self._asked() as connection:
            found = await stored.checkpoints_below(connection, below, limit=limit)
            lines = await stored.cosignatures_of(connection, [each.size for each in found])
        return [Published(each, tuple(line for line in lines if line.size == each.size)) for each in found]

    async def inclusion(self, positions: Iterable[int], size: int) -> dict[int, list[bytes]]:
        """The path from the leaf of each position to the root at a size.

        Raises:
            ValueError: the tree of that size has no such leaf.
        """
        wanted = sorted(set(positions))
        nodes = {node for position in wanted for node in inclusion_nodes(position - 1, size)}
        async with self._asked() as connection:
            known = await read_nodes(connection, nodes)
        return {position: inclusion_path(known, position - 1, size) for position in wanted}

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """The path that shows that the tree of the second size begins with that of the first.

        Raises:
            ValueError: the first is larger than the second.
        """
        async with self._asked() as connection:
            known = await read_nodes(connection, consistency_nodes(first, second))
        return consistency_path(known, first, second)

    async def heads_proofs(self, subjects: Sequence[Subject], size: int) -> list[ProvenHead]:
        """What the map of heads that was signed at a size says of some streams and cases, with proofs.

        Raises:
            ValueError: what stands now is not what was hashed then: the ledger was changed.
        """
        async with self._asked() as connection:
            return await prove_heads(connection, subjects, size)

    async def leaf_records(self, positions: Sequence[int] | range) -> list[Leaf]:
        """The leaves of some events, made again from their rows as they stand now, in order of position.

        Raises:
            LeafImpossibleError: an event, or a row that belongs to one, is missing.
        """
        return [made.leaf for made in await self.leaves(positions)]

    async def leaves(self, positions: Sequence[int] | range) -> list[Hashed]:
        """As `leaf_records`, each with its hash as it is now (that which was signed is told by `leaf_hashes`).

        Raises:
            LeafImpossibleError: an event, or a row that belongs to one, is missing.
        """
        if not positions:
            return []
        async with self._asked() as connection:
            making = Leaves(connection, (await _log(connection)).name)
            if isinstance(positions, range) and positions.step == 1:
                return await making.after(positions.start - 1, limit=len(positions))
            return await making.at(positions)

    async def leaf_hashes(self, positions: Iterable[int]) -> dict[int, bytes]:
        """The hashes with which these events stand in the tree; one that it does not have yet is left out."""
        async with self._asked() as connection:
            return {row[0]: row[1] for row in await connection.fetch(_HASHES, list(positions))}

    async def tile(self, level: int, number: int, *, width: int) -> bytes | None:
        """The first so many hashes of a tile; None where the tree does not have them (yet)."""
        async with self._asked() as connection:
            full: bytes | None = await connection.fetchval(_TILE, level, number)
            if full is None:
                start = number * 256
                found = (
                    await connection.fetch(_LEAF_TILE, start, start + width)
                    if level == 0
                    else await connection.fetch(_ROOT_TILE, level - 1, start, start + width)
                )
                full = b"".join(row[0] for row in found)
        return full[: 32 * width] if len(full) >= 32 * width else None

    async def standing(self) -> Standing:
        """How the proof is."""
        async with self._asked() as connection:
            log = await stored.read_log(connection)
            row = await connection.fetchrow(_STANDING)
            return Standing(
                checkpoint=await stored.latest_checkpoint(connection),
                stopped=row is None or row[0] == "stopped",
                alarm=row[1] if row else "The database does not know of the proof.",
                conflict=await stored.conflict_under(connection, log.origin.name) if log else None,
            )

    async def add_cosignature(self, size: int, line: SignatureLine) -> None:
        """Keep a witness's line, which the caller has verified, under the checkpoint of a size."""
        async with self._added() as connection:
            await stored.add_cosignature(connection, size, line)

    async def add_conflict(self, log: Log, sent: StoredCheckpoint, *, witness: str, status: int, answer: str) -> None:
        """Keep the evidence that a witness holds another history than this checkpoint."""
        async with self._added() as connection:
            await stored.add_conflict(connection, log.origin.name, sent, witness=witness, status=status, answer=answer)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[Connection]:
        try:
            async with self._pool.acquire(timeout=_ANSWER_SECONDS) as connection:
                yield cast("Connection", connection)
        except _LOST as error:
            raise LedgerUnavailableError("the database cannot be reached") from error

    @asynccontextmanager
    async def _added(self) -> AsyncIterator[Connection]:
        try:
            connection = await self._adds()
            try:
                yield connection
            finally:
                await connection.close(timeout=2)
        except _LOST as error:
            raise LedgerUnavailableError("the database cannot be reached") from error


async def _log(connection: Connection) -> Log:
    log = await stored.read_log(connection)
    if log is None:
        raise LookupError("the ledger is empty")
    return log


async def _published(connection: Connection, checkpoint: StoredCheckpoint | None) -> Published | None:
    if checkpoint is None:
        return None
    return Published(checkpoint, tuple(await stored.cosignatures_of(connection, [checkpoint.size])))
