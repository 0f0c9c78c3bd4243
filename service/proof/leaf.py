"""The leaf: the bytes by which the tree commits to one event, to every column that is stored of it.

RFC 8785 (canonical JSON) over the fields below. The form is frozen: another one would carry another `format`, and the
leaves of the first one stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import rfc8785

from service.proof.hashing import leaf_hash

FORMAT: Final = "incident-ledger-leaf/1"
_LOG: Final = "incident-ledger/"
_SIMULATED: Final = "incident-ledger/simulated/"


@dataclass(frozen=True, slots=True)
class Request:
    """The ledger's memory of the request that appended the event: every column of it."""

    key: bytes
    body: bytes
    stream: UUID
    stream_version: int
    first_position: int
    last_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One event as the tree sees it; the payload is there as its hash, and the event before it in its stream as well."""

    log: str
    position: int
    id: UUID
    stream: UUID
    stream_version: int
    kind: str
    stream_organisation: str
    cases: tuple[UUID, ...]
    """The cases that the stream belonged to at this position, in the order of joining them."""
    type: str
    payload_sha256: bytes
    """The SHA-256 of the stored bytes of the payload."""
    organisation: str
    actor: UUID
    correlation_id: str | None
    causation_id: UUID | None
    effective_at: datetime
    recorded_at: datetime
    editions: tuple[str, ...]
    build: str
    request: Request
    previous: bytes | None
    """The leaf hash of the event before this one in the stream; none for the first."""

    @property
    def data(self) -> bytes:
        """The bytes of the leaf.

        Raises:
            ValueError: a value has no canonical form: an instant without a zone, a number beyond 2 to the power of 53,
                half of a surrogate pair.
        """
        return record_bytes(record_of(self))

    @property
    def hash(self) -> bytes:
        """The hash by which the leaf stands in the tree.

        Raises:
            ValueError: a value has no canonical form.
        """
        return leaf_hash(self.data)


def record_of(leaf: Leaf) -> dict[str, Any]:
    """The leaf as the JSON object that its bytes are made of.

    Raises:
        ValueError: an instant without a zone.
    """
    return {
        "format": FORMAT,
        "log": leaf.log,
        "position": leaf.position,
        "id": str(leaf.id),
        "stream": str(leaf.stream),
        "stream_version": leaf.stream_version,
        "kind": leaf.kind,
        "stream_organisation": leaf.stream_organisation,
        "cases": [str(case) for case in leaf.cases],
        "type": leaf.type,
        "payload_sha256": leaf.payload_sha256.hex(),
        "organisation": leaf.organisation,
        "actor": str(leaf.actor),
        "correlation_id": leaf.correlation_id,
        "causation_id": None if leaf.causation_id is None else str(leaf.causation_id),
        "effective_at": instant(leaf.effective_at),
        "recorded_at": instant(leaf.recorded_at),
        "editions": list(leaf.editions),
        "build": leaf.build,
        "request": _request(leaf.request),
        "previous": None if leaf.previous is None else leaf.previous.hex(),
    }


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """The bytes of a leaf that is at hand as its JSON object, as an evidence pack holds it.

    Raises:
        ValueError: the object has no canonical form.
    """
    return rfc8785.dumps(record)


def origin_of(first_event: UUID, *, simulated: bool = False) -> str:
    """The name of a log for ever: after its first event, and apart from others where its clock is a simulated one."""
    return f"{_SIMULATED if simulated else _LOG}{first_event}"


def instant(moment: datetime) -> str:
    """An instant in its one spelling: UTC, always six decimals.

    Raises:
        ValueError: it has no zone, so it is no instant.
    """
    if moment.utcoffset() is None:
        raise ValueError("an instant has a zone")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _request(request: Request) -> dict[str, Any]:
    return {
        "key": request.key.hex(),
        "body": request.body.hex(),
        "stream": str(request.stream),
        "stream_version": request.stream_version,
        "first_position": request.first_position,
        "last_position": request.last_position,
        "recorded_at": instant(request.recorded_at),
    }
