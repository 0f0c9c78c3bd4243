"""Timeliness: one row for each clock of every case, and how many stand in which way."""

from typing import Final, Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.words import OdsCode
from domain.policy.edition import Force
from domain.policy.status import ClockStatus
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import ClockFilter, count_by_rule_and_status
from service.api.conventions import CSV, NDJSON
from service.api.fields import CodeText, Instant, Ods, ShortText, Uuid
from service.api.openapi import query
from service.api.parameters import ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, filters_in, question_of, speaks_for
from service.api.queries.lists import ListRoute, ProviderParameters, short_list
from service.api.queries.schemas import list_schema
from service.reading.audit.shown import NO_CASES
from service.reading.listings import CLOCKS

_TAG: Final = "timeliness"
_COUNTED: Final = {
    "rule": str,
    "title": str,
    "force": Force,
    "verified": bool,
    "status": ClockStatus,
    "clocks": int,
    "missed": int,
}


class ClockParameters(ProviderParameters):
    """What clocks can be asked for."""

    incident: Uuid | None = None
    rule: CodeText | None = None
    force: Force | None = None
    status: ClockStatus | None = None
    missed: Switch | None = None
    """Whether a due moment had passed with nothing known to meet it, however the clock stands now."""
    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    due_before: Instant | None = None


class CountParameters(ReadParameters):
    """Which clocks are counted."""

    provider: Ods | None = None
    commissioner: Ods | None = None
    rule: CodeText | None = None
    force: Force | None = None
    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    envelope: Switch = False


def _wanted(_request: Request, parameters: ReadParameters) -> ClockFilter:
    return ClockFilter(**filters_in(parameters, ClockFilter.__dataclass_fields__))


def add_timeliness(router: APIRouter) -> None:
    """Serve the clocks."""
    ListRoute(
        path="/v1/timeliness",
        name="Clock",
        summary="One row for each clock, soonest due first",
        tag=_TAG,
        listing=CLOCKS,
        parameters=ClockParameters,
        wanted=_wanted,
    ).add_to(router)
    counts = list_schema("ClockCount", _COUNTED)
    router.get(
        "/v1/timeliness/summary",
        **query(
            CountParameters, counts, summary="How many clocks of each rule stand how", tag=_TAG, forms=(CSV, NDJSON)
        ),
    )(timeliness_summary)


async def timeliness_summary(request: Request) -> Response:
    """How many clocks of each rule stand in each way at `as_of`."""
    parameters = read_parameters(request, CountParameters)
    async with asked(request, question_of(request, parameters), TIMELINESS) as answering:
        where = answering.where(CLOCKS, _wanted(request, parameters))
        if parameters.commissioner is not None:
            where.append(answering.commissioned(TIMELINESS, OdsCode(parameters.commissioner)))
        counted = await count_by_rule_and_status(answering.reading, *where, as_of=answering.as_of)
        speaking = speaks_for(await answering.reading.freshness(), answering.sight)
    items = [{name: each[name] for name in _COUNTED} for each in counted]
    return await short_list(request, items, list(_COUNTED), speaking, NO_CASES)
