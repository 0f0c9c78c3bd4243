"""The Merkle tree of RFC 6962: roots and proofs, from whichever complete subtrees a store has at hand.

A node is named by its level and its number there: the complete subtree over the leaves `number << level` up to, not including,
`(number + 1) << level`. Such a subtree never changes again, whatever is appended; what still changes, the right edge of
the tree, is hashed together here from the complete subtrees below it.

Every proof is also told as plain data, the nodes it needs (`inclusion_nodes`, `consistency_nodes`, `frontier`), so that
a store that has to be waited for reads them in one go and answers from what it read (`Known`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from service.proof.hashing import EMPTY_ROOT, node_hash


class Node(NamedTuple):
    """A complete subtree of 2**level leaves."""

    level: int
    number: int


class Range(NamedTuple):
    """Leaves from start up to, not including, end: what one hash of a proof stands for."""

    start: int
    end: int


class Nodes(Protocol):
    """Where the hashes of complete subtrees come from."""

    def hash_at(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""


@dataclass(frozen=True, slots=True)
class Known:
    """Nodes that were read beforehand."""

    hashes: Mapping[tuple[int, int], bytes]

    def hash_at(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree.

        Raises:
            LookupError: it was not read.
        """
        return self.hashes[level, index]


def frontier(size: int) -> list[Node]:
    """The complete subtrees that together make up a tree of this size, from left to right."""
    return subtrees(Range(0, size))


def subtrees(span: Range) -> list[Node]:
    """The complete subtrees that make up a range of a proof, from left to right; none for an empty one."""
    nodes: list[Node] = []
    start = span.start
    for level in range((span.end - span.start).bit_length() - 1, -1, -1):
        if (span.end - span.start) >> level & 1:
            nodes.append(Node(level, start >> level))
            start += 1 << level
    return nodes


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What each hash of an inclusion path stands for, from the leaf up.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    ranges: list[Range] = []
    span = Range(0, size)
    while span.end - span.start > 1:
        middle = _middle(span)
        left, right = Range(span.start, middle), Range(middle, span.end)
        ranges.append(right if index < middle else left)
        span = left if index < middle else right
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """What each hash of a consistency path stands for, in the order of RFC 6962.

    The path is empty where the two sizes are equal, and from an empty tree, with which every tree is consistent.

    Raises:
        ValueError: the first tree is larger than the second, or a size is negative.
    """
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} leaves does not grow from one of {first}")
    ranges: list[Range] = []
    span, whole = Range(0, second), True
    while 0 < first < span.end:
        middle = _middle(span)
        left, right = Range(span.start, middle), Range(middle, span.end)
        if first <= middle:
            ranges.append(right)
            span = left
        else:
            ranges.append(left)
            span, whole = right, False
    if not whole:
        ranges.append(span)
    return ranges[::-1]


def inclusion_nodes(index: int, size: int) -> list[Node]:
    """The nodes that `inclusion_path` asks for.

    Raises:
        ValueError: the tree has no such leaf.
    """
    return [node for span in inclusion_ranges(index, size) for node in subtrees(span)]


def consistency_nodes(first: int, second: int) -> list[Node]:
    """The nodes that `consistency_path` asks for.

    Raises:
        ValueError: the first tree is larger than the second, or a size is negative.
    """
    return [node for span in consistency_ranges(first, second) for node in subtrees(span)]


def root_at(nodes: Nodes, size: int) -> bytes:
    """The root of the tree at this size."""
    return range_hash(nodes, Range(0, size))


def inclusion_path(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf (counted from 0) to the root at this size.

    Raises:
        ValueError: the tree has no such leaf.
    """
    return [range_hash(nodes, span) for span in inclusion_ranges(index, size)]


def consistency_path(nodes: Nodes, first: int, second: int) -> list[bytes]:
    """The hashes that show that the tree of the second size begins with the tree of the first.

    Raises:
        ValueError: the first tree is larger than the second, or a size is negative.
    """
    return [range_hash(nodes, span) for span in consistency_ranges(first, second)]


def range_hash(nodes: Nodes, span: Range) -> bytes:
    """The hash of a range: of a whole tree, or of what one hash of a proof stands for."""
    return folded([nodes.hash_at(level, index) for level, index in subtrees(span)])


def folded(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, larger ones first."""
    if not peaks:
        return EMPTY_ROOT
    *others, root = peaks
    for peak in reversed(others):
        root = node_hash(peak, root)
    return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over all these leaves."""
    tree = GrowingTree()
    for leaf in leaf_hashes:
        tree.append(leaf)
    return tree.root


class GrowingTree:
    """A tree to which leaves are appended, remembered by its right edge: a hash for each bit of its size.

    What it is made of (`size`, `peaks`) is all that is needed to go on from there another time.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Go on from a tree of this size, whose complete subtrees (`frontier(size)`) have these hashes.

        Raises:
            ValueError: a tree of this size has another number of complete subtrees.
        """
        if size < 0 or len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves is not made up of {len(peaks)} complete subtrees")
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The hashes of `frontier(size)`."""
        return tuple(self._peaks)

    @property
    def root(self) -> bytes:
        """The root at the present size."""
        return folded(self._peaks)

    def append(self, leaf: bytes, tell: Callable[[Node, bytes], None] | None = None) -> None:
        """Append the hash of a leaf; every subtree that it completes is told, the leaf itself first."""
        level, index, digest = 0, self.size, leaf
        while True:
            if tell is not None:
                tell(Node(level, index), digest)
            if not index & 1:
                break
            digest = node_hash(self._peaks.pop(), digest)
            level, index = level + 1, index >> 1
        self._peaks.append(digest)
        self.size += 1


class Remembered:
    """Every complete subtree of a tree in memory: the `Nodes` of whoever has the whole log at hand."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._hashes: dict[Node, bytes] = {}
        self._tree = GrowingTree()
        for leaf in leaf_hashes:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._tree.size

    def append(self, leaf: bytes) -> None:
        """Append the hash of a leaf."""
        self._tree.append(leaf, self._hashes.__setitem__)

    def hash_at(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree.

        Raises:
            LookupError: the tree is too small for it.
        """
        return self._hashes[Node(level, index)]


def _middle(span: Range) -> int:
    """Where RFC 6962 splits a range: the largest power of two that is smaller than it."""
    return span.start + (1 << ((span.end - span.start - 1).bit_length() - 1))
