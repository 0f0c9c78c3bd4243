"""The proofs of packs from those that are stored, signed with the keys in the keys folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
from typing_extensions import override

from service.proof.leaf import Leaf, record_of
from service.proof.notes import sign_note
from service.reading.audit.packs.proving import Checkpoint, HeadProof, Proofs, Subject
from service.store.proofs.heads import Subject as StoredSubject
from service.store.proofs.proofs import Proofs as Store
from service.store.proofs.proofs import Published
from service.store.proofs.signing_keys import list_signing_keys, signers_in


class StoredProofs(Proofs):
    """What the worker proved and signed. `keys` is the folder of the keys that sign."""

    def __init__(self, store: Store, keys: Path) -> None:
        self._store = store
        self._keys = keys

    @override
    async def latest(self) -> Checkpoint | None:
        return _checkpoint(await self._store.latest())

    @override
    async def checkpoint_at(self, size: int) -> Checkpoint | None:
        return _checkpoint(await self._store.checkpoint_at(size))

    @override
    async def checkpoint_at_or_after(self, position: int) -> Checkpoint | None:
        return _checkpoint(await self._store.checkpoint_at_or_after(position))

    @override
    async def leaves(self, positions: Sequence[int]) -> Mapping[int, bytes]:
        leaves = await self._store.leaf_records(_as_range(positions))
        return {leaf.position: leaf_bytes(leaf) for leaf in leaves}

    @override
    async def inclusion(self, positions: Sequence[int], size: int) -> Mapping[int, Sequence[bytes]]:
        return await self._store.inclusion(positions, size)

    @override
    async def heads(self, subjects: Sequence[Subject], size: int) -> Sequence[HeadProof]:
        proven = await self._store.heads_proofs([StoredSubject(kind, subject) for kind, subject in subjects], size)
        return [
            HeadProof(
                kind=each.subject.kind,
                subject=each.subject.id,
                bucket=[(entry.key, entry.value) for entry in each.proof.bucket],
                siblings=each.proof.siblings,
            )
            for each in proven
        ]

    @override
    async def consistency(self, first: int, second: int) -> Sequence[bytes]:
        return await self._store.consistency(first, second)

    @override
    def verifier_keys(self, origin: str) -> Sequence[str]:
        return [key.verifier(origin).vkey for key in list_signing_keys(self._keys)]

    @override
    def sign(self, text: str, origin: str) -> str:
        return sign_note(text, signers_in(self._keys, origin))


def leaf_bytes(leaf: Leaf) -> bytes:
    """The bytes of a leaf as `Leaf.data` has them, in a fraction of the time: its names are ASCII, its numbers whole."""
    return orjson.dumps(record_of(leaf), option=orjson.OPT_SORT_KEYS)


def _checkpoint(published: Published | None) -> Checkpoint | None:
    if published is None:
        return None
    return Checkpoint(published.size, published.root, published.note, published.heads_note)


def _as_range(positions: Sequence[int]) -> Sequence[int] | range:
    """A stretch of the log as one, which is read in one go."""
    whole = positions and len(positions) == positions[-1] - positions[0] + 1
    return range(positions[0], positions[-1] + 1) if whole else positions
