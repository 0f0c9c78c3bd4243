"""The tree as one worker extends it: checked against what was signed when it is taken up, then grown chunk by chunk."""

from dataclasses import dataclass
from typing import Final, Self

from asyncpg import Connection, Record

from projections.engine.feed import Mark
from projections.engine.positions import Claim, advance
from service.proof.heads import HeadsTree
from service.proof.tree import GrowingTree
from service.store.proofs.heads import read_heads, take_in
from service.store.proofs.leaves import Hashed, Leaves
from service.store.proofs.nodes import Growth, read_tree
from service.store.proofs.standing import compare
from service.store.proofs.stored import (
    Log,
    StoredCheckpoint,
    add_origin,
    latest_checkpoint,
    leaves_stored,
    read_log,
)
from service.worker.proving.signing import Roots, Signer

CHUNK: Final = 2_000
"""Events for which one transaction stores leaves, and one checkpoint is signed, where many wait."""

RECENT: Final = 1_000
"""The newest leaves that are compared with their events when the tree is taken up; `verify` compares them all."""

_STORED_HASHES: Final = "select position, hash from proof.leaves where position > $1 order by position"


class ProofDamagedError(Exception):
    """What was signed does not stand any more as it was signed; the message is a sentence that names the place."""


@dataclass(slots=True)
class Tree:
    """The tree with its map of heads, on the connection that holds the claim to them."""

    connection: "Connection[Record]"
    held: Claim
    signer: Signer
    log: Log
    tree: GrowingTree
    heads: HeadsTree
    checkpoint: StoredCheckpoint | None
    alarm: str | None = None
    """What keeps checkpoints from being signed while the tree goes on, as a sentence for the operator."""

    @classmethod
    async def taken_up(cls, connection: "Connection[Record]", held: Claim, signer: Signer) -> Self | None:
        """The tree as it stands, once it is checked; None while the ledger is empty.

        Raises:
            ProofDamagedError: a checkpoint, the tree under it or a recent event is not what was signed.
            LedgerBehindError, LedgerForkedError: the ledger is not the one that was signed.
            NodeMissingError, LeafImpossibleError: rows are missing.
        """
        log = await read_log(connection)
        if log is None:
            return None
        if log.origins[0].name != log.name:
            raise ProofDamagedError("The event at position 1 is not the one that was signed: it was changed.")
        await signer.begin(connection)
        await compare(connection, log, await signer.remembered(log))
        size, checkpoint = await leaves_stored(connection), await latest_checkpoint(connection)
        if checkpoint is not None:
            await _check_stored(connection, checkpoint)
        await _check_recent(connection, log, size)
        tree, heads = await read_tree(connection, size), await read_heads(connection, size)
        return cls(connection, held, signer, log, tree, heads, checkpoint)

    @property
    def unsigned(self) -> int:
        """How many leaves no checkpoint covers."""
        return self.tree.size - (self.checkpoint.size if self.checkpoint else 0)

    async def extend(self) -> int:
        """Take in the next events, sign a checkpoint over them, and say how many there were.

        After an error the tree in memory is of no use any more: it must be taken up again.

        Raises:
            FencedError, OvertakenError: another worker has the tree.
            LeafImpossibleError, LedgerForkedError: the log is not what it was.
        """
        async with self.connection.transaction():
            made = await Leaves(self.connection, self.log.name).after(self.tree.size, limit=CHUNK)
            if not made and not self.unsigned:
                return 0
            if made:
                await self._take(made)
            roots = Roots(self.tree.size, self.tree.root, self.heads.root)
            self.alarm = await self.signer.sign(self.connection, self.log, roots, before=self.checkpoint)
        self.checkpoint = await latest_checkpoint(self.connection)
        return len(made)

    async def _take(self, made: list[Hashed]) -> None:
        last = made[-1].leaf
        # The fence comes first: a worker that lost the tree changes nothing.
        await advance(self.connection, self.held, Mark(last.position, last.recorded_at), changed=None)
        if self.tree.size == 0:
            await add_origin(self.connection, self.log.origin)
        growth = Growth(self.tree)
        for each in made:
            growth.append(each.hash)
        await growth.write(self.connection)
        await take_in(self.connection, self.heads, [each.leaf for each in made])
        self.held.position = last.position


async def _check_stored(connection: "Connection[Record]", checkpoint: StoredCheckpoint) -> None:
    tree, heads = await read_tree(connection, checkpoint.size), await read_heads(connection, checkpoint.size)
    if tree.root != checkpoint.root:
        raise ProofDamagedError(f"The stored tree of {checkpoint.size} leaves is not the one that was signed.")
    if heads.root != checkpoint.heads_root:
        raise ProofDamagedError(f"The stored map of heads at {checkpoint.size} events is not the one that was signed.")


async def _check_recent(connection: "Connection[Record]", log: Log, size: int) -> None:
    """Compare the newest leaves with the events themselves."""
    after = max(0, size - RECENT)
    stored = {row[0]: row[1] for row in await connection.fetch(_STORED_HASHES, after)}
    found = await Leaves(connection, log.name).after(after, limit=len(stored)) if stored else []
    for each in found:
        position = each.leaf.position
        if stored.get(position) != each.hash:
            raise ProofDamagedError(f"The event at position {position} is not the one that was signed: it was changed.")
    if len(found) < len(stored):
        raise ProofDamagedError(f"The events after position {after + len(found)} are missing: they were signed.")
