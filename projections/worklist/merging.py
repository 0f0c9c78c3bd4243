"""The worklist at a moment: what waits for a person and every clock that stands, put together by the database.

In order: what is to be decided, by its kind, longest waiting first; then what runs out, soonest due first, with the
duties that have no number after those that have; then what is late, longest over first.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK
from domain.policy.questions import Outcome
from domain.policy.status import ClockStatus
from projections.engine.columns import Structured
from projections.engine.merging import Merged
from projections.engine.reading import Reading
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import status_at
from projections.worklist.items import WorkItem
from projections.worklist.model import MODEL
from projections.worklist.waiting import Kind, Section

_STANDING: Final = (ClockStatus.RUNNING, ClockStatus.WITHOUT_NUMBER, ClockStatus.OVERDUE)
_OF_DAYS: Final = (Kind.ACTION_TO_ACCEPT, Kind.ACTION)
"""What can be late: an action that was completed in time waits for its verification, and is not late any more."""

_OF_CLOCK: Final = ("rule", "title", "edition", "force", "verified", "owed_by", "recipients", "person")
_OF_CASE: Final = (
    "source_system",
    "local_reference",
    "record_type",
    "regime",
    "site",
    "division",
    "specialty",
    "financial_year",
    "quarter",
    "assigned",
)


def _uncollated(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type as a cast can name it."""
    return Text() if isinstance(kind, Text) else kind


_COLUMNS: Final[dict[str, TypeEngine[Any]]] = {
    "section": Text(),
    "clock_id": Uuid(),
    "changed_position": BigInteger(),
    **{column.name: _uncollated(column.type) for column in MODEL.table.c},
    **{name: _uncollated(TIMELINESS.table.c[name].type) for name in _OF_CLOCK},
}
"""What every item has, whichever read model it comes from, with its type."""

_TO_THE_MICROSECOND: Final = "YYYYMMDDHH24MISSUS"


def _items(reading: Reading, as_of: datetime) -> Subquery:
    return reading.once(f"worklist at {as_of.isoformat()}", lambda: _merged(reading, as_of))


WORKLIST: Final = Merged(models=(MODEL, TIMELINESS, INCIDENT_REGISTER), row=WorkItem, view=_items)
"""Everybody's work; whose it is, is asked of its columns."""


def _merged(reading: Reading, as_of: datetime) -> Subquery:
    work = union_all(_waiting(reading.view(MODEL), as_of), _clocks(reading.view(TIMELINESS), as_of)).subquery("work")
    register = reading.view(INCIDENT_REGISTER)
    own = [column for column in work.c if column.name not in ("changed_position", "completed_at")]
    items = (
        select(
            *own,
            work.c.key.label("item"),
            *(register.c[name] for name in _OF_CASE),
            register.c.status.label("case_status"),
            _place(work).label("place"),
            func.greatest(work.c.changed_position, register.c.changed_position).label("changed_position"),
        )
        .join_from(work, register, work.c.incident_id == register.c.id)
        .where(register.c.status != "entered_in_error", _is_submitted_at_all(work, register))
    )
    return items.subquery("items")


def _is_submitted_at_all(work: Subquery, register: Subquery) -> ColumnElement[bool]:
    """Only where the commissioner closes the case does an approved response have to go there."""
    is_serious = or_(register.c.serious_incident == Outcome.MET.value, register.c.never_event == Outcome.MET.value)
    closed_by_commissioner = and_(register.c.regime == str(SERIOUS_INCIDENT_FRAMEWORK), is_serious)
    return or_(
        work.c.kind != Kind.RESPONSE_TO_SUBMIT.value, func.coalesce(closed_by_commissioner, literal_column("false"))
    )


def _waiting(view: Subquery, as_of: datetime) -> Select[Any]:
    row = view.c
    # What was completed after the moment was still to be done then.
    is_undone = and_(row.kind == Kind.ACTION_TO_VERIFY.value, row.completed_at > as_of)
    kind = case((is_undone, _word(Kind.ACTION)), else_=row.kind)
    is_late = and_(kind.in_([each.value for each in _OF_DAYS]), row.due_at < as_of)
    section = case(
        (is_late, _word(Section.LATE)),
        (kind == Kind.ACTION.value, _word(Section.RUNNING_OUT)),
        else_=_word(Section.DECIDE),
    )
    return _part(view, kind=kind, section=section)


def _clocks(view: Subquery, as_of: datetime) -> Select[Any]:
    row, stands = view.c, status_at(view, as_of)
    section = case((stands == ClockStatus.OVERDUE.value, _word(Section.LATE)), else_=_word(Section.RUNNING_OUT))
    part = _part(view, kind=_word(Kind.CLOCK), section=section, waiting_since=row.started_at, clock_id=row.id)
    return part.where(~row.set_aside, stands.in_([each.value for each in _STANDING]))


def _part(view: Subquery, **made: ColumnElement[Any]) -> Select[Any]:
    """The columns of the worklist: those `made`, those that the view has, and nothing in the others."""
    given = {**{column.name: column for column in view.c}, **made}
    return select(*(cast(given.get(name, _nothing(kind)), kind).label(name) for name, kind in _COLUMNS.items()))


def _nothing(kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return literal_column("'[]'" if isinstance(kind, Structured) else "null")


def _place(work: Subquery) -> ColumnElement[str]:
    item = work.c
    kinds: list[Any] = [
        (item.kind == kind.value, literal_column(f"'0 {number:02}'")) for number, kind in enumerate(Kind)
    ]
    due = _stamp(item.due_at)
    place = case(
        (item.section == Section.DECIDE.value, func.concat(case(*kinds), _stamp(item.waiting_since))),
        (item.section == Section.LATE.value, func.concat(literal_column("'2 '"), due)),
        (item.due_at.is_(None), func.concat(literal_column("'1 without '"), _stamp(item.waiting_since))),
        else_=func.concat(literal_column("'1 '"), due),
    )
    return cast(place, Text)


def _stamp(instant: ColumnElement[datetime]) -> ColumnElement[str]:
    return func.to_char(func.timezone(literal_column("'UTC'"), instant), literal_column(f"'{_TO_THE_MICROSECOND}'"))


def _word(word: Kind | Section) -> ColumnElement[str]:
    return literal_column(f"'{word.value}'")
