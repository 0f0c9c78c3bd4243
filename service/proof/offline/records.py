"""One line of `events.ndjson`: the record that the tree commits to, and the payload exactly as it was stored."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Callable, NamedTuple

from service.proof.offline.damage import DamageError
from service.proof.offline.merkle import leaf_hash
from service.proof.offline.reading import canonical_bytes, is_count, is_hash, is_instant, is_uuid, parsed

LEAF_FORMAT = "incident-ledger-leaf/1"
_BYTES = re.compile(r"(?:[0-9a-f]{2})*")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_uuids(value: Any) -> bool:
    return isinstance(value, list) and all(is_uuid(each) for each in value)


def _is_format(value: Any) -> bool:
    return bool(value == LEAF_FORMAT)


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _BYTES.fullmatch(value) is not None


def _is_request(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _REQUEST.keys()
        and all(_REQUEST[key](value[key]) for key in _REQUEST)
    )


_REQUEST: dict[str, Callable[[Any], bool]] = {
    "key": _is_digest,
    "body": _is_digest,
    "stream": is_uuid,
    "stream_version": is_count,
    "first_position": is_count,
    "last_position": is_count,
    "recorded_at": is_instant,
}

_RECORD: dict[str, Callable[[Any], bool]] = {
    "format": _is_format,
    "log": _is_text,
    "position": is_count,
    "id": is_uuid,
    "stream": is_uuid,
    "stream_version": is_count,
    "kind": _is_text,
    "stream_organisation": _is_text,
    "cases": _is_uuids,
    "type": _is_text,
    "payload_sha256": is_hash,
    "organisation": _is_text,
    "actor": is_uuid,
    "correlation_id": lambda value: value is None or isinstance(value, str),
    "causation_id": lambda value: value is None or is_uuid(value),
    "effective_at": is_instant,
    "recorded_at": is_instant,
    "editions": _is_texts,
    "build": _is_text,
    "request": _is_request,
    "previous": lambda value: value is None or is_hash(value),
}


class Entry(NamedTuple):
    """An event of a pack."""

    record: dict[str, Any]
    payload: bytes
    leaf: bytes
    """The hash of its leaf."""

    @property
    def position(self) -> int:
        """Where it stands in the log."""
        position: int = self.record["position"]
        return position


def entry_of(line: bytes, expected: int, origin: str) -> Entry:
    """The event in one line; `expected` names the line's place where it does not say its own.

    Raises:
        DamageError: the line is not written as packs write it, or is of another log.
    """
    record, payload = _read(line, expected)
    position = record["position"]
    wrong = [name for name, fits in _RECORD.items() if not fits(record[name])]
    if wrong:
        raise DamageError("edited", f"{wrong[0]} is not of the form that records have", position)
    if record["log"] != origin:
        raise DamageError("edited", "the record is of another log", position)
    try:
        data, stored, text = canonical_bytes(record), payload.encode("utf-8"), canonical_bytes(payload)
    except ValueError:
        raise DamageError("edited", "a text holds half a letter, which no UTF-8 has", position) from None
    if line != b'{"payload":' + text + b',"record":' + data + b"}":
        raise DamageError("edited", "the line is not the canonical form of what it says", position)
    return Entry(record, stored, leaf_hash(data))


def check_payload(entry: Entry) -> None:
    """Pass an event whose payload is the one that its record names.

    Raises:
        DamageError: it is another payload.
    """
    if hashlib.sha256(entry.payload).hexdigest() != entry.record["payload_sha256"]:
        raise DamageError("payload-changed", "the payload is not the one that the record commits to", entry.position)


def _read(line: bytes, expected: int) -> tuple[dict[str, Any], str]:
    try:
        whole = parsed(line, canonical=True)
    except ValueError:
        raise DamageError("edited", "the line is not JSON", expected) from None
    if not isinstance(whole, dict) or whole.keys() != {"record", "payload"}:
        raise DamageError("edited", "the line is not a record with its payload", expected)
    record, payload = whole["record"], whole["payload"]
    if not isinstance(record, dict) or record.keys() != _RECORD.keys() or not isinstance(payload, str):
        raise DamageError("edited", "the line is not a record with its payload", expected)
    if not is_count(record["position"]):
        raise DamageError("edited", "the record does not say where it stands", expected)
    return record, payload
