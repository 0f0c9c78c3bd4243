"""Questions about clocks: how each stands at a moment, said by the database in the words of `domain/policy/status.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Subquery, and_, case, func, literal_column, null, or_, select

from domain.kernel.words import OdsCode
from domain.policy.clocks import local_day
from domain.policy.status import MISSED, ClockStatus, Progress, is_missed, status
from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.timeliness.model import MODEL
from projections.timeliness.rows import ClockRow

SOONEST_FIRST: Final = Order("due_at")
"""The clocks that are due soonest come first, those without a due time last."""

_BY_WORD: Final = ("rule", "force", "site", "division", "specialty", "financial_year", "quarter")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockFilter:
    """Which clocks; what is None does not matter. `due_before` leaves out clocks without a due time.

    `missed`: whether a due moment had passed unmet by then, however the clock stands now.
    """

    incident: UUID | None = None
    provider: OdsCode | None = None
    rule: str | None = None
    force: str | None = None
    status: ClockStatus | None = None
    missed: bool | None = None
    site: str | None = None
    division: str | None = None
    specialty: str | None = None
    financial_year: str | None = None
    quarter: str | None = None
    due_before: datetime | None = None


def matching(reading: Reading, wanted: ClockFilter, *, as_of: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the clocks."""
    view = reading.view(MODEL)
    conditions = [view.c[name] == getattr(wanted, name) for name in _BY_WORD if getattr(wanted, name) is not None]
    if wanted.incident is not None:
        conditions.append(view.c.incident_id == wanted.incident)
    if wanted.provider is not None:
        conditions.append(view.c.organisation == wanted.provider)
    if wanted.status is not None:
        conditions.append(status_at(view, as_of) == wanted.status.value)
    if wanted.missed is not None:
        conditions.append(missed_at(view, as_of).is_(wanted.missed))
    if wanted.due_before is not None:
        conditions.append(view.c.due_at < wanted.due_before)
    return conditions


def status_at(view: Subquery, as_of: datetime) -> ColumnElement[str]:
    """The word for each clock at a moment: the same as `domain.policy.status.status` gives, so that SQL can filter."""
    clock = view.c
    held = and_(
        clock.paused_at.is_not(None),
        clock.paused_at <= as_of,
        or_(clock.due_at.is_(None), clock.paused_at <= clock.due_at),
    )
    due = case((held, null()), else_=clock.due_at)
    recorded = func.coalesce(clock.met_recorded_at, clock.met_at)
    return case(
        (
            and_(clock.met_at.is_not(None), clock.met_at <= as_of),
            case(
                (or_(due.is_(None), recorded <= due), _word(ClockStatus.MET)),
                (clock.met_at > due, _word(ClockStatus.MET_LATE)),
                else_=_word(ClockStatus.MET_RECORDED_LATE),
            ),
        ),
        (
            and_(clock.set_aside, clock.set_aside_overdue_since.is_(None)),
            _word(ClockStatus.NOT_APPLICABLE),
        ),
        (
            and_(
                clock.set_aside,
                or_(clock.set_aside_recorded_at.is_(None), clock.set_aside_recorded_at <= as_of),
            ),
            _word(ClockStatus.SET_ASIDE_LATE),
        ),
        (held, _word(ClockStatus.PAUSED)),
        (due.is_(None), _word(ClockStatus.WITHOUT_NUMBER)),
        (due < as_of, _word(ClockStatus.OVERDUE)),
        else_=_word(ClockStatus.RUNNING),
    )


def missed_at(view: Subquery, as_of: datetime) -> ColumnElement[bool]:
    """Whether each clock counts as missed at a moment: the same as `missed` says of a row."""
    clock = view.c
    kept = and_(clock.missed_due_at.is_not(None), clock.missed_due_at < as_of)
    words = [word.value for word in sorted(MISSED)]
    return and_(~clock.handed_over, or_(kept, status_at(view, as_of).in_(words)))


def missed(row: ClockRow, as_of: datetime) -> bool:
    """Whether one clock counts as missed at a moment; one that was handed over counts for those who are named."""
    word = status_of(row, as_of)
    return not row.handed_over and is_missed(word, missed_due_at=row.missed_due_at, as_of=as_of)


def status_of(row: ClockRow, as_of: datetime) -> ClockStatus:
    """The word for one clock at a moment."""
    achieved = Progress(
        met_at=row.met_at,
        met_recorded_at=row.met_recorded_at,
        set_aside=row.set_aside,
        set_aside_recorded_at=row.set_aside_recorded_at,
        overdue_since=row.set_aside_overdue_since,
    )
    return status(achieved, due_at=row.due_at, paused_at=row.paused_at, as_of=as_of)


def days_over(row: ClockRow, as_of: datetime) -> int:
    """How many days in London lie between the due day and the day on which the duty was met or set aside, or `as_of`.

    0 when in time; a clock of hours that ran out earlier on the same day is over by 0 days too.
    """
    match status_of(row, as_of):
        case ClockStatus.OVERDUE:
            due, until = row.due_at, as_of
        case ClockStatus.MET_LATE:
            due, until = row.due_at, row.met_at or as_of
        case ClockStatus.SET_ASIDE_LATE:
            due, until = row.set_aside_overdue_since, row.set_aside_recorded_at or as_of
        case _:
            return 0
    return 0 if due is None else (local_day(until) - local_day(due)).days


async def count_by_rule_and_status(
    reading: Reading, *where: ColumnElement[bool], as_of: datetime
) -> Sequence[RowMapping]:
    """How many clocks of each rule stand in each way, and how many of them count as missed.

    One row for every rule, force and status that occurs.
    """
    view = reading.view(MODEL)
    grouping = [view.c[name] for name in ("rule", "title", "force", "verified")]
    stands, is_missed_then = status_at(view, as_of).label("status"), missed_at(view, as_of).label("is_missed")
    clocks = select(*grouping, stands, is_missed_then).where(*where).subquery()
    groups = [column for column in clocks.c if column.name != "is_missed"]
    counts = (func.count().label("clocks"), func.count().filter(clocks.c.is_missed).label("missed"))
    asked: Any = select(*groups, *counts).group_by(*groups).order_by(*groups)
    return await reading.execute(asked)


def _word(word: ClockStatus) -> ColumnElement[str]:
    return literal_column(f"'{word.value}'")
