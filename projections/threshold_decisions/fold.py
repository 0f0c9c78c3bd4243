"""The threshold decisions of a case, each as it was made, and which of them was replaced by which."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.incident.events import IncidentEnteredInError, IncidentReported, ThresholdDecided
from domain.kernel.words import OdsCode
from projections.engine.feed import Told
from projections.threshold_decisions.deciding_facts import facts_of, fingerprint


@dataclass(frozen=True, slots=True)
class Compared:
    """What the rules said when a decision was made, and from what: what it can be compared by."""

    outcome: str
    departed: bool
    missing: tuple[str, ...]
    facts: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Made:
    """One decision; `compared` None: it was made before the rules were asked, or they do not ask its question."""

    decision: UUID
    question: str
    outcome: str
    criteria: tuple[str, ...]
    edition: str
    compared: Compared | None
    explained: bool
    decider: UUID
    decided_by: str
    identified_at: datetime
    decided_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Decisions:
    """A case with every decision made about it, in the order in which they were recorded."""

    case: UUID
    organisation: OdsCode
    record_type: str
    regime: str
    site: str | None
    division: str | None
    specialty: str | None
    made: tuple[Made, ...] = ()
    entered_in_error: bool = False


def keys(event: Told) -> Iterable[UUID]:
    """Only what happens to the incident itself makes, replaces or discredits a decision."""
    if isinstance(event.fact, IncidentReported | ThresholdDecided | IncidentEnteredInError):
        return (event.stream,)
    return ()


def fold(decisions: Decisions | None, event: Told) -> Decisions | None:
    """Apply one event of the incident."""
    if isinstance(event.fact, IncidentReported):
        return _begin(event, event.fact)
    if decisions is None:
        return None
    match event.fact:
        case ThresholdDecided() as fact:
            return replace(decisions, made=(*decisions.made, _made(event, fact)))
        case IncidentEnteredInError():
            return replace(decisions, entered_in_error=True)
    return decisions


def _begin(event: Told, report: IncidentReported) -> Decisions:
    location = report.location
    return Decisions(
        case=event.stream,
        organisation=event.organisation,
        record_type=report.record_type,
        regime=report.regime,
        site=location.site if location else None,
        division=location.division if location else None,
        specialty=location.specialty if location else None,
    )


def _made(event: Told, fact: ThresholdDecided) -> Made:
    return Made(
        decision=fact.decision,
        question=fact.question,
        outcome=fact.outcome,
        criteria=fact.criteria,
        edition=fact.edition,
        compared=_compared(fact),
        explained=fact.departure is not None,
        decider=event.actor,
        decided_by=fact.organisation,
        identified_at=fact.identified_at,
        decided_at=event.effective_at,
        recorded_at=event.recorded_at,
    )


def _compared(fact: ThresholdDecided) -> Compared | None:
    assessed = fact.assessed
    if assessed is None:
        return None
    return Compared(
        outcome=assessed.outcome,
        departed=assessed.is_departed_from(fact.outcome),
        missing=assessed.missing,
        facts=facts_of(assessed),
        fingerprint=fingerprint(fact.question, assessed),
    )
