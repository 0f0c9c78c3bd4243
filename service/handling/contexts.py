"""Facts from elsewhere that decisions are told, read from the streams themselves and never from a read model."""

from collections.abc import Iterable
from uuid import UUID

from domain.kernel.streams import Kind, organisation_stream
from domain.policy.clocks import local_day
from domain.reactions.told_by import told_by
from service.handling.desk import Desk
from service.handling.specification import Context, Situation


async def with_policy(desk: Desk, _situation: Situation) -> Context:
    """The editions and the calendar."""
    return Context({"policy": desk.policy})


async def with_commissioners(desk: Desk, situation: Situation) -> Context:
    """Who commissions the provider on the day of the command."""
    target = situation.target
    loaded = await desk.organisations.get(organisation_stream(target.organisation)) if target else None
    commissioners = loaded.aggregate.commissioners_on(local_day(situation.stamp.at)) if loaded else ()
    return Context({"commissioners": frozenset(commissioners)})


async def with_the_rest_of_the_case(desk: Desk, situation: Situation) -> Context:
    """The editions, and what the other streams of the case say, so that duties open at once for whom they are owed to.

    No guard: what joins the case meanwhile is answered by a reaction.
    """
    target = situation.target
    streams = await desk.load_case(target.stream) if target else []
    others = (loaded for loaded in streams if loaded.kind is not Kind.INCIDENT)
    return Context({"policy": desk.policy, "told": told_by(fact for loaded in others for fact in loaded.facts)})


async def evidence_of(desk: Desk, cases: Iterable[UUID]) -> frozenset[UUID]:
    """The items of evidence of these cases; evidence is never taken back, so no guard is needed."""
    streams = [await desk.ledger.case_streams(case) for case in cases]
    return frozenset(stream for case in streams for stream, kind in case if kind == Kind.EVIDENCE)


async def with_evidence(desk: Desk, situation: Situation) -> Context:
    """The items of evidence of the target's cases."""
    cases = situation.target.cases if situation.target else ()
    return Context({"known_evidence": await evidence_of(desk, cases)})
