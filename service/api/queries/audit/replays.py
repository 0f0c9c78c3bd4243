"""Replays: a read model folded again from the ledger up to a position, its hash beside that of the one that answers."""

from http import HTTPStatus
from typing import Any, Final, cast

import orjson
from fastapi import APIRouter
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.actor import Role
from projections.models import MODELS
from service.api.answers import Freshness, record_answer
from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.commands.route import desk_of
from service.api.conventions import JSON, accepted, idempotency_key
from service.api.fields import CodeText, Instant, Uuid
from service.api.openapi import QUESTION_KEY, asking, query
from service.api.parameters import NoParameters, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import id_in, not_found, order_of, queries_of, said_in_problems
from service.api.queries.policy.what_if import KnownAt
from service.api.refusing.invalid import FieldError
from service.handling.identifiers import new_id
from service.handling.refusals import KeyReused
from service.reading.audit.shown import NO_CASES
from service.reading.queries import reached
from service.store.replays import NewReplay, Replay, Replays
from service.store.what_ifs.asked import JobStatus
from service.store.what_ifs.jobs import KeyReusedError, TooManyAskedError

PATH: Final = "/v1/audit/replays"
RETRY_SECONDS: Final = "1"
ROLES: Final = frozenset({Role.AUDITOR, Role.REGULATOR})
"""Who may ask: it costs the service something, and says how many records there are."""

_NAMES: Final = tuple(model.name for model in MODELS)


class ReplayAsked(StrictModel):
    """Which read model is folded again, up to which position or instant (default: the newest event)."""

    projection: CodeText
    as_known_at: KnownAt | None = None


def _schema(name: str, **fields: Any) -> Any:
    required: Any = {field: (kind, ...) for field, kind in fields.items()}
    return create_model(name, **required)


_DIFFERING: Final = ("only_replayed", "only_live", "different")
_TAKEN: Final = _schema("ReplayTaken", id=Uuid, status=str, position=int, links=dict[str, str])
_RESULT: Final = _schema(
    "ReplayResult",
    projection=str,
    rows_replayed=int,
    rows_live=int,
    digest_replayed=str,
    digest_live=str,
    equal=bool,
    differences=_schema("ReplayDifferences", **dict.fromkeys(_DIFFERING, int)),
    keys=_schema("ReplayKeys", **dict.fromkeys(_DIFFERING, list[str])),
)
_RECORD: Final = _schema(
    "Replay",
    id=Uuid,
    projection=str,
    position=int,
    status=JobStatus,
    events=int,
    asked_at=Instant,
    finished_at=Instant | None,
    expires_at=Instant,
    failure=str | None,
    result=_RESULT | None,
    links=dict[str, str],
)


def add_replays(router: APIRouter) -> None:
    """Serve the request, and what came of it."""
    summary = "Fold a read model again up to a position and compare it with the one that answers; a job"
    described = asking(ReplayAsked, _TAKEN, summary=summary, tag="audit")
    taken = described["responses"].pop(HTTPStatus.OK.value) | {
        "description": "Taken; Location says where its result is"
    }
    responses = {HTTPStatus.ACCEPTED.value: taken, **described["responses"]}
    described["openapi_extra"]["parameters"].append(QUESTION_KEY)
    router.post(PATH, **described | {"responses": responses, "status_code": HTTPStatus.ACCEPTED.value})(ask_replay)
    found = query(NoParameters, _RECORD, summary="A replay: how far it is, and its result", tag="audit")
    router.get(f"{PATH}/{{replay}}", **found)(one_replay)


def replays_of(request: Request) -> Replays:
    """What keeps the replays of this application."""
    return cast("Replays", request.app.state.replays)


async def ask_replay(request: Request) -> Response:
    """Take the replay on, and say where its result will be."""
    body = await read_body(request, ReplayAsked)
    accepted(request)
    key = idempotency_key(request)
    actor = caller_of(request).actor
    if not actor.roles & ROLES:
        raise ProblemError("access.not-permitted")
    if body.projection not in _NAMES:
        reason = f"There is no such read model; there are {', '.join(_NAMES)}."
        raise ProblemError("request.invalid", errors=[FieldError("/projection", "unknown-projection", reason)])
    async with said_in_problems():
        sight = await queries_of(request).sight(actor)
    seen = sight.records.organisations
    order = order_of(request, PATH, key)
    book = desk_of(request).book
    new = NewReplay(
        id=new_id(),
        asked_by=actor.id,
        organisation=actor.organisation,
        key=None if key is None else book.key_of(order),
        body=book.body_of(order),
        model=body.projection,
        position=await _position(request, body),
        providers=None if seen is None else sorted(seen),
    )
    try:
        async with said_in_problems(), reached():
            kept, replayed = await replays_of(request).ask(new)
    except KeyReusedError:
        raise KeyReused from None
    except TooManyAskedError:
        raise ProblemError("service.rate-limited", "Wait for the results of the other replays.") from None
    return _taken(kept, replayed=replayed)


async def one_replay(request: Request) -> Response:
    """What came of a replay, for whoever asked for it."""
    read_parameters(request, NoParameters)
    actor, replay = caller_of(request).actor, id_in(request, "replay")
    async with said_in_problems(), reached():
        found = await replays_of(request).find(replay, asked_by=actor.id)
    if found is None:
        raise not_found()
    freshness = Freshness(position=found.position, lag=0, changed_at=0, projection="replay", reader=actor.organisation)
    answer = await record_answer(request, _record(found), freshness, NO_CASES)
    if found.status not in (JobStatus.DONE, JobStatus.FAILED):
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


async def _position(request: Request, body: ReplayAsked) -> int:
    """Up to where it is folded.

    Raises:
        ProblemError: the ledger has not come so far.
    """
    ledger, known_at = desk_of(request).ledger, body.as_known_at
    head = (await ledger.head()).position
    if known_at is None:
        return head
    position = known_at if isinstance(known_at, int) else await ledger.position_at(known_at)
    if position > head:
        raise ProblemError("service.not-yet-visible")
    return position


def _taken(kept: Replay, *, replayed: bool) -> Response:
    links = {"self": f"{PATH}/{kept.id}"}
    headers = {"Location": links["self"], "Ledger-Position": str(kept.position), "Retry-After": RETRY_SECONDS}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    body = {"id": str(kept.id), "status": kept.status.value, "position": kept.position, "links": links}
    return Response(orjson.dumps(body), HTTPStatus.ACCEPTED, headers, JSON)


def _record(found: Replay) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "projection": found.model,
        "position": found.position,
        "status": found.status.value,
        "events": found.events,
        "asked_at": found.asked_at,
        "finished_at": found.finished_at,
        "expires_at": found.expires_at,
        "failure": found.failure,
        "result": found.result,
        "links": {"self": f"{PATH}/{found.id}"},
    }
