"""Every clock of a case: what opened it, what moved it, and what has been done towards it.

*Met* is derived here: the facts of all streams of the case say what they do (`done`), and a duty's own terms say what
meets it. A fact counts at the moment it became true; when it was recorded is kept beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.duty_events import (
    DutyExtended,
    DutyOpened,
    DutyPaused,
    DutyRedated,
    DutyResumed,
    DutySetAside,
)
from domain.incident.events import IncidentEnteredInError, IncidentReported
from domain.incident.words import SetAside
from domain.kernel.words import DutyId, OdsCode, PauseId
from domain.policy.duties import DutyTerms
from domain.policy.status import Recorded
from projections.engine.feed import Told

ENTERED_IN_ERROR: Final = "entered_in_error"
"""Why nothing is owed any more for a report that should never have been made."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty with its dates as they stand."""

    duty: DutyId
    terms: DutyTerms
    started_at: datetime
    due_at: datetime | None
    pause: PauseId | None = None
    paused_at: datetime | None = None
    extensions: int = 0
    redatings: int = 0
    pauses: int = 0
    set_aside: str | None = None
    facts_until: int | None = None
    """How many of the case's facts count towards it: those before it was set aside; None: all of them."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """A case with its duties and everything done that may count towards one."""

    case: UUID
    organisation: OdsCode
    discovered_at: datetime
    site: str | None
    division: str | None
    specialty: str | None
    duties: tuple[Duty, ...] = ()
    facts: tuple[Recorded, ...] = ()


def keys(event: Told) -> Iterable[UUID]:
    """Whatever happens in a case may move its clocks."""
    return event.cases


def fold(clocks: Clocks | None, event: Told) -> Clocks | None:
    """Apply one event of the case."""
    if isinstance(event.fact, IncidentReported):
        clocks = _begin(event, event.fact)
    if clocks is None:
        return None
    done = tuple(Recorded(done, event.recorded_at) for done in event.fact.done())
    if done:
        clocks = replace(clocks, facts=(*clocks.facts, *done))
    match event.fact:
        case DutyOpened(duty=duty, terms=terms):
            opened = Duty(duty, terms, terms.started_at, terms.due_at)
            return replace(clocks, duties=(*clocks.duties, opened))
        case DutyRedated() | DutyPaused() | DutyResumed() | DutyExtended() | DutySetAside() as fact:
            return replace(clocks, duties=tuple(_moved(duty, fact, event, clocks) for duty in clocks.duties))
        case IncidentEnteredInError():
            return replace(clocks, duties=tuple(_ended(duty, clocks) for duty in clocks.duties))
    return clocks


def _begin(event: Told, fact: IncidentReported) -> Clocks:
    location = fact.location
    return Clocks(
        case=event.stream,
        organisation=event.organisation,
        discovered_at=fact.discovered_at,
        site=location.site if location else None,
        division=location.division if location else None,
        specialty=location.specialty if location else None,
    )


def _ended(duty: Duty, clocks: Clocks) -> Duty:
    if duty.set_aside is not None:
        return duty
    return replace(duty, set_aside=ENTERED_IN_ERROR, facts_until=len(clocks.facts))


def _moved(
    duty: Duty,
    fact: DutyRedated | DutyPaused | DutyResumed | DutyExtended | DutySetAside,
    event: Told,
    clocks: Clocks,
) -> Duty:
    if duty.duty != fact.duty:
        return duty
    match fact:
        case DutyRedated(started_at=started_at, due_at=due_at):
            return replace(duty, started_at=started_at, due_at=due_at, redatings=duty.redatings + 1)
        case DutyPaused(pause=pause):
            return replace(duty, pause=pause, paused_at=event.effective_at, pauses=duty.pauses + 1)
        case DutyResumed(due_at=due_at):
            return replace(duty, pause=None, paused_at=None, due_at=due_at)
        case DutyExtended(due_at=due_at):
            return replace(duty, due_at=due_at, extensions=duty.extensions + 1)
        case DutySetAside(because=because):
            # A duty that is now owed to each person by name was never met as one owed to nobody in particular.
            counting = 0 if because is SetAside.OWED_TO_NAMED_PERSONS else len(clocks.facts)
            return replace(duty, set_aside=because, facts_until=counting)
