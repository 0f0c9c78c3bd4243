"""One case as the page tells it: what it is, its clocks, decisions and actions, and its story line by line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.kernel.personal import Sealed
from domain.policy.edition import Force, standing
from domain.policy.status import ClockStatus
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.rows import ActionRow
from projections.engine.feed import Told
from projections.engine.folding import Folding
from projections.engine.model import ReadModel, Row, State
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_register.rows import IncidentRow
from projections.incident_timeline.sentences.telling import sentence
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import days_over, missed, status_of
from projections.timeliness.rows import ClockRow
from service.reading.audit.packs.opened import Heard, Secret, Value
from service.reading.decisions import Decision, decisions_of
from service.reading.stories import told_of
from service.store.codec import Codec

_HOW: Final[Mapping[ClockStatus, str]] = {
    ClockStatus.RUNNING: "running",
    ClockStatus.PAUSED: "paused",
    ClockStatus.OVERDUE: "overdue",
    ClockStatus.MET: "met in time",
    ClockStatus.MET_LATE: "met late",
    ClockStatus.MET_RECORDED_LATE: "met, but entered after the due time: counted as late",
    ClockStatus.SET_ASIDE_LATE: "set aside after it was overdue: counted as missed",
    ClockStatus.NOT_APPLICABLE: "does not apply",
    ClockStatus.WITHOUT_NUMBER: "not met; the rule gives no number of days",
}

Says = Callable[[Secret], Value]


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty and how it stands at the moment of the pack."""

    row: ClockRow
    force: str
    how: str
    days_over: int
    missed: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A threshold decision with its reasons, as far as the reader may read them."""

    decision: Decision
    reasons: Value
    decider: Value | None
    departure: Value | None


@dataclass(frozen=True, slots=True)
class Act:
    """An improvement action with what is to change and who owns it."""

    row: ActionRow
    change: Value
    owner: Value


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the story."""

    position: int
    type: str
    effective_at: datetime
    recorded_at: datetime
    actor: UUID
    sentence: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A case at one position, for one reader."""

    incident: IncidentRow
    what_happened: Value
    clocks: Sequence[Clock]
    decisions: Sequence[Decided]
    actions: Sequence[Act]
    lines: Sequence[Line]
    actors: Mapping[UUID, int] = field(default_factory=dict)
    """Who acted, and how often."""


def chapter_of(case: UUID, events: Sequence[Heard], *, as_of: datetime, codec: Codec) -> Chapter:
    """A case from all of its events, its clocks compared with `as_of`."""
    stored = [each.event for each in events]
    told = told_of(stored, codec)
    says = _saying(events)
    incident = next(row for row in rows_of(INCIDENT_REGISTER, told) if row.id == case)
    return Chapter(
        incident=incident,
        what_happened=says(incident.what_happened),
        clocks=[_clock(row, as_of) for row in sorted(rows_of(TIMELINESS, told), key=_soonest)],
        decisions=[_decided(found.row, says) for found in decisions_of(stored, codec)],
        actions=[_act(row, says) for row in sorted(rows_of(ACTION_TRACKER, told), key=_by_day)],
        lines=[_line(each) for each in events],
        actors=_actors(events),
    )


def rows_of(model: ReadModel[State, Row], told: Sequence[Told]) -> list[Row]:
    """The rows that a read model shows once it is told these events and nothing else."""
    folding = Folding(model, {})
    for event in told:
        folding.take(event)
    return [version.row for version in folding.latest.values() if not version.gone]


def _saying(events: Sequence[Heard]) -> Says:
    """What gives a sealed value as this reader hears it, by the box that it lies in."""
    known = {(each.event.event_id, value.path): value for each in events for value in each.values}

    def says(secret: Secret) -> Value:
        assert isinstance(secret.words, Sealed), "what is decoded is sealed"
        return known[secret.words.event, secret.words.path]

    return says


def _clock(row: ClockRow, as_of: datetime) -> Clock:
    return Clock(
        row=row,
        force=standing(Force(row.force), verified=row.verified),
        how=_HOW[status_of(row, as_of)],
        days_over=days_over(row, as_of),
        missed=missed(row, as_of),
    )


def _decided(decision: Decision, says: Says) -> Decided:
    return Decided(
        decision=decision,
        reasons=says(decision.reasons),
        decider=says(decision.decider) if decision.decider else None,
        departure=says(decision.departure) if decision.departure else None,
    )


def _act(row: ActionRow, says: Says) -> Act:
    return Act(row=row, change=says(row.change), owner=says(row.owner_name))


def _line(each: Heard) -> Line:
    event = each.event
    return Line(
        position=event.position,
        type=event.type,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        actor=event.actor,
        sentence=sentence(each.fact),
        values=each.values,
    )


def _actors(events: Sequence[Heard]) -> Mapping[UUID, int]:
    counted: dict[UUID, int] = {}
    for each in events:
        counted[each.event.actor] = counted.get(each.event.actor, 0) + 1
    return counted


def _soonest(row: ClockRow) -> tuple[bool, datetime, str, str]:
    return (row.due_at is None, row.due_at or row.started_at, row.rule, str(row.id))


def _by_day(row: ActionRow) -> tuple[date, str]:
    return (row.due_on, str(row.id))
