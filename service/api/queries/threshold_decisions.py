"""Threshold decisions: one row for each decision ever made, and how far those who decide agree."""

from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter
from pydantic import StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.words import OdsCode
from domain.policy.questions import Outcome
from domain.policy.questions import Question as ThresholdQuestion
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from projections.threshold_decisions.queries import By, DecisionFilter
from service.api.answers import record_answer
from service.api.fields import CodeText, Ods, ShortText, Uuid
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, Limit, Position, ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, filters_in, question_of, speaks_for, thinking_of
from service.api.queries.lists import ListRoute, ProviderParameters
from service.reading.agreement import AgreementAnswer, PairsShown, agreement, cases_compared, comparable
from service.reading.listings import DECISIONS

_TAG: Final = "threshold decisions"
_ANSWER: Final[TypeAdapter[Any]] = TypeAdapter(AgreementAnswer)

Fingerprint = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Quarter = Literal["Q1", "Q2", "Q3", "Q4"]


class DecisionParameters(ProviderParameters):
    """What decisions can be asked for."""

    incident: Uuid | None = None
    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Quarter | None = None
    regime: CodeText | None = None
    question: ThresholdQuestion | None = None
    outcome: Outcome | None = None
    assessed_outcome: Outcome | None = None
    agrees: Switch | None = None
    departs: Switch | None = None
    deciding_facts: Fingerprint | None = None
    decided_by: Ods | None = None
    decider: Uuid | None = None
    current: Switch | None = None
    entered_in_error: Switch | None = None


class AgreementParameters(ReadParameters):
    """Which decisions are compared, and whose with whose."""

    by: By = By.DECIDER
    question: ThresholdQuestion | None = None
    """Default: every question; decisions are only ever compared with others that answer the same one."""

    provider: Ods | None = None
    commissioner: Ods | None = None
    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Quarter | None = None
    regime: CodeText | None = None
    replaced: Switch = False
    """Compare also decisions that were replaced by a later one."""

    limit: Limit = LIMIT_USUAL
    """How many of the pairs that differ are shown."""

    offset: Position = 0
    """After how many of them."""


def _wanted(_request: Request, parameters: ReadParameters) -> DecisionFilter:
    return DecisionFilter(**filters_in(parameters, DecisionFilter.__dataclass_fields__))


def add_threshold_decisions(router: APIRouter) -> None:
    """Serve the decisions and their comparison."""
    ListRoute(
        path="/v1/threshold-decisions",
        name="DecidedThreshold",
        summary="Every threshold decision ever made, newest first",
        tag=_TAG,
        listing=DECISIONS,
        parameters=DecisionParameters,
        wanted=_wanted,
    ).add_to(router)
    described = query(AgreementParameters, AgreementAnswer, summary="How far those who decide agree", tag=_TAG)
    router.get("/v1/threshold-decisions/agreement", **described)(threshold_agreement)


async def threshold_agreement(request: Request) -> Response:
    """Decisions made from the same facts, compared: those that stand, of cases that were not entered in error."""
    parameters = read_parameters(request, AgreementParameters)
    shown = PairsShown(limit=parameters.limit, offset=parameters.offset)
    async with asked(request, question_of(request, parameters), THRESHOLD_DECISIONS) as answering:
        view = answering.reading.view(THRESHOLD_DECISIONS)
        where = [*answering.where(DECISIONS, _wanted(request, parameters)), ~view.c.entered_in_error]
        if not parameters.replaced:
            where.append(view.c.current)
        if parameters.commissioner is not None:
            where.append(answering.commissioned(THRESHOLD_DECISIONS, OdsCode(parameters.commissioner)))
        found = await comparable(answering, where, by=parameters.by)
        speaking = speaks_for(await answering.reading.freshness(), answering.sight)
    compared = await thinking_of(request).thought(partial(agreement, found, shown))
    answering.shown.add(*cases_compared(compared))
    return await record_answer(request, _ANSWER.dump_python(compared, mode="json"), speaking, answering.shown)
