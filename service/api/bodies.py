"""How a route takes its body: one way in, strict, with every refusal a problem."""

import asyncio
import re
from typing import Final, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from service.api.edge import edge_of
from service.api.parameters import NoParameters, read_parameters
from service.api.problems import ProblemError, invalid
from service.api.strict_json import JsonLimits, parse_json, too_large

_JSON: Final = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?\s*', re.IGNORECASE)
_BODY: Final = "edge.body"


class StrictModel(BaseModel):
    """What every body is made of: no coercion, no unknown field, nothing changed after it was taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, model: type[Model], *, bulk: bool = False) -> Model:
    """The request's body as `model`; `bulk` allows the larger limits of a batch.

    Raises:
        ProblemError: the body is not JSON as the edge takes it, the model refuses it, or the query string (a command
            takes none) holds something.
    """
    read_parameters(request, NoParameters)
    edge = edge_of(request)
    limits = edge.limits.bulk if bulk else edge.limits.json
    _check_headers(request, limits)
    try:
        async with asyncio.timeout(edge.limits.body_seconds):
            raw = await _receive(request, limits)
    except TimeoutError:
        raise ProblemError("request.too-slow", headers={"Connection": "close"}) from None
    value = parse_json(raw, limits)
    request.scope[_BODY] = value
    try:
        return model.model_validate_json(raw, strict=True, context=edge.field_context)
    except ValidationError as error:
        refused = invalid(error.errors(include_url=False, include_input=False), value)
        raise ProblemError(refused.kind.code, errors=refused.errors) from None


def canonical_body(request: Request) -> bytes:
    """The body that `read_body` took, in one form for one value: members sorted, no white space.

    Two bodies that differ only in how they are written give the same bytes: a retry is told from a new command.
    """
    return orjson.dumps(request.scope.get(_BODY), option=orjson.OPT_SORT_KEYS)


def _check_headers(request: Request, limits: JsonLimits) -> None:
    headers = request.headers
    if not _JSON.fullmatch(headers.get("content-type", "")):
        raise ProblemError("request.content-type")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ProblemError("request.content-encoding")
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdecimal() and int(declared[:20]) > limits.size:
        raise too_large(limits.size)


async def _receive(request: Request, limits: JsonLimits) -> bytes:
    message = await request.receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        return bytes(message.get("body", b""))  # the ordinary case: one message, nothing copied
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ProblemError("request.incomplete")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limits.size:
            raise too_large(limits.size)
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await request.receive()
