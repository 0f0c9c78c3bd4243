"""How a route says what it takes and answers, and how that becomes one complete OpenAPI document."""

import re
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter

from service.api.layers.purposes import PURPOSE_PARAMETER
from service.api.parameters import NoParameters, described
from service.api.problems import MEDIA_TYPE

_REFERENCE: Final = "#/components/schemas/{model}"
_DEFINITIONS: Final = "$defs"
_BEARER: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
_OPEN: Final = frozenset({"/_ping", "/_status"})

_IN_PATH: Final = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
_ID: Final = {"type": "string", "format": "uuid"}
_ODS: Final = {"type": "string", "pattern": "^[A-Z0-9]{3,8}$"}

_PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "An answer that says no (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
        "reasons": {"type": "array", "items": {"type": "string"}},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_RECORDED_SCHEMA: Final[dict[str, Any]] = {
    "title": "Recorded",
    "description": "What a command did; given only after it is durable.",
    "type": "object",
    "required": ["id", "stream_version", "position", "links"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "stream_version": {"type": "integer"},
        "position": {"type": "integer"},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_COMMAND_HEADERS: Final = (
    ("Idempotency-Key", "Send the command again under the same key: it is taken once."),
    ("If-Match", 'W/"n": refuse the command (412) where the stream is no longer at version n.'),
)

QUESTION_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Send the question again under the same key: it is taken once.",
    "schema": {"type": "string"},
}
"""The key of a question that a worker answers."""


def command(body: type[BaseModel], *, summary: str, tag: str) -> dict[str, Any]:
    """What `router.post(path, **command(Body, ...))` says of a command that takes a JSON body."""
    parameters = [
        {"name": name, "in": "header", "required": False, "description": what, "schema": {"type": "string"}}
        for name, what in _COMMAND_HEADERS
    ]
    content = {"application/json": {"schema": body.model_json_schema(ref_template=_REFERENCE)}}
    recorded = {"application/json": {"schema": {"$ref": _REFERENCE.format(model="Recorded")}}}
    return {
        "summary": summary,
        "tags": [tag],
        "status_code": 201,
        "responses": {
            200: {"description": "Taken; nothing new was recorded", "content": recorded},
            201: {"description": "Recorded", "content": recorded},
            **_problems(),
        },
        "openapi_extra": {"parameters": parameters, "requestBody": {"required": True, "content": content}},
    }


def query(
    parameters: type[NoParameters], answer: Any, *, summary: str, tag: str, forms: Sequence[str] = ()
) -> dict[str, Any]:
    """What `router.get(path, **query(Parameters, Answer, ...))` says of a query; `forms` are other media types."""
    schema = TypeAdapter(answer).json_schema(ref_template=_REFERENCE, mode="serialization")
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    content |= {form: {"schema": {"type": "string"}} for form in forms}
    return {
        "summary": summary,
        "tags": [tag],
        "responses": {
            200: {"description": "The answer", "content": content},
            304: {"description": "Nothing has changed"},
            **_problems(),
        },
        "openapi_extra": {"parameters": [*described(parameters), PURPOSE_PARAMETER]},
    }


def asking(body: type[BaseModel], answer: Any, *, summary: str, tag: str) -> dict[str, Any]:
    """What `router.post(path, **asking(Body, Answer, ...))` says of a question that is too long for a query string."""
    asked = {"application/json": {"schema": body.model_json_schema(ref_template=_REFERENCE)}}
    schema = TypeAdapter(answer).json_schema(ref_template=_REFERENCE, mode="serialization")
    return {
        "summary": summary,
        "tags": [tag],
        "responses": {
            200: {
                "description": "The answer; nothing was written",
                "content": {"application/json": {"schema": schema}},
            },
            **_problems(),
        },
        "openapi_extra": {
            "parameters": [PURPOSE_PARAMETER],
            "requestBody": {"required": True, "content": asked},
        },
    }


def _problems() -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return {"default": {"description": "A problem (RFC 9457)", "content": content}}


def operation_id(route: APIRoute) -> str:
    """A name for client generators, from what never changes: the method and the path."""
    words = re.findall(r"[A-Za-z0-9]+", route.path_format)
    return "_".join([*sorted(method.lower() for method in route.methods or ()), *words])


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """The whole document, complete: bodies, parameters, problems, and who may call."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": _PROBLEM_SCHEMA, "Recorded": _RECORDED_SCHEMA}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in _METHODS:
                _complete(operation, schemas, closed=path not in _OPEN)
                _name_path(path, operation)
    components["schemas"] = dict(sorted(schemas.items()))
    return document


def _name_path(path: str, operation: dict[str, Any]) -> None:
    """Declare the names in the path that the route reads by itself: ids, but for an organisation's code."""
    declared = {entry["name"] for entry in operation.get("parameters", ()) if entry["in"] == "path"}
    missing = [name for name in _IN_PATH.findall(path) if name not in declared]
    if missing:
        shown = [
            {"name": name, "in": "path", "required": True, "schema": _ODS if name == "ods" else _ID} for name in missing
        ]
        operation["parameters"] = [*shown, *operation.get("parameters", ())]


def _complete(operation: dict[str, Any], schemas: dict[str, Any], *, closed: bool) -> None:
    operation["security"] = _BEARER if closed else []
    operation["responses"].pop("422", None)
    operation["responses"] |= {
        code: answer for code, answer in _problems().items() if code not in operation["responses"]
    }
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        for media in holder.get("content", {}).values():
            if "schema" in media:
                media["schema"] = _lifted(media["schema"], schemas)


def _lifted(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Move the definitions that a schema carries to where the whole document finds them."""
    for name, definition in schema.pop(_DEFINITIONS, {}).items():
        if schemas.setdefault(name, definition) != definition:
            raise ValueError(f"two different schemas are called {name}")
    if schema.get("type") != "object" or "title" not in schema:
        return schema
    name = schema["title"]
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(f"two different schemas are called {name}")
    return {"$ref": _REFERENCE.format(model=name)}
