"""Two trees side by side: of the events as they stand, and of the leaves as they are stored; one signed root judges both."""

from dataclasses import dataclass, field
from typing import Final

from service.proof.offline.damage import DamageError
from service.proof.offline.heads import LEVELS, node_of_heads
from service.proof.offline.merkle import Tree

SUSPECTS_MAX: Final = 1_000
TILE: Final = 256


@dataclass
class Suspect:
    """A position at which the event and the stored leaf differ; why, if the event itself says so."""

    position: int
    damage: DamageError


@dataclass
class Trees:
    """The two trees. They are one until the first position at which they differ."""

    stored: Tree = field(default_factory=Tree)
    made: Tree | None = None
    """The tree of the events as they stand, from the first difference on."""
    suspects: list[Suspect] = field(default_factory=list)
    tile: list[bytes] = field(default_factory=list)
    """The stored leaves since the last full tile."""

    def add(self, stored: bytes, made: bytes) -> None:
        """Take in the next position."""
        if self.made is None and made != stored:
            self.made = Tree()
            self.made.size, self.made.complete = self.stored.size, list(self.stored.complete)
        self.stored.add(stored)
        if self.made is not None:
            self.made.add(made)
        self.tile.append(stored)

    def suspect(self, damage: DamageError) -> None:
        """Remember a difference until a signed root says which side was changed."""
        if len(self.suspects) < SUSPECTS_MAX and damage.position is not None:
            self.suspects.append(Suspect(damage.position, damage))

    def judged(self, root: bytes, since: int) -> list[DamageError]:
        """What a signed root over everything so far says; `since` is the size of the signed root before it."""
        found, self.suspects = [each.damage for each in self.suspects], []
        if self.stored.root() == root:
            self.made = None
            return found
        if self.made is not None and self.made.root() == root:
            self.stored, self.made = self.made, None
            return [_leaf_changed(each.position or 0) for each in found]
        if found:
            return found
        size = self.stored.size
        sentence = (
            f"an event from here to position {size} was changed together with its leaf: the signed root is another"
        )
        return [DamageError("edited", sentence, since + 1)]

    def full_tile(self) -> bytes | None:
        """The stored leaves of a tile that was just filled."""
        if len(self.tile) < TILE:
            return None
        filled, self.tile = b"".join(self.tile), []
        return filled


def _leaf_changed(position: int) -> DamageError:
    return DamageError("column-changed", "the stored leaf (proof.leaves) is not the one of this event", position)


def root_over(hashes: bytes) -> bytes:
    """The root of hashes that lie side by side."""
    tree = Tree()
    for start in range(0, len(hashes), 32):
        tree.add(hashes[start : start + 32])
    return tree.root()


class HeadsMap:
    """The map of heads as its buckets are stored, brought from size to size."""

    def __init__(self) -> None:
        self._levels: list[dict[int, bytes]] = [{} for _ in range(LEVELS + 1)]
        self._empty = [bytes(32)]
        for _ in range(LEVELS):
            self._empty.append(node_of_heads(self._empty[-1], self._empty[-1]))

    def change(self, buckets: dict[int, bytes]) -> None:
        """Put in new hashes of buckets."""
        self._levels[0].update(buckets)
        numbers = set(buckets)
        for level in range(LEVELS):
            numbers = {number >> 1 for number in numbers}
            here, empty = self._levels[level], self._empty[level]
            for number in numbers:
                pair = here.get(2 * number, empty), here.get(2 * number + 1, empty)
                self._levels[level + 1][number] = node_of_heads(*pair)

    @property
    def root(self) -> bytes:
        """The root of the map."""
        return self._levels[LEVELS].get(0, self._empty[LEVELS])

    @property
    def buckets(self) -> dict[int, bytes]:
        """The hash of every bucket that is not empty."""
        return self._levels[0]
