"""Questions about the worklist: which items, and how far ahead it looks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, cast, or_
from sqlalchemy.dialects.postgresql import JSONB

from domain.incident.words import Assignment
from domain.kernel.words import OdsCode
from domain.policy.clocks import end_of_day, local_day
from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.worklist.merging import WORKLIST
from projections.worklist.waiting import Kind, Section

IN_PLACE: Final = Order("place")
"""The order of the whole list (see `merging.py`)."""

USUAL_DAYS: Final = 5
"""How many calendar days ahead the list looks, unless asked otherwise: today, and five days more."""

NO_HANDLER: Final = "no_handler"
"""What is asked for to find the cases that nobody handles."""

_BY_WORD: Final = ("section", "kind", "site")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkFilter:
    """Which items; what is None does not matter.

    `within_days`: what is due on one of so many calendar days in London after today, or today, is running out; what has
    no number of days is always listed. `assigned`: somebody has this assignment in the case, or (`no_handler`) nobody
    handles it.
    """

    within_days: int = USUAL_DAYS
    section: Section | None = None
    kind: Kind | None = None
    provider: OdsCode | None = None
    site: str | None = None
    incident: UUID | None = None
    assigned: str | None = None


def matching(reading: Reading, wanted: WorkFilter, *, as_of: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the worklist."""
    view = WORKLIST.view(reading, as_of)
    conditions: list[ColumnElement[bool]] = [
        view.c[name] == str(getattr(wanted, name)) for name in _BY_WORD if getattr(wanted, name) is not None
    ]
    conditions.append(_is_near(view, wanted.within_days, as_of))
    if wanted.provider is not None:
        conditions.append(view.c.organisation == wanted.provider)
    if wanted.incident is not None:
        conditions.append(view.c.incident_id == wanted.incident)
    if wanted.assigned == NO_HANDLER:
        conditions.append(~_has(view, Assignment.HANDLER))
    elif wanted.assigned is not None:
        conditions.append(_has(view, wanted.assigned))
    return conditions


def last_moment(as_of: datetime, *, within_days: int) -> datetime:
    """The end of the last day that counts as near: of today in London, with 0 days."""
    day = min(local_day(as_of).toordinal() + within_days, date.max.toordinal())
    return end_of_day(date.fromordinal(day))


def _is_near(view: Subquery, within_days: int, as_of: datetime) -> ColumnElement[bool]:
    near = last_moment(as_of, within_days=within_days)
    return or_(view.c.section != Section.RUNNING_OUT.value, view.c.due_at.is_(None), view.c.due_at <= near)


def _has(view: Subquery, assignment: str) -> ColumnElement[bool]:
    return cast(view.c.assigned, JSONB).contains([assignment])
