"""One threshold decision of a case, with the assessment that it kept: each criterion, and the fact that decided it."""

from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from service.api.answers import record_answer
from service.api.openapi import query
from service.api.parameters import ReadParameters, read_parameters
from service.api.queries.asking import (
    asked,
    case_in,
    id_in,
    not_found,
    policy_of,
    queries_of,
    question_of,
    speaks_for,
    thinking_of,
)
from service.api.queries.policy.forms import DecisionExplained
from service.api.queries.schemas import record_schema
from service.reading.decisions import DECISION, decisions_of, explanation_of

_PATH: Final = "/v1/incidents/{incident}/threshold-decisions/{decision}"
_SUMMARY: Final = "One decision, explained from the facts and editions that it kept"


def add_decisions(router: APIRouter) -> None:
    """Serve each decision."""
    router.get(_PATH, **query(ReadParameters, _answer(), summary=_SUMMARY, tag="incidents"))(_decision)


def _answer() -> Any:
    explained: Any = create_model(
        "ThresholdDecisionExplained",
        __base__=record_schema("ThresholdDecisionRecord", DECISION),
        explanation=(DecisionExplained | None, ...),
    )
    return explained


async def _decision(request: Request) -> Response:
    parameters = read_parameters(request, ReadParameters)
    queries, case, decision = queries_of(request), id_in(request, "incident"), id_in(request, "decision")
    async with asked(request, question_of(request, parameters), INCIDENT_REGISTER) as answering:
        register = await case_in(answering, case)
        events = await queries.ledger.read_case(case, up_to=answering.reading.position)
        seen = [event for event in events if answering.sees(event)]
        found = [each for each in decisions_of(seen, queries.codec) if each.row.id == decision]
        if not found:
            raise not_found()
        (shown,) = await answering.show(DECISION, found)
        speaking = speaks_for(await answering.reading.freshness(of=register), answering.sight)
    explain = partial(explanation_of, seen, decision, queries.codec, policy_of(request))
    explained = await thinking_of(request).thought(explain)
    return await record_answer(request, {**shown, "explanation": explained}, speaking, answering.shown)
