"""The whole history of one duty, told from the events of its case: every date that it had, and whom it waited for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
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
from domain.incident.words import PausingBody
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, DutyId
from domain.policy.elapsed import Because, Interval, Wait, split, waits_of
from domain.policy.status import concerns, meets
from projections.engine.feed import Told
from projections.timeliness.rows import ClockRow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Redating:
    """The start of the clock was corrected, or the calendar changed; both dates of both are kept."""

    previous_started_at: datetime
    previous_due_at: datetime | None
    started_at: datetime
    due_at: datetime | None
    because: str
    calendar: str
    redated_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ObligationPause:
    """The clock stood still: at whose request, why, who approved it; `due_at` is when it was due once it ran again."""

    id: UUID
    body: PausingBody
    reason: Narrative
    approver: Personal
    approver_organisation: str
    requested_on: date
    review_on: date | None
    paused_at: datetime
    recorded_at: datetime
    resumed_at: datetime | None
    resumed_recorded_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObligationExtension:
    """A later moment was agreed, and by whom."""

    previous_due_at: datetime
    due_at: datetime
    reason: Narrative
    agreed_by: Personal
    agreed_by_organisation: str
    agreed_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DutyHistory:
    """What happened to one duty, beside how its clock stands.

    `met_by` is the code of what met it, told by the event at `met_position`. The time it took runs from `from_at` to
    `ended_at` (None: it runs on), and `waits` are what it waited for meanwhile.
    """

    organisation: str
    opened_recorded_at: datetime
    original_started_at: datetime
    met_by: str | None
    met_position: int | None
    set_aside_reason: Narrative | None
    redated: tuple[Redating, ...]
    paused: tuple[ObligationPause, ...]
    extended: tuple[ObligationExtension, ...]
    actor: Code
    from_at: datetime
    ended_at: datetime | None
    waits: tuple[Wait, ...]


def history_of(told: Sequence[Told], row: ClockRow) -> DutyHistory | None:
    """The history of the duty of a clock, from the events of its case in order; None where they do not open it."""
    opened = [event for event in told if isinstance(event.fact, DutyOpened) and event.fact.duty == row.id]
    if not opened or not isinstance(opened[0].fact, DutyOpened):
        return None
    terms, own = opened[0].fact.terms, _own(told, DutyId(row.id))
    paused = _pauses(own)
    meeting = [
        (done.code, event.position)
        for event in told
        for done in event.fact.done()
        if meets(terms, done) and concerns(terms, done)
        if (done.at, event.recorded_at) == (row.met_at, row.met_recorded_at)
    ]
    met_by, met_position = meeting[0] if meeting else (None, None)
    aside = [event.fact.reason for event in own if isinstance(event.fact, DutySetAside)]
    return DutyHistory(
        organisation=row.organisation,
        opened_recorded_at=opened[0].recorded_at,
        original_started_at=terms.started_at,
        met_by=met_by,
        met_position=met_position,
        set_aside_reason=aside[0] if aside else None,
        redated=tuple(_redating(event, event.fact) for event in own if isinstance(event.fact, DutyRedated)),
        paused=paused,
        extended=tuple(_extension(event, event.fact) for event in own if isinstance(event.fact, DutyExtended)),
        actor=terms.actor,
        from_at=row.started_at,
        ended_at=row.met_at or (row.set_aside_recorded_at if row.set_aside else None),
        waits=(*_held(paused), *waits_of(terms, (done for event in told for done in event.fact.done()))),
    )


def elapsed_of(history: DutyHistory, as_of: datetime) -> Sequence[Interval]:
    """The time that the duty has taken by then, split by whom it waited for."""
    ended = as_of if history.ended_at is None else min(as_of, history.ended_at)
    return split(history.from_at, ended, history.waits, actor=history.actor)


def seconds_of(intervals: Sequence[Interval]) -> tuple[int, ...]:
    """How long each lasts, in whole seconds.

    Each counts from the whole second of one moment to that of the next, so that together they are as long as the whole.
    """
    return tuple((each.until_at - _EPOCH) // _SECOND - (each.from_at - _EPOCH) // _SECOND for each in intervals)


def _own(told: Iterable[Told], duty: DutyId) -> list[Told]:
    moving = (DutyRedated, DutyPaused, DutyResumed, DutyExtended, DutySetAside)
    return [event for event in told if isinstance(event.fact, moving) and event.fact.duty == duty]


def _redating(event: Told, fact: DutyRedated) -> Redating:
    return Redating(
        previous_started_at=fact.previous_started_at,
        previous_due_at=fact.previous_due_at,
        started_at=fact.started_at,
        due_at=fact.due_at,
        because=fact.because,
        calendar=fact.calendar,
        redated_at=event.effective_at,
        recorded_at=event.recorded_at,
    )


def _extension(event: Told, fact: DutyExtended) -> ObligationExtension:
    return ObligationExtension(
        previous_due_at=fact.previous_due_at,
        due_at=fact.due_at,
        reason=fact.reason,
        agreed_by=fact.agreed_by,
        agreed_by_organisation=fact.agreed_by_organisation,
        agreed_at=event.effective_at,
        recorded_at=event.recorded_at,
    )


def _pauses(own: Iterable[Told]) -> tuple[ObligationPause, ...]:
    pauses: dict[UUID, ObligationPause] = {}
    for event in own:
        match event.fact:
            case DutyPaused() as fact:
                pauses[fact.pause] = _pause(event, fact)
            case DutyResumed(pause=pause, due_at=due_at) if pause in pauses:
                pauses[pause] = replace(
                    pauses[pause],
                    resumed_at=event.effective_at,
                    resumed_recorded_at=event.recorded_at,
                    due_at=due_at,
                )
    return tuple(pauses.values())


def _pause(event: Told, fact: DutyPaused) -> ObligationPause:
    return ObligationPause(
        id=fact.pause,
        body=fact.body,
        reason=fact.reason,
        approver=fact.approver,
        approver_organisation=fact.approver_organisation,
        requested_on=fact.requested_on,
        review_on=fact.review_on,
        paused_at=event.effective_at,
        recorded_at=event.recorded_at,
        resumed_at=None,
        resumed_recorded_at=None,
        due_at=None,
    )


def _held(pauses: Iterable[ObligationPause]) -> Iterable[Wait]:
    return (Wait(Because.PAUSED, Code(each.body.value), each.paused_at, each.resumed_at) for each in pauses)
