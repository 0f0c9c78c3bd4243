"""The record of an event from its stored columns: the bytes that the tree should have committed to."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from service.proof.offline.merkle import leaf_hash
from service.proof.offline.reading import canonical_bytes
from service.proof.offline.records import LEAF_FORMAT

_POSITION: Final = 0
_STREAM: Final = 1
_VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Row:
    """An event with what stands about its stream, as the database gave them."""

    columns: tuple[Any, ...]

    @property
    def position(self) -> int:
        """Where it stands."""
        return int(self.columns[_POSITION])

    @property
    def stream(self) -> str:
        """Its stream."""
        return str(self.columns[_STREAM])

    @property
    def version(self) -> int:
        """Its place in the stream."""
        return int(self.columns[_VERSION])

    @property
    def type(self) -> str:
        """Its stored name."""
        return str(self.columns[4])

    @property
    def payload(self) -> bytes:
        """The stored bytes."""
        return bytes(self.columns[5])

    @property
    def recorded_at(self) -> str:
        """When it was recorded."""
        return str(self.columns[11])

    @property
    def known(self) -> bool:
        """Whether a row says what its stream is."""
        return self.columns[14] is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """The ledger's memory of a request."""

    first: int
    last: int
    record: dict[str, Any]


def asked_of(columns: Any) -> Asked:
    """A row of the ledger's memory of requests."""
    first, last, key, body, stream, version, recorded_at = columns
    record = {
        "key": key,
        "body": body,
        "stream": stream,
        "stream_version": version,
        "first_position": first,
        "last_position": last,
        "recorded_at": recorded_at,
    }
    return Asked(first, last, record)


def leaf_of(row: Row, log: str, request: dict[str, Any], previous: bytes | None) -> bytes:
    """The hash of the leaf that these columns make.

    Raises:
        ValueError: a text has no canonical form; no such event was ever committed to.
    """
    position, stream, version, event, name, payload, organisation, actor = row.columns[:8]
    correlation, causation, effective_at, recorded_at, editions, build, kind, owner, cases = row.columns[8:]
    record = {
        "format": LEAF_FORMAT,
        "log": log,
        "position": position,
        "id": event,
        "stream": stream,
        "stream_version": version,
        "kind": kind,
        "stream_organisation": owner,
        "cases": cases,
        "type": name,
        "payload_sha256": hashlib.sha256(payload).hexdigest(),
        "organisation": organisation,
        "actor": actor,
        "correlation_id": correlation,
        "causation_id": causation,
        "effective_at": effective_at,
        "recorded_at": recorded_at,
        "editions": editions,
        "build": build,
        "request": request,
        "previous": previous.hex() if previous else None,
    }
    return leaf_hash(canonical_bytes(record))
