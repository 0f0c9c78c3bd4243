"""The access log: who read a case and why. To ask it is written down in it, with the case that was asked about."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from service.api.answers import Freshness, Page, list_answer
from service.api.app import caller_of
from service.api.conventions import CSV, JSON, LIST_FORMS, NDJSON, accepted
from service.api.edge import edge_of
from service.api.fields import Instant, Uuid
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, CursorText, Limit, NoParameters, Switch, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import asked, case_in, not_found, speaks_for
from service.api.queries.lists import Table, exported
from service.api.queries.schemas import list_schema
from service.api.reads import access_log_of
from service.reading.audit.access import ACCESS, READS_ACCESS, AccessReading
from service.reading.audit.shown import ShownCases
from service.reading.forms import flat, flat_types
from service.reading.queries import Question
from service.store.access.asked import Wanted
from service.store.access.records import RecordKind

PATH: Final = "/v1/audit/access"
_SUMMARY: Final = "Who read the cases of the caller's organisation, and why, newest first"


class _AccessParameters(NoParameters):
    incident: Uuid | None = None
    actor: Uuid | None = None
    to: Instant | None = None
    kind: RecordKind = RecordKind.CASE_READ
    """What was done. Queries of this log are found by their own kind only, so that to look again shows nothing new."""

    limit: Limit = LIMIT_USUAL
    cursor: CursorText | None = None
    envelope: Switch = False


# `from` is the word of the contract, and no name that a class may give to a field.
_SINCE: Final[Any] = {"from": (Instant | None, None)}
AccessParameters: Final[type[_AccessParameters]] = create_model(
    "AccessParameters", __base__=_AccessParameters, __doc__="Which records: `from` is included, `to` is not.", **_SINCE
)


def add_access(router: APIRouter) -> None:
    """Serve the access log."""
    schema = list_schema("AccessRecord", ACCESS)
    described = query(AccessParameters, schema, summary=_SUMMARY, tag="audit", forms=(CSV, NDJSON))
    router.get(PATH, **described)(access)


async def access(request: Request) -> Response:
    """Who read what, for an auditor or the data protection officer of the organisation whose records they are."""
    parameters = read_parameters(request, AccessParameters)
    form = accepted(request, LIST_FORMS)
    actor = caller_of(request).actor
    if not actor.roles & READS_ACCESS:
        raise ProblemError("access.not-permitted")
    shown = ShownCases(RecordKind.AUDIT_QUERY)
    speaking = await _speaking(request, parameters.incident, shown)
    reading = AccessReading(access_log_of(request), actor)
    if form == JSON:
        return await _page(request, parameters, reading, speaking, shown)
    rows = (flat(item) async for item in reading.each(_wanted(request, parameters)))
    return await exported(request, Table(rows, list(flat_types(ACCESS))), form, speaking, shown)


async def _speaking(request: Request, incident: UUID | None, shown: ShownCases) -> Freshness:
    """What the answer speaks for; the case asked about must be one of the caller's own organisation."""
    actor = caller_of(request).actor
    async with asked(request, Question(actor=actor), INCIDENT_REGISTER) as answering:
        if incident is not None:
            found = await case_in(answering, incident)
            if found.row.organisation != actor.organisation:
                raise not_found()
            shown.add(incident)
        speaking = speaks_for(await answering.reading.freshness(), answering.sight)
        return replace(speaking, changed_at=0, projection="access_log")  # the body itself says whether it changed


async def _page(
    request: Request, parameters: _AccessParameters, reading: AccessReading, speaking: Freshness, shown: ShownCases
) -> Response:
    wanted = _wanted(request, parameters)
    records = access_log_of(request)
    page = await reading.page(wanted, limit=parameters.limit)
    total = await records.count(wanted.since(None)) if parameters.envelope else None
    following = None if page.following is None else edge_of(request).cursors.seal(0, [page.following], _name(request))
    items = [flat(item) for item in page.items]
    return await list_answer(request, Page(items=items, next_cursor=following, total=total), speaking, shown)


def _wanted(request: Request, parameters: _AccessParameters) -> Wanted:
    before = None
    if parameters.cursor is not None:
        before = int(edge_of(request).cursors.open(parameters.cursor, _name(request)).after[0] or 0)
    return Wanted(
        owners=(caller_of(request).actor.organisation,),
        incident=parameters.incident,
        actor=parameters.actor,
        kind=parameters.kind,
        from_at=getattr(parameters, "from"),
        to_at=parameters.to,
        before=before,
    )


def _name(request: Request) -> str:
    """What a cursor is bound to: the path, the filters and the reader."""
    kept = sorted((n, v) for n, v in request.query_params.multi_items() if n not in ("cursor", "limit", "envelope"))
    actor = caller_of(request).actor
    return f"{request.url.path} {kept} {actor.organisation} {sorted(actor.roles)}"
