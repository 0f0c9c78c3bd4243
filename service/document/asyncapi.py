"""The events as an AsyncAPI 3 document: what a system that follows the log will meet, and what each field is for."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from service.document.described_fields import described, described_fields
from service.store.codec.shape import Either, Many, Maybe, Record, Shape, shape_of
from service.store.schemas import Schema, schema_of

VERSION: Final = "1"
"""The version of the contract; stored names carry their own."""

_CHANNEL: Final = "events"
_SCHEMAS: Final = "#/components/schemas/"
_DIALECT: Final = ("$schema", "$id", "$defs")

_INSTANT: Final = {"type": "string", "format": "date-time"}
_ID: Final = {"type": "string", "format": "uuid"}
_ENVELOPE: Final[dict[str, Schema]] = {
    "position": {"type": "integer", "minimum": 1, "description": "Its place in the log: 1, 2, 3 ... without a gap."},
    "id": {**_ID, "description": "The event's own id."},
    "stream": {**_ID, "description": "The record that it is a fact about."},
    "stream_version": {"type": "integer", "minimum": 1, "description": "Its place in that record's history."},
    "effective_at": {**_INSTANT, "description": "When the fact became true."},
    "recorded_at": {**_INSTANT, "description": "When the ledger learnt it; it never goes back."},
    "organisation": {"type": "string", "description": "Whose record it is."},
    "actor": {**_ID, "description": "Who gave the command, by pseudonym."},
    "correlation_id": {"type": ["string", "null"], "description": "What the caller tied it to."},
    "causation_id": {"type": ["string", "null"], "format": "uuid", "description": "The event that led to it."},
    "editions": {"type": "array", "items": {"type": "string"}, "description": "The policy editions it was decided by."},
}


def asyncapi() -> dict[str, Any]:
    """The document of every stored name.

    Raises:
        FieldUndescribedError: a field of an event is not described.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Incident Ledger: events",
            "version": VERSION,
            "description": (
                "Every fact that the ledger keeps, as /v1/events hands it out: in order, without a gap, never changed."
                " A payload is valid under the schema of its stored name for ever. Sealed values stay sealed."
            ),
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {
            _CHANNEL: {
                "address": "/v1/events",
                "title": "The log",
                "description": "Read by position; `application/x-ndjson` streams the whole range, one event a line.",
                "messages": {stored.name: {"$ref": f"#/components/messages/{stored.name}"} for stored in ALL},
            }
        },
        "operations": {
            "followTheLog": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{_CHANNEL}"},
                "summary": "The ledger tells what was recorded, in the order in which it was recorded.",
            }
        },
        "components": {
            "messages": {stored.name: _message(stored) for stored in ALL},
            "schemas": _schemas(),
        },
    }


def asyncapi_text() -> bytes:
    """The document as it is committed: sorted, indented, the same on every machine."""
    return orjson.dumps(asyncapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _message(stored: Stored) -> dict[str, Any]:
    payload = schema_of(stored)
    return {
        "name": stored.name,
        "title": payload["title"],
        "summary": payload["description"].split("\n")[0],
        "payload": {"$ref": f"{_SCHEMAS}{stored.name}"},
    }


def _schemas() -> dict[str, Schema]:
    """Each event as a whole, each payload's parts once."""
    found: dict[str, Schema] = {}
    for stored in ALL:
        described_fields(stored.event)  # nothing is published that is not described
        schema, records = schema_of(stored), dict(_records(shape_of(stored.event)))
        for name, part in schema.get("$defs", {}).items():
            found[name] = _told(part, records.get(name))
        body = _told({key: value for key, value in schema.items() if key not in _DIALECT}, stored.event)
        found[stored.name] = _whole(stored.name, body)
    return found


def _whole(name: str, payload: Schema) -> Schema:
    properties = {**_ENVELOPE, "type": {"type": "string", "const": name}, "payload": payload}
    return {
        "title": payload["title"],
        "description": payload["description"],
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _records(shape: Shape) -> Mapping[str, type[Any]]:
    match shape:
        case Record(type=record, parts=parts):
            inner = {name: kind for part in parts for name, kind in _records(part.shape).items()}
            return {record.__name__: record, **inner}
        case Maybe(inner=inside) | Many(each=inside):
            return _records(inside)
        case Either(options=options):
            return {name: kind for option in options for name, kind in _records(option).items()}
        case _:
            return {}


def _told(schema: Schema, record: type[Any] | None) -> Schema:
    """A schema with what is said of each field, its references made those of this document."""
    named: Schema = _referring(schema)
    if record is None:
        return named
    properties = {name: {**part, **_said(record, name)} for name, part in named["properties"].items()}
    return {**named, "properties": properties}


def _said(record: type[Any], name: str) -> Schema:
    said = described(record, name)
    return {"x-purpose": said.purpose, "x-data-class": str(said.data_class), "x-owner": str(said.owner)}


def _referring(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", _SCHEMAS) if key == "$ref" else _referring(value)
            for key, value in schema.items()
        }
    return [_referring(each) for each in schema] if isinstance(schema, list) else schema
