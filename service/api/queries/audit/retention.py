"""The dry run of retention: which cases are kept how long, and whose time is over; nothing is written, nothing follows."""

from typing import Annotated, Final, Literal

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from projections.retention.model import MODEL as RETENTION
from projections.retention.queries import OLDEST_FIRST
from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.conventions import JSON, accepted
from service.api.fields import Day, Instant, Uuid
from service.api.openapi import asking
from service.api.parameters import LIMIT_MOST, LIMIT_USUAL
from service.api.problems import ProblemError
from service.api.queries.asking import asked, policy_of
from service.api.queries.lists import Cursors
from service.api.reads import write_down
from service.reading.audit.retention import RetentionReading
from service.reading.forms import plain
from service.reading.queries import Question

_SUMMARY: Final = "How long each case is kept, and which are due for review; writes nothing"


class RetentionAsked(StrictModel):
    """The moment to compare with, and the past to ask about; both default to the present. A cursor goes on with a page."""

    as_of: Instant | None = None
    as_known_at: Annotated[int, Field(ge=0, le=2**53)] | Instant | None = Field(
        default=None, description="A position of the ledger, or an instant."
    )
    limit: int = Field(default=LIMIT_USUAL, ge=1, le=LIMIT_MOST)
    cursor: str | None = Field(default=None, min_length=1, max_length=2_000)


class RetentionItem(BaseModel):
    """One case. `due` is `kept`, `review_owed`, `held` (a legal hold comes before every time) or `without_rule`."""

    provider: str
    incident_id: Uuid
    local_reference: str
    record_type: str
    status: str
    happened_on: Day
    day_known: bool
    kept_as: str | None
    edition: str | None
    rule: str | None
    title: str | None
    force: str | None
    standing: str | None
    source: str | None
    verified: bool | None
    kept_months: int | None
    due_on: Day | None
    legal_holds: int
    held: bool
    due: Literal["kept", "review_owed", "held", "without_rule"]
    review_owed: bool


class RetentionDryRun(BaseModel):
    """Cases of the caller's organisation, the oldest first, as of a moment and a position of the ledger."""

    items: list[RetentionItem]
    next: str | None
    total: int
    as_of: Instant
    position: int


def add_retention(router: APIRouter) -> None:
    """Serve the dry run."""
    described = asking(RetentionAsked, RetentionDryRun, summary=_SUMMARY, tag="data protection")
    router.post("/v1/retention/dry-runs", **described)(dry_run)


async def dry_run(request: Request) -> Response:
    """One page of cases, for a data protection officer, of their own organisation."""
    body = await read_body(request, RetentionAsked)
    accepted(request)
    cursors = Cursors(request)
    cursor, since = cursors.read(body.cursor, OLDEST_FIRST)
    actor = caller_of(request).actor
    question = Question(actor=actor, known_at=body.as_known_at, as_of=since or body.as_of, cursor=cursor)
    async with asked(request, question, RETENTION) as answering:
        if not answering.sight.protects_data:
            raise ProblemError("access.not-permitted")
        own = answering.reading.view(RETENTION).c.organisation == actor.organisation
        page = await answering.reading.page(RETENTION, own, order=OLDEST_FIRST, limit=body.limit, cursor=cursor)
        total = await answering.reading.count(RETENTION, own)
        position = answering.reading.position
    says = RetentionReading(policy_of(request), answering.as_of)
    answering.shown.add(*(found.row.incident_id for found in page.rows))
    answer = {
        "items": [says.shown(found.row) for found in page.rows],
        "next": cursors.write(page.next, answering.as_of),
        "total": total,
        "as_of": plain(answering.as_of),
        "position": position,
    }
    await write_down(request, answering.shown, position=position)
    return Response(orjson.dumps(answer), media_type=JSON)
