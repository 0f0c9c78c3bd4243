"""Every clock of a case: what opened it, what moved it, and what has been done towards it.

*Met* is derived here: the facts of all streams of the case say what they do (`done`), and a duty's own terms say what
meets it. A fact counts at the moment it became true; when it was recorded is kept beside it. What was missed is kept
(`breaches.py`) before anything moves a clock.
"""

from collections.abc import Iterable
from dataclasses import replace
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
from domain.policy.status import Recorded
from projections.engine.feed import Told
from projections.timeliness.breaches import achieved, follow, inherit, keep_missed, set_aside
from projections.timeliness.clocks import Clocks, Duty

ENTERED_IN_ERROR: Final = "entered_in_error"
"""Why nothing is owed any more for a report that should never have been made."""

Moving = DutyRedated | DutyPaused | DutyResumed | DutyExtended


def keys(event: Told) -> Iterable[UUID]:
    """Whatever happens in a case may move its clocks."""
    return event.cases


def fold(clocks: Clocks | None, event: Told) -> Clocks | None:
    """Apply one event of the case."""
    if isinstance(event.fact, IncidentReported):
        clocks = _begin(event, event.fact)
    if clocks is None:
        return None
    clocks = _with_facts(clocks, event)
    match event.fact:
        case DutyOpened() as fact:
            return replace(clocks, duties=(*clocks.duties, _opened(fact, event, clocks)))
        case DutyRedated() | DutyPaused() | DutyResumed() | DutyExtended() as fact:
            return replace(clocks, duties=tuple(_moved(duty, fact, event, clocks) for duty in clocks.duties))
        case DutySetAside() as fact:
            duties = tuple(_set_aside(duty, fact, event, clocks) for duty in clocks.duties)
            return replace(clocks, duties=tuple(inherit(duty, duties) for duty in duties))
        case IncidentEnteredInError():
            return replace(clocks, duties=tuple(_ended(duty, event, clocks) for duty in clocks.duties))
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


def _with_facts(clocks: Clocks, event: Told) -> Clocks:
    done = event.fact.done()
    if not done:
        return clocks
    duties = tuple(follow(duty, done, clocks.facts, at=event.recorded_at) for duty in clocks.duties)
    return replace(clocks, duties=duties, facts=(*clocks.facts, *(Recorded(each, event.recorded_at) for each in done)))


def _opened(fact: DutyOpened, event: Told, clocks: Clocks) -> Duty:
    duty = Duty(fact.duty, fact.terms, fact.terms.started_at, fact.terms.due_at)
    if achieved(duty, clocks.facts).set_aside:
        # The person had declined before: it was never owed for a moment, and so never late.
        duty = replace(duty, set_aside_recorded_at=event.recorded_at)
    return inherit(duty, clocks.duties)


def _moved(duty: Duty, fact: Moving, event: Told, clocks: Clocks) -> Duty:
    if duty.duty != fact.duty:
        return duty
    if duty.set_aside is not None:
        # Its dates stay those at which it was set aside; only a pause that still ran comes to its end.
        return replace(duty, pause=None, paused_at=None) if isinstance(fact, DutyResumed) else duty
    duty = keep_missed(duty, clocks.facts, at=event.recorded_at)
    match fact:
        case DutyRedated(started_at=started_at, due_at=due_at, calendar=calendar):
            moved = replace(duty, started_at=started_at, due_at=due_at, calendar=calendar)
            return replace(moved, redatings=duty.redatings + 1)
        case DutyPaused(pause=pause):
            return replace(duty, pause=pause, paused_at=event.effective_at, pauses=duty.pauses + 1)
        case DutyResumed(due_at=due_at, calendar=calendar):
            return replace(duty, pause=None, paused_at=None, due_at=due_at, calendar=calendar)
        case DutyExtended(due_at=due_at):
            return replace(duty, due_at=due_at, extensions=duty.extensions + 1)


def _set_aside(duty: Duty, fact: DutySetAside, event: Told, clocks: Clocks) -> Duty:
    if duty.duty != fact.duty or duty.set_aside is not None:
        return duty
    aside = _ended(duty, event, clocks, because=fact.because)
    # A duty that is now owed to each person by name was never met as one owed to nobody in particular.
    return replace(aside, facts_until=0) if fact.because is SetAside.OWED_TO_NAMED_PERSONS else aside


def _ended(duty: Duty, event: Told, clocks: Clocks, *, because: str = ENTERED_IN_ERROR) -> Duty:
    if duty.set_aside is not None:
        return duty
    if duty.set_aside_recorded_at is None:
        # Otherwise the person set it aside before, and that moment says whether it was late.
        duty = set_aside(duty, clocks.facts, at=event.recorded_at)
    return replace(duty, set_aside=because, facts_until=len(clocks.facts))
