"""Checkpoints: what was signed of the whole log, newest first, and the keys that sign. They reveal a size and a root."""

from typing import Any, Final, cast
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

from service.api.answers import Freshness, conditional_answer, record_answer
from service.api.app import caller_of
from service.api.conventions import JSON, accepted
from service.api.fields import Instant
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, Limit, NoParameters, Position, Switch, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import not_found, said_in_problems
from service.api.queries.schemas import listed
from service.reading.audit.proofs import READS_PROOFS, ProofReading, checkpoint_shown
from service.reading.audit.shown import ShownCases
from service.store.proofs.proofs import Published

TEXT: Final = "text/plain"
TAG: Final = "audit"
SIZE_MOST: Final = 2**63 - 1
_FORMS: Final = (JSON, TEXT)

_COSIGNATURE: Final[type[BaseModel]] = create_model(
    "Cosignature", name=(str, ...), key_id=(str, ...), line=(str, ...), made_at=(Instant, ...)
)
CHECKPOINT: Final[type[BaseModel]] = create_model(
    "Checkpoint",
    size=(int, ...),
    root=(str, ...),
    origin=(str, ...),
    note=(str, ...),
    heads_root=(str, ...),
    heads_note=(str, ...),
    made_at=(Instant, ...),
    lag=(int, ...),
    cosignatures=(list[_COSIGNATURE], ...),
)
_ORIGIN: Final[type[BaseModel]] = create_model(
    "Origin", origin=(str, ...), since_size=(int, ...), decided_at_position=(int | None, ...)
)
_KEY: Final[type[BaseModel]] = create_model("SigningKey", number=(int, ...), signs=(bool, ...), vkey=(str, ...))
_WITNESS: Final[type[BaseModel]] = create_model("Witness", name=(str, ...), vkey=(str, ...))
_KEYS: Final[type[BaseModel]] = create_model(
    "ProofKeys",
    log=(str, ...),
    origin=(str, ...),
    origins=(list[_ORIGIN], ...),
    keys=(list[_KEY], ...),
    witnesses=(list[_WITNESS], ...),
)


class LatestParameters(NoParameters):
    """Which checkpoint: the largest one."""

    min_position: Position | None = None
    """Wait until a checkpoint covers this position."""


class CheckpointsParameters(NoParameters):
    """Which checkpoints: those smaller than a size, the largest first."""

    before: Position | None = None
    limit: Limit = LIMIT_USUAL
    envelope: Switch = False


def add_checkpoints(router: APIRouter) -> None:
    """Serve the checkpoints and the keys."""
    latest = query(
        LatestParameters, CHECKPOINT, summary="The largest signed checkpoint of the log", tag=TAG, forms=(TEXT,)
    )
    router.get("/v1/audit/checkpoints/latest", **latest)(latest_checkpoint)
    several = query(CheckpointsParameters, listed("Checkpoint", CHECKPOINT), summary="Signed checkpoints", tag=TAG)
    router.get("/v1/audit/checkpoints", **several)(checkpoints)
    one = query(NoParameters, CHECKPOINT, summary="The signed checkpoint of one size", tag=TAG, forms=(TEXT,))
    one["openapi_extra"]["parameters"].append(size_described())
    router.get("/v1/audit/checkpoints/{size}", **one)(checkpoint)
    keys = query(
        NoParameters, _KEYS, summary="The keys that sign checkpoints, and witnesses: a hint, no proof", tag=TAG
    )
    router.get("/v1/audit/keys", **keys)(verifier_keys)


def size_described() -> dict[str, Any]:
    """How the document describes the size in a path."""
    schema = {"type": "integer", "minimum": 1, "maximum": SIZE_MOST}
    return {"name": "size", "in": "path", "required": True, "schema": schema}


def proof_of(request: Request) -> ProofReading:
    """What answers questions about the proof.

    Raises:
        ProblemError: the caller may not read it.
    """
    if not caller_of(request).actor.roles & READS_PROOFS:
        raise ProblemError("access.not-permitted")
    return cast("ProofReading", request.app.state.proofs)


async def latest_checkpoint(request: Request) -> Response:
    """The largest checkpoint."""
    parameters = read_parameters(request, LatestParameters)
    reading = proof_of(request)
    async with said_in_problems():
        found = await reading.latest(min_position=parameters.min_position or 0)
    return await _answered(request, reading, found)


async def checkpoint(request: Request) -> Response:
    """The checkpoint of one size."""
    read_parameters(request, NoParameters)
    reading = proof_of(request)
    return await _answered(request, reading, await reading.at(size_in(request)))


async def checkpoints(request: Request) -> Response:
    """Checkpoints, the largest first."""
    parameters = read_parameters(request, CheckpointsParameters)
    accepted(request)
    reading = proof_of(request)
    head, before = await reading.head(), SIZE_MOST if parameters.before is None else parameters.before
    found = await reading.below(before, limit=parameters.limit + 1)
    shown = [checkpoint_shown(each, head=head) for each in found[: parameters.limit]]
    link = _next(request, shown[-1]["size"]) if len(found) > parameters.limit else None
    body = {"items": shown, "next": link, "total": None} if parameters.envelope else shown
    freshness = _freshness(request, found[0] if found else None, head)
    answer = await conditional_answer(request, orjson.dumps(body), freshness, ShownCases())
    if link is not None:
        answer.headers["Link"] = f'<{link}>; rel="next"'
    return answer


def _next(request: Request, before: int) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "before"]
    return f"{request.url.path}?{urlencode([*kept, ('before', str(before))])}"


async def verifier_keys(request: Request) -> Response:
    """The keys that sign, and those that have signed."""
    read_parameters(request, NoParameters)
    reading = proof_of(request)
    keys, head = await reading.keys(), await reading.head()
    return await record_answer(request, keys, _freshness(request, None, head), ShownCases())


def size_in(request: Request) -> int:
    """The size in the path.

    Raises:
        ProblemError: it is none, so there is no such checkpoint.
    """
    text = request.path_params["size"]
    if not (text.isascii() and text.isdigit()) or text.startswith("0") or int(text[:20]) > SIZE_MOST:
        raise not_found()
    return int(text)


async def said(request: Request, body: dict[str, Any], text: str, found: Published, *, head: int) -> Response:
    """An answer under a checkpoint, as JSON or, where the client likes it better, as text."""
    freshness = _freshness(request, found, head)
    if accepted(request, _FORMS) == JSON:
        return await conditional_answer(request, orjson.dumps(body), freshness, ShownCases())
    headers = freshness.headers() | {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    return Response(text, headers=headers, media_type=TEXT)


async def _answered(request: Request, reading: ProofReading, found: Published | None) -> Response:
    if found is None:
        raise not_found()
    head = await reading.head()
    return await said(request, checkpoint_shown(found, head=head), found.note, found, head=head)


def _freshness(request: Request, found: Published | None, head: int) -> Freshness:
    size = found.size if found else 0
    return Freshness(
        position=size,
        lag=max(0, head - size) if found else 0,
        changed_at=size,
        projection="proof",
        reader=str(caller_of(request).actor.organisation),
    )
