"""The Merkle tree of RFC 6962: hashes, the root of a growing tree, and checks of proofs that others made."""

from __future__ import annotations

import hashlib

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and knows its root; it keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self.complete: list[bytes] = []
        """The roots of the complete subtrees, the largest first."""

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next leaf."""
        rising = self.size
        while rising & 1:
            leaf = node_hash(self.complete.pop(), leaf)
            rising >>= 1
        self.complete.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.complete:
            return EMPTY_ROOT
        *rest, root = self.complete
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


def root_by_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which an inclusion path leads (RFC 9162, 2.1.3.2); None where there is none."""
    if not 0 <= index < size or len(leaf) != len(EMPTY_ROOT):
        return None
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(step, root)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            root = node_hash(root, step)
        node >>= 1
        last >>= 1
    return root if last == 0 else None


def consistent(first: tuple[int, bytes], second: tuple[int, bytes], path: list[bytes]) -> bool:
    """Whether a path shows that the first tree (size and root) is the beginning of the second (RFC 9162, 2.1.4.2)."""
    (first_size, first_root), (second_size, second_root) = first, second
    if not 0 < first_size <= second_size:
        return False
    if first_size == second_size:
        return not path and first_root == second_root
    whole = first_size & (first_size - 1) == 0
    steps = [first_root, *path] if whole else list(path)
    return bool(steps) and _both_roots(first_size - 1, second_size - 1, steps) == (first_root, second_root)


def _both_roots(node: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        node >>= 1
        last >>= 1
    return (old, new) if last == 0 else None
