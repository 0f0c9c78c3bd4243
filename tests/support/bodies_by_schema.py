"""Bodies made from the JSON Schemas of `openapi.json`: a right one, and one for each way in which a field can be wrong."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

_OPENAPI: Final = Path(__file__).parents[2] / "openapi" / "openapi.json"
OPENAPI: Final[dict[str, Any]] = json.loads(_OPENAPI.read_text(encoding="utf-8"))
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "2026-03-02T09:30:00Z",
    "date": "2026-03-02",
    "uuid": "01a00000-0000-7000-8000-000000000000",
}
_TEXTS: Final = ("ZZ1", "9990000077", "a" * 64, "a-code", "Words")
_ONE_OF_EACH: Final[Mapping[str, Any]] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "",
    "array": [],
    "object": {},
}
_MISSPELT: Final = "a_field_that_nobody_knows"

Schema = Mapping[str, Any]
Step = str | int


def body_schema(path: str) -> Schema:
    """The schema of the body that is posted to a path."""
    schema: Schema = OPENAPI["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def a_body(schema: Schema) -> Any:
    """A value that the schema takes, with every field given."""
    shape = _first(schema)
    match shape.get("type"):
        case "object":
            return {name: a_body(field) for name, field in shape.get("properties", {}).items()}
        case "array":
            return [a_body(shape["items"])]
        case "string":
            return _text(shape)
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case _:
            return {}


def _text(shape: Schema) -> str:
    if "const" in shape or "enum" in shape:
        return str(shape.get("const") or shape["enum"][0])
    if shape.get("format") in _FORMATS:
        return _FORMATS[shape["format"]]
    return next(text for text in _TEXTS if re.search(shape.get("pattern", ""), text))


def _first(schema: Schema) -> Schema:
    """What a value is made as: the first shape that is not null."""
    return next((shape for shape in branches(schema) if shape.get("type") != "null"), {})


def branches(schema: Schema) -> list[Schema]:
    """What a value may be: each shape, with every reference followed."""
    if "$ref" in schema:
        return branches(OPENAPI["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return [shape for each in schema["anyOf"] for shape in branches(each)] if "anyOf" in schema else [schema]


def wrong_bodies(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Bodies with one thing wrong each, and what that is: a field of the wrong type, left out, or unknown."""
    right = a_body(schema)
    for path, field in _fields(schema, ()):
        where = "/".join(map(str, path)) or "the body"
        for kind, value in _ONE_OF_EACH.items():
            if kind not in _taken(field):
                yield f"{where} as {kind}", _with(right, path, value)
        shape = _first(field)
        if shape.get("additionalProperties") is False:
            yield f"an unknown field in {where}", _with(right, (*path, _MISSPELT), 1)
            yield from ((f"{where} without {name}", _without(right, path, name)) for name in shape.get("required", ()))


def _fields(schema: Schema, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Schema]]:
    """Every field, and where it stands in the body that `a_body` makes."""
    yield path, schema
    shape = _first(schema)
    if shape.get("type") == "array":
        yield from _fields(shape["items"], (*path, 0))
    for name, field in shape.get("properties", {}).items():
        yield from _fields(field, (*path, name))


def _taken(schema: Schema) -> set[str]:
    """The types that are taken; an empty text and an empty object are never taken as a text or an object would be."""
    taken = {str(shape.get("type", "object")) for shape in branches(schema)} - {"string"}
    return taken | ({"integer"} if "number" in taken else set())


def _with(body: Any, path: tuple[Step, ...], value: Any) -> Any:
    if not path:
        return value
    changed = deepcopy(body)
    here = changed
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return changed


def _without(body: Any, path: tuple[Step, ...], name: str) -> Any:
    changed = deepcopy(body)
    here = changed
    for step in path:
        here = here[step]
    here.pop(name, None)
    return changed
