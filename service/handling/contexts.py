"""Facts from elsewhere that decisions are told, read from the streams themselves and never from a read model."""

from collections.abc import Iterable
from uuid import UUID

from domain.kernel.streams import Kind
from service.handling.desk import Desk
from service.handling.specification import Context, Situation


async def with_policy(desk: Desk, _situation: Situation) -> Context:
    """The editions and the calendar."""
    return Context({"policy": desk.policy})


async def evidence_of(desk: Desk, cases: Iterable[UUID]) -> frozenset[UUID]:
    """The items of evidence of these cases; evidence is never taken back, so no guard is needed."""
    streams = [await desk.ledger.case_streams(case) for case in cases]
    return frozenset(stream for case in streams for stream, kind in case if kind == Kind.EVIDENCE)


async def with_evidence(desk: Desk, situation: Situation) -> Context:
    """The items of evidence of the target's cases."""
    cases = situation.target.cases if situation.target else ()
    return Context({"known_evidence": await evidence_of(desk, cases)})
