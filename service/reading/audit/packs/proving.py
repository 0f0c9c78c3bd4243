"""What a pack needs of the proofs: the port behind which the tree, the checkpoints and the signing keys stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

Subject = tuple[str, UUID]
"""What a head is of: `stream` or `case`, and its id."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of the whole log; `note` with the lines of the witnesses that signed it too."""

    size: int
    root: bytes
    note: str
    heads_note: str

    @property
    def origin(self) -> str:
        """The name in which the log signed it."""
        return self.note.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class HeadProof:
    """Where a stream or a case ended: the whole bucket of its entry, and the siblings from there to the root."""

    kind: str
    subject: UUID
    bucket: Sequence[tuple[bytes, bytes]]
    siblings: Sequence[bytes]


class Proofs(Protocol):
    """Gives proofs of what the log holds. What it gave for a size once, it gives for ever."""

    async def latest(self) -> Checkpoint | None:
        """The newest checkpoint; None before the first."""
        ...

    async def checkpoint_at(self, size: int) -> Checkpoint | None:
        """The checkpoint of this very size; None where the log signed none."""
        ...

    async def checkpoint_at_or_after(self, position: int) -> Checkpoint | None:
        """The first checkpoint that covers a position; None while there is none."""
        ...

    async def leaves(self, positions: Sequence[int]) -> Mapping[int, bytes]:
        """The bytes that the tree commits to at each of these positions."""
        ...

    async def inclusion(self, positions: Sequence[int], size: int) -> Mapping[int, Sequence[bytes]]:
        """For each position the path from its leaf to the root of the tree of this size."""
        ...

    async def heads(self, subjects: Sequence[Subject], size: int) -> Sequence[HeadProof]:
        """Where each of these ended, under the heads statement of this size; in the order in which they were given."""
        ...

    async def consistency(self, first: int, second: int) -> Sequence[bytes]:
        """The path that shows that the tree of the second size grew out of that of the first."""
        ...

    def verifier_keys(self, origin: str) -> Sequence[str]:
        """The keys with which what the log signed in this name is verified, also those that sign no more."""
        ...

    def sign(self, text: str, origin: str) -> str:
        """A note with this text, signed in this name with every key with which the log signs now."""
        ...
