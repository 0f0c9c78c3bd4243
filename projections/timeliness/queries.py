"""Questions about clocks: how each stands at a moment, said by the database in the words of `domain/policy/status.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Subquery, and_, case, func, literal_column, null, or_, select

from domain.kernel.words import OdsCode
from domain.policy.clocks import local_day
from domain.policy.status import ClockStatus, Progress, status
from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.timeliness.model import MODEL
from projections.timeliness.rows import ClockRow

SOONEST_FIRST: Final = Order("due_at")
"""The clocks that are due soonest come first, those without a due time last."""

_BY_WORD: Final = ("rule", "force", "site", "division", "specialty", "financial_year", "quarter")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockFilter:
    """Which clocks; what is None does not matter. `due_before` leaves out clocks without a due time."""

    incident: UUID | None = None
    provider: OdsCode | None = None
    rule: str | None = None
    force: str | None = None
    status: ClockStatus | None = None
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
        (clock.set_aside, _word(ClockStatus.NOT_APPLICABLE)),
        (held, _word(ClockStatus.PAUSED)),
        (due.is_(None), _word(ClockStatus.WITHOUT_NUMBER)),
        (due < as_of, _word(ClockStatus.OVERDUE)),
        else_=_word(ClockStatus.RUNNING),
    )


def status_of(row: ClockRow, as_of: datetime) -> ClockStatus:
    """The word for one clock at a moment."""
    achieved = Progress(met_at=row.met_at, met_recorded_at=row.met_recorded_at, set_aside=row.set_aside)
    return status(achieved, due_at=row.due_at, paused_at=row.paused_at, as_of=as_of)


def days_over(row: ClockRow, as_of: datetime) -> int:
    """How many days in London lie between the due day and the day on which it was met, or `as_of`; 0 when in time.

    A clock of hours that ran out earlier on the same day is over by 0 days.
    """
    word = status_of(row, as_of)
    if row.due_at is None or word not in {ClockStatus.OVERDUE, ClockStatus.MET_LATE}:
        return 0
    until = row.met_at if word is ClockStatus.MET_LATE and row.met_at else as_of
    return (local_day(until) - local_day(row.due_at)).days


async def count_by_rule_and_status(
    reading: Reading, *where: ColumnElement[bool], as_of: datetime
) -> Sequence[RowMapping]:
    """How many clocks of each rule stand in each way: one row for every rule, force and status that occurs."""
    view = reading.view(MODEL)
    grouping = [view.c[name] for name in ("rule", "title", "force", "verified")]
    clocks = select(*grouping, status_at(view, as_of).label("status")).where(*where).subquery()
    asked: Any = select(*clocks.c, func.count().label("clocks")).group_by(*clocks.c).order_by(*clocks.c)
    return await reading.execute(asked)


def _word(word: ClockStatus) -> ColumnElement[str]:
    return literal_column(f"'{word.value}'")
