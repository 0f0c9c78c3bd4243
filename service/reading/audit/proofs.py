"""Checkpoints and proofs as a reader is shown them. They say how many events there are, and nothing of what they hold.

In JSON, the hash of a leaf is hexadecimal, as in the records that it is made of; roots and paths are base64, as in notes.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from domain.kernel.actor import Role
from projections.engine.queries import NotYetToldError
from service.proof.checkpoint import Checkpoint
from service.proof.lines import base64_of
from service.proof.notes import VerifierKey, split_note
from service.proof.proof_text import ProofText
from service.proof.witness import cosignatures_of
from service.reading.sight import READS_EVENTS
from service.store.ledger import Ledger
from service.store.proofs.proofs import Proofs, Published
from service.store.proofs.signing_keys import list_signing_keys
from service.store.proofs.witnesses import Witness

READS_PROOFS: Final = READS_EVENTS
"""Roles that may read checkpoints and proofs: those that may read the log."""

COSIGNS: Final = frozenset({Role.AUDITOR, Role.REGULATOR, Role.COMMISSIONER})
"""Roles that may bring a witness's cosignature."""

_PATIENCE_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.05


class NotCoveredError(Exception):
    """No checkpoint covers the event yet: the proof follows within seconds."""


class ProofReading:
    """Answers one question about the proof of a ledger; `keys` is the folder of the keys that sign."""

    def __init__(self, proofs: Proofs, ledger: Ledger, *, keys: Path, witnesses: Sequence[Witness]) -> None:
        self._proofs = proofs
        self._ledger = ledger
        self._keys = keys
        self.witnesses = tuple(witnesses)

    async def head(self) -> int:
        """The newest position of the ledger."""
        return (await self._ledger.head()).position

    async def latest(self, *, min_position: int = 0) -> Published | None:
        """The largest checkpoint, once there is one that covers a position.

        Raises:
            NotYetToldError: there was none in time.
        """
        waited = 0.0
        while True:
            latest = await self._proofs.latest()
            if min_position <= (latest.size if latest else 0):
                return latest
            if waited >= _PATIENCE_SECONDS:
                raise NotYetToldError(min_position, latest.size if latest else 0)
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS

    async def at(self, size: int) -> Published | None:
        """The checkpoint of this very size."""
        return await self._proofs.checkpoint_at(size)

    async def below(self, size: int, *, limit: int) -> list[Published]:
        """The checkpoints smaller than a size, the largest first."""
        return await self._proofs.checkpoints(below=size, limit=limit)

    async def inclusion(self, position: int, under: Published) -> tuple[bytes, ProofText]:
        """The hash of an event's leaf, and the proof that it stands at its position under a checkpoint.

        Raises:
            ValueError: the checkpoint does not cover it.
        """
        paths = await self._proofs.inclusion([position], under.size)
        hashes = await self._proofs.leaf_hashes([position])
        return hashes[position], ProofText(position - 1, tuple(paths[position]), under.note)

    async def leaf_hashes(self, positions: Iterable[int]) -> Mapping[int, bytes]:
        """The hash of the leaf of each of these positions; one that the tree does not have yet is left out."""
        return await self._proofs.leaf_hashes(positions)

    async def covered(self, position: int) -> Published | None:
        """The largest checkpoint, as one that covers a position; None where the ledger has no such event.

        Raises:
            NotCoveredError: it has, and no checkpoint covers it yet.
        """
        latest = await self.latest()
        if latest is not None and 0 < position <= latest.size:
            return latest
        if 0 < position <= await self.head():
            raise NotCoveredError
        return None

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """The path from a smaller tree to a larger one.

        Raises:
            ValueError: the first is the larger one.
        """
        return await self._proofs.consistency(first, second)

    async def tile(self, level: int, number: int, *, width: int, size: int) -> bytes | None:
        """A tile of the tree that a checkpoint of this size signs; None where that tree does not have it."""
        if (size >> 8 * level) < number * 256 + width:
            return None
        return await self._proofs.tile(level, number, width=width)

    async def keep_cosignature(self, under: Published, line: str) -> VerifierKey:
        """Keep the line of a known witness under a checkpoint; whose it is.

        Raises:
            NoteError: it is not a signature line, or not a known witness's signature of this checkpoint.
        """
        checkpoint = Checkpoint.parse(split_note(under.signed.note)[0])
        known = [witness.key for witness in self.witnesses]
        [verified, *_] = cosignatures_of(checkpoint, line.rstrip("\n") + "\n", known)
        await self._proofs.add_cosignature(under.size, verified.line)
        return verified.key

    async def keys(self) -> dict[str, Any]:
        """By which names and keys the log signs and has signed, and whose cosignatures it takes.

        A hint and no more: whoever checks a checkpoint has the keys by another way.
        """
        log, known = await self._proofs.log(), await asyncio.to_thread(list_signing_keys, self._keys)
        return {
            "log": log.name,
            "origin": log.origin.name,
            "origins": [
                {"origin": each.name, "since_size": each.since_size, "decided_at_position": each.decided_at}
                for each in log.origins
            ],
            "keys": [
                {"number": key.number, "signs": key.signs, "vkey": key.verifier(origin.name).vkey}
                for origin in log.origins
                for key in known
            ],
            "witnesses": [{"name": each.key.name, "vkey": each.key.vkey} for each in self.witnesses],
        }


def checkpoint_shown(published: Published, *, head: int) -> dict[str, Any]:
    """A checkpoint as JSON."""
    return {
        "size": published.size,
        "root": base64_of(published.root),
        "origin": published.signed.note.partition("\n")[0],
        "note": published.note,
        "heads_root": base64_of(published.signed.heads_root),
        "heads_note": published.heads_note,
        "made_at": published.signed.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "lag": max(0, head - published.size),
        "cosignatures": [
            {
                "name": each.name,
                "key_id": each.key_id.hex(),
                "line": each.line.rstrip("\n"),
                "made_at": each.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            }
            for each in published.cosignatures
        ],
    }
