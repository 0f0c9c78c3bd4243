"""Reports in bulk: up to 500 in one request, each taken, refused or answered again alone."""

from typing import Any, Final, cast

import orjson
import structlog
from fastapi import APIRouter
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.commands.report import Report
from service.api.commands.route import desk_of, recorded
from service.api.conventions import IDEMPOTENCY_KEY, JSON
from service.api.edge import edge_of
from service.api.layers.access_log import failure_fields
from service.api.openapi import command as described
from service.api.problems import Problem, invalid, problem_for
from service.api.refusing.codes import EDGE_PROBLEMS
from service.handling.bulk import Item, begin_many
from service.handling.identifiers import new_id
from service.handling.order import Order, Receipt
from service.handling.tasks.incident import REPORT_INCIDENT

LOG = structlog.get_logger()
MOST: Final = 500
_PATH: Final = "/v1/incidents:batch"
_KEY: Final = "idempotency_key"
_KEY_ADVICE: Final = "Each report needs an idempotency_key of 1 to 255 visible characters."


class Batch(StrictModel):
    """Reports, each as for `POST /v1/incidents` with an `idempotency_key` of its own."""

    reports: list[dict[str, Any]] = Field(min_length=1, max_length=MOST)


def batch_router() -> APIRouter:
    """The route that takes reports in bulk."""
    router = APIRouter()
    summary = "Report up to 500 incidents; an outcome for each, in order"
    router.post(_PATH, **described(Batch, summary=summary, tag="incidents"))(_report_many)
    return router


async def _report_many(request: Request) -> Response:
    batch = await read_body(request, Batch, bulk=True)
    read = [_read(request, report) for report in batch.reports]
    items = [each for each in read if isinstance(each, Item)]
    answers = iter(await begin_many(desk_of(request), REPORT_INCIDENT, items))
    outcomes = [
        _outcome(request, sent, each if isinstance(each, Problem) else next(answers))
        for sent, each in zip(batch.reports, read, strict=True)
    ]
    return Response(orjson.dumps({"outcomes": outcomes}), media_type=JSON)


def _read(request: Request, sent: dict[str, Any]) -> Item | Problem:
    fields = {name: value for name, value in sent.items() if name != _KEY}
    key = sent.get(_KEY)
    if not isinstance(key, str) or not IDEMPOTENCY_KEY.fullmatch(key):
        return Problem(EDGE_PROBLEMS["request.invalid"], _KEY_ADVICE)
    content = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    try:
        report = Report.model_validate_json(content, strict=True, context=edge_of(request).field_context)
    except ValidationError as error:
        return invalid(error.errors(include_url=False, include_input=False), fields)
    caller = caller_of(request)
    order = Order(
        actor=caller.actor,
        client=caller.client,
        subject=caller.subject,
        fingerprint=b"\n".join((b"POST", b"/v1/incidents", content)),
        key=key,
        effective_at=report.effective_at,
        correlation=request.headers.get("x-correlation-id"),
    )
    return Item(order, report.command, new_id())


def _outcome(request: Request, sent: dict[str, Any], answer: Receipt | Exception | Problem) -> dict[str, Any]:
    named = {_KEY: sent.get(_KEY) if isinstance(sent.get(_KEY), str) else None}
    if isinstance(answer, Receipt):
        done = recorded(answer)
        return {
            **named,
            "status": 201,
            "id": str(done.id),
            "stream_version": done.stream_version,
            "position": done.position,
            "links": dict(done.links),
            "replayed": done.replayed,
        }
    problem = answer if isinstance(answer, Problem) else problem_for(answer, edge_of(request).outages)
    if problem is None:
        LOG.error("failed", route=_PATH, **failure_fields(cast("Exception", answer)))
        problem = Problem(EDGE_PROBLEMS["service.failed"])
    return {**named, "status": problem.kind.status, "problem": problem.body(request.url.path)}
