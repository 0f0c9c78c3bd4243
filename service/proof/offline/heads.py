"""The map of stream heads: what every stream and every case had come to when a checkpoint was signed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from service.proof.offline.damage import DamageError
from service.proof.offline.reading import expect, hashes_of_base64, is_hash, is_uuid, member

LEVELS = 16
BUCKETS = 2**LEVELS
_EMPTY = bytes(32)


class HeadProof(NamedTuple):
    """A whole bucket of the map, with the way from it to the root."""

    entries: dict[bytes, bytes]
    siblings: list[bytes]
    bucket: int


def stream_key(stream: str) -> bytes:
    """Where a stream stands in the map."""
    return hashlib.sha256(b"stream\x00" + uuid.UUID(stream).bytes).digest()


def case_key(case: str) -> bytes:
    """Where a case stands in the map."""
    return hashlib.sha256(b"case\x00" + uuid.UUID(case).bytes).digest()


def stream_value(version: int, leaf: bytes) -> bytes:
    """What the map says of a stream: its newest event."""
    return hashlib.sha256(version.to_bytes(8, "big") + leaf).digest()


def case_value(joined: Iterable[tuple[int, str]]) -> bytes:
    """What the map says of a case: which streams it has, and from which position on each."""
    parts = [uuid.UUID(stream).bytes + position.to_bytes(8, "big") for position, stream in sorted(joined)]
    return hashlib.sha256(b"".join(parts)).digest()


def bucket_of(key: bytes) -> int:
    """The bucket that a key falls into."""
    return int.from_bytes(key[:2], "big")


def bucket_hash(entries: dict[bytes, bytes]) -> bytes:
    """The hash of a bucket."""
    if not entries:
        return _EMPTY
    return hashlib.sha256(b"\x02" + b"".join(key + entries[key] for key in sorted(entries))).digest()


def node_of_heads(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node of the map."""
    return hashlib.sha256(b"\x03" + left + right).digest()


def map_root(buckets: dict[int, bytes]) -> bytes:
    """The root over all buckets; those that are not given are empty."""
    level, empty = dict(buckets), _EMPTY
    for _ in range(LEVELS):
        parents = {number >> 1 for number in level}
        level = {
            each: node_of_heads(level.get(2 * each, empty), level.get(2 * each + 1, empty)) for each in sorted(parents)
        }
        empty = node_of_heads(empty, empty)
    return level.get(0, empty)


def map_of(values: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The root of the map that holds these keys with their values."""
    buckets: dict[int, dict[bytes, bytes]] = {}
    for key, value in values:
        buckets.setdefault(bucket_of(key), {})[key] = value
    return map_root({number: bucket_hash(entries) for number, entries in buckets.items()})


def head_proof_of(value: Any) -> tuple[str, str, HeadProof]:
    """A proof as `proofs.json` writes it: the kind of its subject, the subject, the proof.

    Raises:
        DamageError: it has another form.
    """
    where = "a proof of a stream head"
    proof = expect(value, dict, where)
    kind, subject = member(proof, "kind", str, where), member(proof, "subject", str, where)
    entries: dict[bytes, bytes] = {}
    pairs = member(proof, "bucket", list, where)
    for pair in pairs:
        if not isinstance(pair, list) or [is_hash(each) for each in pair] != [True, True]:
            raise DamageError("forged-proof", "an entry of a bucket is not a key with its value")
        entries[bytes.fromhex(pair[0])] = bytes.fromhex(pair[1])
    if not is_uuid(subject) or kind not in ("stream", "case"):
        raise DamageError("forged-proof", "a proof of a stream head does not say what it is about")
    if [pair[0] for pair in pairs] != sorted({pair[0] for pair in pairs}):
        raise DamageError("forged-proof", f"the bucket of {kind} {subject} is not in order")
    key = stream_key(subject) if kind == "stream" else case_key(subject)
    return kind, subject, HeadProof(entries, hashes_of_base64(proof.get("siblings"), where), bucket_of(key))


def check_head(proof: HeadProof, root: bytes, name: str) -> None:
    """Pass a bucket that lies under the root of the map.

    Raises:
        DamageError: it does not.
    """
    if len(proof.siblings) != LEVELS or any(bucket_of(key) != proof.bucket for key in proof.entries):
        raise DamageError("forged-proof", f"the proof for {name} is not one of this map")
    node, place = bucket_hash(proof.entries), proof.bucket
    for sibling in proof.siblings:
        node = node_of_heads(sibling, node) if place & 1 else node_of_heads(node, sibling)
        place >>= 1
    if node != root:
        raise DamageError("forged-proof", f"the proof for {name} does not lead to the signed root of the stream heads")
