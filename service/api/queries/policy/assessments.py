"""The dry run: facts in, assessment with reasons and counterfactuals out; writes nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.incident.what_if.editions import ChangeImpossibleError, other_editions, read_change
from domain.kernel.streams import organisation_stream
from domain.kernel.words import Code, OdsCode
from domain.organisation.state import Organisation
from domain.policy.clocks import local_day
from domain.policy.library import Policy
from service.api.bodies import read_body
from service.api.commands.assessment import AssessmentAsked
from service.api.commands.route import desk_of
from service.api.conventions import JSON, accepted
from service.api.openapi import asking
from service.api.problems import ProblemError
from service.api.queries.asking import thinking_of
from service.api.queries.policy.forms import AssessmentAnswer
from service.api.refusing.invalid import FieldError
from service.handling.refusals import OrganisationUnknown
from service.reading.assessments import DryRun, assessment_of

_SUMMARY: Final = "Assess every threshold question from facts; writes nothing"


def add_assessments(router: APIRouter) -> None:
    """Serve the dry run, to every caller: it knows nothing but what it is told, and the register of organisations."""
    router.post("/v1/assessments", **asking(AssessmentAsked, AssessmentAnswer, summary=_SUMMARY, tag="policy"))(_assess)


async def _assess(request: Request) -> Response:
    asked = await read_body(request, AssessmentAsked)
    accepted(request)
    desk = desk_of(request)
    loaded = await desk.organisations.get(organisation_stream(OdsCode(asked.provider)))
    if loaded is None or loaded.aggregate.provider_type is None:
        raise OrganisationUnknown(pointers=("/provider",))
    provider = loaded.aggregate
    governing = _governing(desk.policy, asked, provider)
    editions = governing if asked.editions is None else _with(desk.policy, governing, asked)
    known = asked.known(provider_type=Code(provider.provider_type), regime=desk.policy.regime_of(editions))
    run = DryRun(known, editions, discovered_at=asked.discovered_at, identified_at=asked.identified())
    # Trying what would change each answer takes a while.
    answer = await thinking_of(request).thought(partial(assessment_of, desk.policy, run))
    return Response(orjson.dumps(answer), media_type=JSON)


def _governing(policy: Policy, asked: AssessmentAsked, provider: Organisation) -> tuple[Code, ...]:
    """The editions that would govern an incident of this provider discovered then."""
    day = local_day(asked.discovered_at)
    return policy.editions_for(
        identified_on=day, psirf_adopted_on=provider.psirf_adopted_on, overlays=provider.overlays_on(day)
    )


def _with(policy: Policy, governing: Sequence[Code], asked: AssessmentAsked) -> tuple[Code, ...]:
    """The governing editions, with those asked for in place of their families: questions rest on each other.

    Raises:
        ProblemError: one of those asked for is not an edition of this build, or two are of one family.
    """
    try:
        change = read_change(policy, [Code(name) for name in asked.editions or ()], ())
    except ChangeImpossibleError as error:
        wrong = FieldError(error.pointer, error.code, str(error))
        raise ProblemError("request.invalid", errors=[wrong]) from None
    return other_editions(governing, change, policy)
