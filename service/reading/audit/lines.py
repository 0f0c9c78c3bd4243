"""Events as an auditor has them, read from the lines of `/v1/events` or of an evidence pack, for a figure worked out again."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from projections.engine.feed import Told
from service.reading.stories import told_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


class LineUnreadableError(ValueError):
    """The line is no event that can be told: a stub, or something else."""


def told_of_line(line: bytes) -> Told:
    """The event on one line of NDJSON, with what is sealed in it left sealed.

    Raises:
        LineUnreadableError: it holds no event; a stub says nothing but its position.
        CodecError: the payload is not what the stored name says.
        StoredNameUnknownError: this program does not know the event.
    """
    try:
        read: dict[str, Any] = orjson.loads(line)
        record, payload = read.get("record", read), read["payload"]
        event = _event(record, payload.encode() if isinstance(payload, str) else orjson.dumps(payload))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LineUnreadableError("this line is no event") from error
    [told] = told_of([event], Codec())
    return told


def told_among(lines: Iterable[bytes], wanted: Collection[int]) -> list[Told]:
    """The events at these positions, among the lines of an export; the others are not even decoded.

    Raises:
        LineUnreadableError: a line is no event, or one that is wanted is a stub.
        CodecError: a payload is not what its stored name says.
        StoredNameUnknownError: this program does not know the event.
    """
    return [told_of_line(line) for line in lines if line.strip() and _position_of(line) in wanted]


def _position_of(line: bytes) -> int:
    try:
        read: dict[str, Any] = orjson.loads(line)
        return int(read.get("record", read)["position"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LineUnreadableError("a line of the events is no event") from error


def _event(record: Mapping[str, Any], payload: bytes) -> LedgerEvent:
    causation = record.get("causation_id")
    return LedgerEvent(
        position=int(record["position"]),
        stream=UUID(record["stream"]),
        version=int(record["stream_version"]),
        # A stored name begins with the kind of stream that it is told in.
        kind=str(record.get("kind") or record["type"].split(".")[0]),
        event_id=UUID(record["id"]),
        type=str(record["type"]),
        payload=payload,
        organisation=str(record["organisation"]),
        actor=UUID(record["actor"]),
        correlation=record.get("correlation_id"),
        causation=None if causation is None else UUID(causation),
        effective_at=datetime.fromisoformat(record["effective_at"]),
        recorded_at=datetime.fromisoformat(record["recorded_at"]),
        editions=tuple(record["editions"]),
        build=str(record.get("build", "")),
        cases=tuple(UUID(case) for case in record.get("cases", ())),
    )
