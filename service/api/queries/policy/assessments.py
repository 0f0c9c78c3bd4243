"""The dry run: facts in, assessment with reasons and counterfactuals out; writes nothing."""

import asyncio
from collections.abc import Sequence
from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.streams import organisation_stream
from domain.kernel.words import Code, OdsCode
from domain.organisation.state import Organisation
from domain.policy.clocks import local_day
from domain.policy.library import EditionUnknownError, Policy
from service.api.bodies import read_body
from service.api.commands.assessment import AssessmentAsked
from service.api.commands.route import desk_of
from service.api.conventions import JSON, accepted
from service.api.openapi import asking
from service.api.problems import ProblemError
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
    editions = governing if asked.editions is None else _chosen(desk.policy, asked.editions)
    known = asked.known(provider_type=Code(provider.provider_type), regime=_regime(desk.policy, editions, governing))
    run = DryRun(known, editions, discovered_at=asked.discovered_at, identified_at=asked.identified())
    # Trying what would change each answer takes a while: other requests are answered meanwhile.
    answer = await asyncio.to_thread(assessment_of, desk.policy, run)
    return Response(orjson.dumps(answer), media_type=JSON)


def _governing(policy: Policy, asked: AssessmentAsked, provider: Organisation) -> tuple[Code, ...]:
    """The editions that would govern an incident of this provider discovered then."""
    day = local_day(asked.discovered_at)
    return policy.editions_for(
        identified_on=day, psirf_adopted_on=provider.psirf_adopted_on, overlays=provider.overlays_on(day)
    )


def _chosen(policy: Policy, names: Sequence[str]) -> tuple[Code, ...]:
    """The editions asked for.

    Raises:
        ProblemError: one of them is not an edition of this build.
    """
    return tuple(_named(policy, Code(name), index) for index, name in enumerate(names))


def _named(policy: Policy, name: Code, index: int) -> Code:
    try:
        return policy.named(name).reference
    except EditionUnknownError:
        wrong = FieldError(f"/editions/{index}", "edition-unknown", "No edition of this build has this name.")
        raise ProblemError("request.invalid", errors=[wrong]) from None


def _regime(policy: Policy, editions: Sequence[Code], governing: Sequence[Code]) -> Code:
    """The regime of the editions asked for; without one among them, that which would govern."""
    try:
        return policy.regime_of(editions)
    except EditionUnknownError:
        return policy.regime_of(governing)
