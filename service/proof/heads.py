"""The map of heads: under one root, how far every stream goes and which streams every case has.

An inclusion proof shows that an event is there; it cannot show that nothing follows it. This map can: under the key of a
stream stands its newest event, under the key of a case the list of its streams, and what has no entry does not exist.

    key of a stream    SHA-256 ( "stream" 0x00 | uuid )
    its value          SHA-256 ( version, 8 bytes | leaf hash of its newest event )
    key of a case      SHA-256 ( "case" 0x00 | uuid )
    its value          SHA-256 ( for each of its streams, by position of joining, then uuid: uuid | position, 8 bytes )
    bucket             the entries whose keys begin with the same two bytes: SHA-256 ( 0x02 | key | value | key | value ... )
                       in ascending order of keys; 32 zero bytes where there is none
    node               SHA-256 ( 0x03 | left | right ), 16 levels over the 65,536 buckets

The proof of a head is its whole bucket and the 16 hashes beside the way to the root: a verifier sees that the key is there
once with this value, or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

from service.proof.hashing import HASH_SIZE
from service.proof.verifying import ProofInvalidError

LEVELS: Final = 16
BUCKETS: Final = 1 << LEVELS
EMPTY_BUCKET: Final = bytes(HASH_SIZE)
_NUMBER: Final = 8


class Entry(NamedTuple):
    """One key of the map and its value."""

    key: bytes
    value: bytes


class Joined(NamedTuple):
    """A stream of a case, and the position at which it became one."""

    stream: UUID
    position: int


@dataclass(frozen=True, slots=True)
class HeadProof:
    """A whole bucket, and the hashes beside the way from it to the root, lowest first."""

    bucket: tuple[Entry, ...]
    siblings: tuple[bytes, ...]


def stream_key(stream: UUID) -> bytes:
    """Where the head of a stream stands."""
    return sha256(b"stream\x00" + stream.bytes).digest()


def case_key(case: UUID) -> bytes:
    """Where the list of a case's streams stands."""
    return sha256(b"case\x00" + case.bytes).digest()


def stream_entry(stream: UUID, version: int, newest: bytes) -> Entry:
    """What the map says of a stream: its version, and the leaf hash of its newest event."""
    return Entry(stream_key(stream), sha256(version.to_bytes(_NUMBER, "big") + newest).digest())


def case_entry(case: UUID, streams: Iterable[Joined]) -> Entry:
    """What the map says of a case: which streams it has, in whichever order they are given."""
    ordered = sorted(streams, key=lambda joined: (joined.position, joined.stream.bytes))
    content = b"".join(joined.stream.bytes + joined.position.to_bytes(_NUMBER, "big") for joined in ordered)
    return Entry(case_key(case), sha256(content).digest())


def bucket_of(key: bytes) -> int:
    """The number of the bucket that a key belongs to."""
    return int.from_bytes(key[:2], "big")


def bucket_hash(entries: Iterable[Entry]) -> bytes:
    """The hash of a bucket with these entries, in whichever order they are given.

    Raises:
        ValueError: a key is there twice.
    """
    ordered = sorted(entries)
    if not _ascending(ordered):
        raise ValueError("a bucket holds a key once")
    return _hash_of_ordered(ordered)


class HeadsTree:
    """The hashes over the buckets; a change of some buckets is taken in by way of their paths alone."""

    def __init__(self, buckets: Mapping[int, bytes] | None = None) -> None:
        """A map whose buckets have these hashes; the others are empty."""
        self._levels: list[dict[int, bytes]] = [{} for _ in range(LEVELS + 1)]
        self.change(buckets or {})

    def change(self, buckets: Mapping[int, bytes]) -> None:
        """Take in the new hashes of some buckets.

        Raises:
            ValueError: there is no bucket of such a number.
        """
        if any(not 0 <= number < BUCKETS for number in buckets):
            raise ValueError(f"buckets are numbered from 0 to {BUCKETS - 1}")
        self._levels[0].update(buckets)
        changed = set(buckets)
        for level in range(LEVELS):
            changed = {number >> 1 for number in changed}
            for number in changed:
                left, right = self._hash_at(level, 2 * number), self._hash_at(level, 2 * number + 1)
                self._levels[level + 1][number] = _node(left, right)

    @property
    def root(self) -> bytes:
        """The root over all buckets."""
        return self._hash_at(LEVELS, 0)

    def siblings(self, bucket: int) -> tuple[bytes, ...]:
        """The hashes beside the way from a bucket to the root, lowest first."""
        return tuple(self._hash_at(level, (bucket >> level) ^ 1) for level in range(LEVELS))

    def bucket(self, number: int) -> bytes:
        """The hash of a bucket."""
        return self._hash_at(0, number)

    def _hash_at(self, level: int, number: int) -> bytes:
        return self._levels[level].get(number, _EMPTY[level])


def heads_root(buckets: Mapping[int, bytes]) -> bytes:
    """The root of the map whose buckets have these hashes; buckets that are not named are empty.

    Raises:
        ValueError: there is no bucket of such a number.
    """
    return HeadsTree(buckets).root


def bucket_hashes(entries: Iterable[Entry]) -> dict[int, bytes]:
    """The hash of every bucket that some of these entries belong to.

    Raises:
        ValueError: a key is there twice.
    """
    sorted_out: dict[int, list[Entry]] = {}
    for entry in entries:
        sorted_out.setdefault(bucket_of(entry.key), []).append(entry)
    return {number: bucket_hash(members) for number, members in sorted_out.items()}


def prove_head(tree: HeadsTree, key: bytes, bucket: Iterable[Entry]) -> HeadProof:
    """The proof of what stands under a key, or that nothing does, from the entries of its bucket.

    Raises:
        ValueError: these are not the entries of the bucket as the tree has it.
    """
    entries, number = tuple(sorted(bucket)), bucket_of(key)
    if bucket_hash(entries) != tree.bucket(number):
        raise ValueError("the entries are not those that the bucket's hash stands for")
    return HeadProof(entries, tree.siblings(number))


def check_head(key: bytes, value: bytes | None, proof: HeadProof, root: bytes) -> None:
    """Under this key stands this value in the map that has this root; or, where none is given, nothing stands there.

    Raises:
        ProofInvalidError: the proof does not show it.
    """
    number = bucket_of(key)
    _check_form(key, proof, root)
    if any(bucket_of(entry.key) != number for entry in proof.bucket) or not _ascending(proof.bucket):
        raise ProofInvalidError("a bucket holds the keys that belong to it, each once, in ascending order")
    digest = _hash_of_ordered(proof.bucket)
    for level, sibling in enumerate(proof.siblings):
        digest = _node(sibling, digest) if number >> level & 1 else _node(digest, sibling)
    if digest != root:
        raise ProofInvalidError("the bucket leads to another root")
    if dict(proof.bucket).get(key) != value:
        raise ProofInvalidError("the map says otherwise of this key")


def _check_form(key: bytes, proof: HeadProof, root: bytes) -> None:
    hashes = [key, root, *proof.siblings, *(part for entry in proof.bucket for part in entry)]
    if len(proof.siblings) != LEVELS or any(len(digest) != HASH_SIZE for digest in hashes):
        raise ProofInvalidError(f"a proof of a head has {LEVELS} hashes beside its bucket, each {HASH_SIZE} bytes long")


def _ascending(entries: Sequence[Entry]) -> bool:
    return all(one.key < other.key for one, other in pairwise(entries))


def _hash_of_ordered(entries: Sequence[Entry]) -> bytes:
    return (
        sha256(b"\x02" + b"".join(entry.key + entry.value for entry in entries)).digest() if entries else EMPTY_BUCKET
    )


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x03" + left + right).digest()


def _empty_levels() -> list[bytes]:
    hashes = [EMPTY_BUCKET]
    for _ in range(LEVELS):
        hashes.append(_node(hashes[-1], hashes[-1]))
    return hashes


_EMPTY: Final = _empty_levels()
"""The hash of a part of the map without entries, by its height."""
