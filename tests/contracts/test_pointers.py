"""Where a refusal says what is at fault, it names a field that callers can send."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from service.document import openapi

DOMAIN = Path(__file__).parents[2] / "domain"


def said_in(node: ast.expr) -> str:
    """A pointer as it is written, with what is filled in left out."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def pointers() -> Iterator[tuple[str, str]]:
    """Every pointer that a refusal of the domain gives, with the module that gives it."""
    for path in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "pointers" and isinstance(node.value, ast.Tuple):
                yield from ((path.stem, said_in(each)) for each in node.value.elts)


def fields_of(schema: Any) -> Iterator[str]:
    """Every name of a field, anywhere in a document."""
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from fields_of(value)
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from schema["properties"]


def sendable() -> set[str]:
    """The fields of all bodies, and the names in paths."""
    document = openapi()
    in_paths = (step.strip("{}") for path in document["paths"] for step in path.split("/") if step.startswith("{"))
    return {*chain(fields_of(document["components"]["schemas"]), in_paths)}


def test_every_pointer_of_a_refusal_names_fields_that_callers_can_send() -> None:
    known = sendable()
    found = list(pointers())
    unknown = [
        (module, pointer)
        for module, pointer in found
        for step in pointer.split("/")
        # Of `{kind}_harm` only the end is written.
        if step not in known and not (step.startswith("_") and any(name.endswith(step) for name in known)) and step
    ]
    assert len(found) > 50
    assert unknown == []
