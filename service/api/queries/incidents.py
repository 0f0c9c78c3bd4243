"""Incidents: the register, one record, its timeline and its clocks."""

from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.incident.words import RecordType
from domain.policy.questions import Outcome, Question
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_register.queries import IncidentFilter
from projections.timeliness.queries import ClockFilter
from service.api.answers import record_answer
from service.api.fields import CodeText, Instant, ShortText
from service.api.openapi import query
from service.api.parameters import ListParameters, ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, case_in, filters_in, id_in, question_of, speaks_for
from service.api.queries.lists import ListRoute, ProviderParameters
from service.api.queries.schemas import record_schema
from service.reading.answering import Answering
from service.reading.listings import CLOCKS, INCIDENT, INCIDENTS, TIMELINE

_RECORD: Final = "/v1/incidents/{incident}"
_TAG: Final = "incidents"


class IncidentParameters(ProviderParameters):
    """What the register can be asked for; each question takes the answer that is looked for."""

    status: Literal["open", "closed", "entered_in_error"] | None = None
    record_type: RecordType | None = None
    regime: CodeText | None = None
    source_system: CodeText | None = None
    local_reference: ShortText | None = None
    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    discovered_from: Instant | None = None
    discovered_to: Instant | None = None
    decide_again: Switch | None = None
    serious_incident: Outcome | None = None
    never_event: Outcome | None = None
    national_response: Outcome | None = None
    plan_priority: Outcome | None = None
    notifiable_safety_incident: Outcome | None = None
    cqc_notification: Outcome | None = None
    safeguarding: Outcome | None = None
    mnsi: Outcome | None = None
    systemic_failure: Outcome | None = None


def _wanted(_request: Request, parameters: IncidentParameters) -> IncidentFilter:
    outcomes = {question: found for question in Question if (found := getattr(parameters, question.value)) is not None}
    names = [name for name in IncidentFilter.__dataclass_fields__ if name != "outcomes"]
    return IncidentFilter(outcomes=outcomes, **filters_in(parameters, names))


def _case(request: Request, _parameters: ListParameters) -> UUID:
    return id_in(request, "incident")


def _clocks_of_case(request: Request, _parameters: ListParameters) -> ClockFilter:
    return ClockFilter(incident=id_in(request, "incident"))


async def incident_exists(answering: Answering, request: Request) -> bool:
    """Whether the incident in the path exists for the reader; where it does, the answer shows it."""
    await case_in(answering, id_in(request, "incident"))
    return True


_LISTS: Final = (
    ListRoute(
        path="/v1/incidents",
        name="IncidentItem",
        summary="The register of incidents, newest discovery first",
        tag=_TAG,
        listing=INCIDENTS,
        parameters=IncidentParameters,
        wanted=_wanted,
    ),
    ListRoute(
        path=f"{_RECORD}/timeline",
        name="TimelineEntry",
        summary="The story of a case: one sentence for each event",
        tag=_TAG,
        listing=TIMELINE,
        parameters=ListParameters,
        wanted=_case,
        exists=incident_exists,
        models=(INCIDENT_REGISTER,),
    ),
    ListRoute(
        path=f"{_RECORD}/obligations",
        name="Obligation",
        summary="The clocks of a case, soonest due first",
        tag=_TAG,
        listing=CLOCKS,
        parameters=ListParameters,
        wanted=_clocks_of_case,
        exists=incident_exists,
        models=(INCIDENT_REGISTER,),
    ),
)


def add_incidents(router: APIRouter) -> None:
    """Serve the register, one record, its timeline and its clocks."""
    for each in _LISTS:
        each.add_to(router)
    record = record_schema("Incident", INCIDENT)
    router.get(_RECORD, **query(ReadParameters, record, summary="One incident", tag=_TAG))(incident)


async def incident(request: Request) -> Response:
    """One incident, with what happened for those who may read it."""
    parameters = read_parameters(request, ReadParameters)
    async with asked(request, question_of(request, parameters), INCIDENT_REGISTER) as answering:
        found = await case_in(answering, id_in(request, "incident"))
        shown = (await answering.show(INCIDENT, [found]))[0]
        speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
    return await record_answer(request, shown, speaking, answering.shown)
