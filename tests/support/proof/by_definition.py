"""The tree and its proofs exactly as RFC 6962 defines them, by recursion over the list of leaves: slow and obvious."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

LEAVES: Final = [sha256(b"\x00" + number.to_bytes(2, "big")).digest() for number in range(600)]
"""Leaf hashes to make trees of."""


def split_of(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = split_of(len(leaves))
    return sha256(b"\x01" + root_by_definition(leaves[:split]) + root_by_definition(leaves[split:])).digest()


def inclusion_by_definition(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = split_of(len(leaves))
    if index < split:
        return [*inclusion_by_definition(index, leaves[:split]), root_by_definition(leaves[split:])]
    return [*inclusion_by_definition(index - split, leaves[split:]), root_by_definition(leaves[:split])]


def consistency_by_definition(first: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root_by_definition(leaves)]
    split = split_of(len(leaves))
    if first <= split:
        return [*consistency_by_definition(first, leaves[:split], whole=whole), root_by_definition(leaves[split:])]
    return [
        *consistency_by_definition(first - split, leaves[split:], whole=False),
        root_by_definition(leaves[:split]),
    ]
