"""Checks of a proof against roots that the verifier trusts already: they end in silence, or they refuse."""

from collections.abc import Iterator, Sequence

from service.proof.hashing import HASH_SIZE, node_hash


class ProofInvalidError(ValueError):
    """A proof does not show what it claims to show."""


def check_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """A leaf stands at this index (counted from 0) of the tree that has this root at this size.

    Raises:
        ProofInvalidError: the proof does not show it.
    """
    _check_lengths((leaf_hash, root, *path))
    if not 0 <= index < size:
        raise ProofInvalidError(f"a tree of {size} leaves has no leaf {index}")
    rest, last, digest = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise ProofInvalidError("the inclusion path is too long")
        if rest & 1 or rest == last:
            digest = node_hash(sibling, digest)
            rest, last = _up_to_a_right_child(rest, last)
        else:
            digest = node_hash(digest, sibling)
        rest, last = rest >> 1, last >> 1
    if last:
        raise ProofInvalidError("the inclusion path is too short")
    if digest != root:
        raise ProofInvalidError("the inclusion path leads to another root")


def check_consistency(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """The tree of the second size begins with every leaf of the tree of the first, in the same order.

    From an empty tree nothing can be shown: whoever holds one has to take the larger tree on trust.

    Raises:
        ProofInvalidError: the proof does not show it.
    """
    _check_lengths((first_root, second_root, *path))
    if not 0 < first <= second:
        raise ProofInvalidError(f"no proof leads from {first} leaves to {second}")
    if first == second:
        if path or first_root != second_root:
            raise ProofInvalidError("two trees of one size have one root, and need no path")
        return
    # Where the first tree is a complete subtree of the second, its root is not sent: the verifier has it.
    hashes = iter(path if first & (first - 1) else (first_root, *path))
    small, large = _both_roots(first - 1, second - 1, hashes)
    if next(hashes, None) is not None:
        raise ProofInvalidError("the consistency path is too long")
    if small != first_root or large != second_root:
        raise ProofInvalidError("the consistency path leads to other roots")


def _both_roots(rest: int, last: int, hashes: Iterator[bytes]) -> tuple[bytes, bytes]:
    while rest & 1:
        rest, last = rest >> 1, last >> 1
    small = large = _taken(hashes)
    while last:
        sibling = _taken(hashes)
        if rest & 1 or rest == last:
            small, large = node_hash(sibling, small), node_hash(sibling, large)
            rest, last = _up_to_a_right_child(rest, last)
        else:
            large = node_hash(large, sibling)
        rest, last = rest >> 1, last >> 1
    return small, large


def _taken(hashes: Iterator[bytes]) -> bytes:
    digest = next(hashes, None)
    if digest is None:
        raise ProofInvalidError("the consistency path is too short")
    return digest


def _up_to_a_right_child(rest: int, last: int) -> tuple[int, int]:
    """Skip the levels at which a node on the right edge has no sibling: there it is its own parent."""
    while rest and not rest & 1:
        rest, last = rest >> 1, last >> 1
    return rest, last


def _check_lengths(hashes: Sequence[bytes]) -> None:
    if any(len(digest) != HASH_SIZE for digest in hashes):
        raise ProofInvalidError(f"every hash is {HASH_SIZE} bytes long")
