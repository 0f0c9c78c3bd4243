"""One JSON Schema for each stored name, made from the events themselves: `python -m service.store.schemas [folder]`.

The payload of an event, as `/v1/events` hands it out, is valid under the schema of its stored name for ever.
"""

import json
import re
import sys
from datetime import date, datetime
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from service.store.codec.classify import OF_SECRET, Classification
from service.store.codec.shape import Either, Many, Maybe, Plain, Record, Secret, Shape, shape_of

FOLDER: Final = Path("openapi/events")
CLASSIFICATION: Final = "x-classification"

Schema = dict[str, Any]

_PLAIN: Final[dict[type[Any], Schema]] = {
    UUID: {"type": "string", "format": "uuid"},
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time", "pattern": "Z$"},
    date: {"type": "string", "format": "date"},
}


def schema_of(stored: Stored) -> Schema:
    """The JSON Schema of one event's payload; each field says how it is classified."""
    definitions: dict[str, Schema] = {}
    payload = _record(shape_of(stored.event), definitions)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:incident-ledger:event:{stored.name}",
    }
    return {**head, **payload, **({"$defs": dict(sorted(definitions.items()))} if definitions else {})}


def schema_text(stored: Stored) -> str:
    """The schema as the file holds it."""
    return json.dumps(schema_of(stored), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path = FOLDER) -> list[str]:
    """Write every schema; the stored names whose file was new or changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for stored in ALL:
        path, text = folder / f"{stored.name}.json", schema_text(stored)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(stored.name)
    return changed


def _record(record: Record, definitions: dict[str, Schema]) -> Schema:
    return {
        "title": _title(record.type.__name__),
        "description": cleandoc(record.type.__doc__ or ""),
        "type": "object",
        "properties": {part.name: _field(part.shape, definitions) for part in record.parts},
        "required": [part.name for part in record.parts if not part.optional],
        "additionalProperties": False,
    }


def _field(shape: Shape, definitions: dict[str, Schema]) -> Schema:
    schema = _schema(shape, definitions)
    leaf = shape
    while isinstance(leaf, Maybe | Many):
        leaf = leaf.inner if isinstance(leaf, Maybe) else leaf.each
    match leaf:
        case Secret(type=secret):
            return {**schema, CLASSIFICATION: str(OF_SECRET[secret])}
        case Record():
            return schema  # its own fields say it, one by one
        case _:
            return {**schema, CLASSIFICATION: str(Classification.PLAIN)}


def _schema(shape: Shape, definitions: dict[str, Schema]) -> Schema:
    match shape:
        case Plain(type=plain):
            return _enumeration(plain) if issubclass(plain, Enum) else dict(_PLAIN[plain])
        case Secret(type=secret):
            definitions[secret.__name__] = _secret(secret)
            return {"$ref": f"#/$defs/{secret.__name__}"}
        case Maybe(inner=inner):
            return {"anyOf": [_schema(inner, definitions), {"type": "null"}]}
        case Many(each=each):
            return {"type": "array", "items": _schema(each, definitions)}
        case Either(options=options):
            return {"anyOf": [_schema(option, definitions) for option in options]}
        case Record(type=record):
            definitions[record.__name__] = _record(shape, definitions)
            return {"$ref": f"#/$defs/{record.__name__}"}


def _enumeration(enumeration: type[Enum]) -> Schema:
    kind = "integer" if issubclass(enumeration, int) else "string"
    return {"type": kind, "enum": [member.value for member in enumeration]}


def _secret(secret: type[Any]) -> Schema:
    text = {
        "about": {"type": "string", "format": "uuid", "description": "The person, or the stream whose text it is."},
        "key": {"type": "string", "format": "uuid", "description": "The data key that it is sealed under."},
        "box": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "description": "The sealed value, as base64url."},
    }
    return {
        "title": _title(secret.__name__),
        "description": cleandoc(secret.__doc__ or ""),
        "type": "object",
        "properties": text,
        "required": list(text),
        "additionalProperties": False,
    }


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


if __name__ == "__main__":
    written = write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    sys.stdout.write("".join(f"{name}\n" for name in written))
