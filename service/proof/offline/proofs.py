"""`proofs.json`: the paths from events to the signed root, the heads of streams and cases, the way from an older tree."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from service.proof.offline.checkpoints import Checkpoint
from service.proof.offline.damage import DamageError
from service.proof.offline.heads import HeadProof, head_proof_of
from service.proof.offline.merkle import consistent, root_by_inclusion
from service.proof.offline.reading import (
    expect,
    hash_of_base64,
    hashes_of_base64,
    is_count,
    is_uuid,
    json_object,
    member,
)
from service.proof.offline.records import Entry

_PLACE = re.compile(r"[1-9][0-9]{0,15}")


class Grown(NamedTuple):
    """That the tree of the pack grew out of an older one."""

    size: int
    root: bytes
    path: list[bytes]


class Proofs(NamedTuple):
    """What `proofs.json` says."""

    inclusion: dict[int, Any]
    heads: dict[tuple[str, str], HeadProof]
    streams: dict[str, list[tuple[int, str]]]
    """Of each case its streams, with the position at which each joined it."""
    grown: Grown | None


def proofs_of(data: bytes) -> Proofs:
    """The proofs of a pack.

    Raises:
        DamageError: they are not of the form that packs have.
    """
    where = "proofs.json"
    said = json_object(data, where)
    inclusion = {}
    for place, path in member(said, "inclusion", dict, where).items():
        if not _PLACE.fullmatch(place):
            raise DamageError("forged-proof", "a path in proofs.json is of no position")
        inclusion[int(place)] = path
    heads: dict[tuple[str, str], HeadProof] = {}
    for each in member(said, "heads", list, where):
        kind, subject, proof = head_proof_of(each)
        heads[kind, subject] = proof
    streams = {case: _joined(pairs) for case, pairs in member(said, "streams", dict, where).items()}
    return Proofs(inclusion, heads, streams, _grown(said.get("consistency")))


def check_included(entry: Entry, proofs: Proofs, checkpoint: Checkpoint) -> None:
    """Pass an event whose path leads to the signed root.

    Raises:
        DamageError: it has none, or it does not.
    """
    position = entry.position
    if position not in proofs.inclusion:
        raise DamageError("inserted", "no proof shows that the log holds this event", position)
    path = hashes_of_base64(proofs.inclusion[position], f"the path of position {position}")
    root = root_by_inclusion(entry.leaf, position - 1, checkpoint.size, path)
    if root is None:
        raise DamageError("forged-proof", "its path is not one of a tree of this size", position)
    if root != checkpoint.root:
        raise DamageError("edited", "the record and its path do not lead to the signed root", position)


def check_grown(grown: Grown, checkpoint: Checkpoint) -> None:
    """Pass a path that shows that the older tree is the beginning of the signed one.

    Raises:
        DamageError: it does not.
    """
    if not consistent((grown.size, grown.root), (checkpoint.size, checkpoint.root), grown.path):
        raise DamageError(
            "not-consistent", f"the tree of {grown.size} events is not shown to be the beginning of this one"
        )


def _joined(value: Any) -> list[tuple[int, str]]:
    pairs = []
    for pair in expect(value, list, "the streams of a case"):
        if not isinstance(pair, list) or len(pair) != 2 or not is_uuid(pair[0]) or not is_count(pair[1]):  # noqa: PLR2004
            raise DamageError("forged-proof", "the streams of a case are not ids with positions")
        pairs.append((pair[1], pair[0]))
    return sorted(pairs)


def _grown(value: Any) -> Grown | None:
    if value is None:
        return None
    where = "the proof of consistency"
    said = expect(value, dict, where)
    size = member(said, "from", int, where)
    if not is_count(size):
        raise DamageError("forged-proof", f"{where} does not say how large the older tree was")
    root = hash_of_base64(said.get("root"), where)
    return Grown(size, root, hashes_of_base64(said.get("path"), where))
