"""The signer: it signs only what it has checked against the last checkpoint that it signed, and remembers that first.

The order is what makes it safe. What is about to be published is remembered durably before anybody sees it: whoever stops
in between finds on return that the ledger has not reached what was signed, or has reached just that, and never signs
another history of the same length.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asyncpg import Connection, Record

from service.proof.checkpoint import HEADS, Checkpoint, check_growth, sign_checkpoint
from service.proof.notes import Signer as Key
from service.proof.tree import consistency_nodes, consistency_path
from service.proof.verifying import ProofInvalidError
from service.secret_files import SecretFileError
from service.store.proofs.memory import remember, remembered
from service.store.proofs.nodes import read_nodes
from service.store.proofs.signing_keys import first_signing_key, signers_in
from service.store.proofs.standing import LedgerForkedError
from service.store.proofs.stored import Log, StoredCheckpoint, add_checkpoint, conflict_under, latest_checkpoint

NO_KEY: Final = "There is no signing key that can be read: the tree grows, and no checkpoint is signed."


@dataclass(frozen=True, slots=True)
class Roots:
    """What is to be signed at a size: the root of the log, and that of the map of its heads."""

    size: int
    log: bytes
    heads: bytes


class Signer:
    """Signs checkpoints of one log with the keys that are in the folder at that moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def begin(self, connection: "Connection[Record]") -> None:
        """Make the first key of a log of which nothing was ever signed, where the folder can be written."""
        if await latest_checkpoint(connection) is None:
            with suppress(SecretFileError, OSError):
                await asyncio.to_thread(first_signing_key, self._folder)

    async def remembered(self, log: Log) -> Checkpoint | None:
        """The last checkpoint that was signed in the log's present name.

        Raises:
            SecretFileError: it cannot be read.
        """
        return await asyncio.to_thread(remembered, self._folder, log.origin.name)

    async def sign(
        self, connection: "Connection[Record]", log: Log, roots: Roots, *, before: StoredCheckpoint | None
    ) -> str | None:
        """Sign and store a checkpoint in the caller's transaction, once it is shown to continue those before it.

        What keeps it from signing, as a sentence for the operator: the tree may grow meanwhile. Nothing is signed, and
        nothing is wrong, until the log has reached what was signed before.

        Raises:
            LedgerForkedError: the log does not begin with what was signed.
            OvertakenError: another signer has signed a larger checkpoint.
        """
        origin = log.origin.name
        conflict = await conflict_under(connection, origin)
        if conflict is not None:
            return (
                f"The witness {conflict.witness} holds another history than the checkpoint of {conflict.size} events."
            )
        try:
            signers = await asyncio.to_thread(signers_in, self._folder, origin)
            last = await self.remembered(log)
            if not signers:
                return NO_KEY
            if last is None or last.size <= roots.size:
                await self._sign(connection, signers, roots, _earlier(origin, last, before))
        except SecretFileError as error:
            return f"No checkpoint is signed: {error}"
        return None

    async def _sign(
        self, connection: "Connection[Record]", signers: Sequence[Key], roots: Roots, earlier: Sequence[Checkpoint]
    ) -> None:
        origin = signers[0].name
        checkpoint = Checkpoint(origin, roots.size, roots.log)
        for each in earlier:
            await _check_growth(connection, each, checkpoint)
        note = sign_checkpoint(checkpoint, signers)
        heads_note = sign_checkpoint(Checkpoint(origin + HEADS, roots.size, roots.heads), signers)
        await asyncio.to_thread(remember, self._folder, note)
        await add_checkpoint(connection, checkpoint, note, heads_root=roots.heads, heads_note=heads_note)


def _earlier(origin: str, last: Checkpoint | None, before: StoredCheckpoint | None) -> list[Checkpoint]:
    """What the next checkpoint must continue: a name that is new begins with what stands under the name before it."""
    earlier = [] if last is None else [last]
    return earlier if before is None else [*earlier, Checkpoint(origin, before.size, before.root)]


async def _check_growth(connection: "Connection[Record]", earlier: Checkpoint, later: Checkpoint) -> None:
    """Make the proof that one grew from the other, from the stored tree, and check it as an auditor would."""
    known = await read_nodes(connection, consistency_nodes(earlier.size, later.size))
    try:
        check_growth(earlier, later, consistency_path(known, earlier.size, later.size))
    except ProofInvalidError:
        raise LedgerForkedError(earlier) from None
