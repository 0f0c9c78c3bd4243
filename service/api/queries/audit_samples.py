"""Random samples for audit: which were committed to, which were drawn, and all that is needed to draw them again."""

from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.audit_sample.drawing import digest_of
from domain.policy.questions import Outcome
from domain.policy.questions import Question as ThresholdQuestion
from projections.audit_samples.model import MODEL as AUDIT_SAMPLES
from projections.audit_samples.queries import SampleFilter, find_sample
from projections.audit_samples.rows import SampleRow
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from service.api.answers import record_answer
from service.api.app import caller_of
from service.api.openapi import query
from service.api.parameters import ListParameters, ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, filters_in, id_in, not_found, question_of, speaks_for
from service.api.queries.lists import ListRoute
from service.api.queries.schemas import record_schema
from service.reading.audit.shown import ShownCases
from service.reading.forms import plain
from service.reading.listings import SAMPLES
from service.reading.populations import population_in
from service.reading.queries import Question
from service.reading.samples import SAMPLE, criteria_of, without_population

_TAG: Final = "audit"


class SampleListParameters(ListParameters):
    """What samples can be asked for."""

    status: Literal["committed", "drawn"] | None = None
    question: ThresholdQuestion | None = None
    outcome: Outcome | None = None


class SampleParameters(ReadParameters):
    """How one sample is shown."""

    population: Switch = False
    """With the id of every decision that it was drawn from."""


def _wanted(_request: Request, parameters: SampleListParameters) -> SampleFilter:
    return SampleFilter(**filters_in(parameters, SampleFilter.__dataclass_fields__))


def add_audit_samples(router: APIRouter) -> None:
    """Serve the samples."""
    ListRoute(
        path="/v1/audit/samples",
        name="AuditSampleItem",
        summary="Random samples, drawn or not, newest first",
        tag=_TAG,
        listing=SAMPLES,
        parameters=SampleListParameters,
        wanted=_wanted,
    ).add_to(router)
    record = record_schema("AuditSample", SAMPLE)
    described = query(SampleParameters, record, summary="One random sample, with all that draws it again", tag=_TAG)
    router.get("/v1/audit/samples/{sample}", **described)(audit_sample)


async def audit_sample(request: Request) -> Response:
    """One sample; once it is drawn, on request with its whole population."""
    parameters = read_parameters(request, SampleParameters)
    async with asked(request, question_of(request, parameters), AUDIT_SAMPLES) as answering:
        found = await find_sample(answering.reading, id_in(request, "sample"))
        if found is None:
            raise not_found()
        [shown] = await answering.show(SAMPLE, [without_population(found)])
        speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
    # Only now: who held one connection and waited for another could wait for others that do the same.
    population = await _population(request, found.row, answering.shown) if parameters.population else None
    return await record_answer(request, {**shown, "population": plain(population)}, speaking, answering.shown)


async def _population(request: Request, sample: SampleRow, shown: ShownCases) -> tuple[UUID, ...] | None:
    """The decisions that stood; None where the sample is not drawn, or where some of them are not the reader's to see."""
    if sample.population_position is None:
        return None
    question = Question(actor=caller_of(request).actor, known_at=sample.population_position)
    async with asked(request, question, THRESHOLD_DECISIONS) as answering:
        members = await population_in(answering, criteria_of(sample))
    if digest_of(members) != sample.population_digest:
        return None
    shown.add(*(member.incident for member in members))
    return tuple(member.decision for member in members)
