"""What says how long a case is kept: when it happened, what kind of case it is by the words of the rules, and its holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from domain.incident.events import (
    FactsAdded,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    LegalHoldPlaced,
    LegalHoldReleased,
    ThresholdDecided,
)
from domain.kernel.harm import Harm, HarmKind, HarmLevel, level_of
from domain.kernel.words import OdsCode
from domain.learning_response.events import ResponseCommissioned
from domain.policy.clocks import local_day
from domain.policy.facts import FactName
from projections.engine.feed import Told

_KINDS: Final = {FactName.PHYSICAL_HARM: HarmKind.PHYSICAL, FactName.PSYCHOLOGICAL_HARM: HarmKind.PSYCHOLOGICAL}
_STATUSES: Final[Mapping[type, str]] = {
    IncidentClosed: "closed",
    IncidentReopened: "open",
    IncidentEnteredInError: "entered_in_error",
}
_OF_INCIDENT = (
    IncidentReported,
    FactsAdded,
    ThresholdDecided,
    LegalHoldPlaced,
    LegalHoldReleased,
    *_STATUSES,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One case; `happened_on` is the last day on which it can have occurred, or (not known) that of its discovery."""

    case: UUID
    organisation: OdsCode
    local_reference: str
    record_type: str
    regime: str
    happened_on: date
    is_day_known: bool
    status: str = "open"
    harms: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    holds: tuple[UUID, ...] = ()


def keys(event: Told) -> Iterable[UUID]:
    """What was reported, decided, found out or commissioned in a case, and the holds on it."""
    if isinstance(event.fact, ResponseCommissioned):
        return event.cases
    return (event.stream,) if isinstance(event.fact, _OF_INCIDENT) else ()


def fold(kept: Kept | None, event: Told) -> Kept | None:
    """Apply one event of the case."""
    if isinstance(event.fact, IncidentReported):
        return _reported(event, event.fact)
    return None if kept is None else _next(kept, event)


def _reported(event: Told, fact: IncidentReported) -> Kept:
    happened = fact.discovered_at if fact.occurred is None else fact.occurred.latest
    harms: dict[str, int] = {}
    for patient in fact.patients or ():
        for name, harm in (
            (FactName.PHYSICAL_HARM, patient.physical_harm),
            (FactName.PSYCHOLOGICAL_HARM, patient.psychological_harm),
        ):
            if harm is not None:
                harms[f"{name}:{patient.sequence}"] = _level(name, harm)
    return Kept(
        case=event.stream,
        organisation=event.organisation,
        local_reference=fact.local_reference,
        record_type=fact.record_type.value,
        regime=fact.regime,
        happened_on=local_day(happened),
        is_day_known=fact.occurred is not None,
        harms=harms,
    )


def _next(kept: Kept, event: Told) -> Kept:
    match event.fact:
        case FactsAdded() as fact:
            return replace(kept, harms=_harms_after(kept.harms, fact))
        case ThresholdDecided(question=question, outcome=outcome):
            return replace(kept, decisions={**kept.decisions, question.value: outcome.value})
        case ResponseCommissioned(method=method):
            return replace(kept, methods=tuple(dict.fromkeys((*kept.methods, method.value))))
        case LegalHoldPlaced(hold=hold):
            return replace(kept, holds=tuple(dict.fromkeys((*kept.holds, hold))))
        case LegalHoldReleased(hold=hold):
            return replace(kept, holds=tuple(each for each in kept.holds if each != hold))
        case IncidentClosed() | IncidentReopened() | IncidentEnteredInError() as fact:
            return replace(kept, status=_STATUSES[type(fact)])
    return kept


def _harms_after(harms: dict[str, int], fact: FactsAdded) -> dict[str, int]:
    """The harm of each patient on each scale; one that is taken back is not known any more."""
    after = dict(harms)
    for added in fact.facts:
        if added.name not in _KINDS:
            continue
        after.pop(f"{added.name}:{added.patient}", None)
        if isinstance(added.value, Harm):
            after[f"{added.name}:{added.patient}"] = _level(added.name, added.value)
    return after


def _level(name: FactName, harm: Harm) -> HarmLevel:
    return level_of(harm, _KINDS[name])
