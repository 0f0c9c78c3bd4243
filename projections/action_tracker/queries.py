"""Questions about improvement actions. Overdue is a comparison of the due day with a moment, never a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, RowMapping, Subquery, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from domain.kernel.words import OdsCode
from domain.policy.clocks import local_day
from projections.action_tracker.model import MODEL
from projections.action_tracker.rows import ActionRow
from projections.engine.pages import Order
from projections.engine.reading import Found, Reading

SOONEST_FIRST: Final = Order("due_on")

_BY_WORD: Final = ("state", "strength", "owner_role", "monitored_by", "financial_year", "quarter")


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionFilter:
    """Which actions; what is None does not matter. `incident`: one of those that the action answers."""

    incident: UUID | None = None
    provider: OdsCode | None = None
    state: str | None = None
    strength: str | None = None
    owner_role: str | None = None
    monitored_by: str | None = None
    financial_year: str | None = None
    quarter: str | None = None
    overdue: bool | None = None
    due_before: date | None = None


def matching(reading: Reading, wanted: ActionFilter, *, as_of: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the actions."""
    view = reading.view(MODEL)
    conditions = [view.c[name] == getattr(wanted, name) for name in _BY_WORD if getattr(wanted, name) is not None]
    if wanted.provider is not None:
        conditions.append(view.c.organisation == wanted.provider)
    if wanted.incident is not None:
        conditions.append(cast(view.c.incidents, JSONB).contains([str(wanted.incident)]))
    if wanted.overdue is not None:
        overdue = overdue_at(view, as_of)
        conditions.append(overdue if wanted.overdue else ~overdue)
    if wanted.due_before is not None:
        conditions.append(view.c.due_on < wanted.due_before)
    return conditions


def overdue_at(view: Subquery, as_of: datetime) -> ColumnElement[bool]:
    """Whether the due day had ended in London by a moment, and the action was neither done nor withdrawn by then."""
    row = view.c
    return and_(
        row.due_on < local_day(as_of),
        or_(row.completed_at.is_(None), row.completed_at > as_of),
        or_(row.withdrawn_at.is_(None), row.withdrawn_at > as_of),
    )


def is_overdue(row: ActionRow, as_of: datetime) -> bool:
    """The same of one row."""
    ended = [at for at in (row.completed_at, row.withdrawn_at) if at is not None and at <= as_of]
    return row.due_on < local_day(as_of) and not ended


def days_over(row: ActionRow, as_of: datetime) -> int:
    """How many days in London the action is overdue at a moment; 0 when it is not."""
    return (local_day(as_of) - row.due_on).days if is_overdue(row, as_of) else 0


async def find_action(reading: Reading, action: UUID) -> Found[ActionRow] | None:
    """The row of an action, if it exists for this reader."""
    return await reading.find(MODEL, str(action))


async def count_by_state_and_strength(
    reading: Reading, *where: ColumnElement[bool], as_of: datetime
) -> Sequence[RowMapping]:
    """How many actions are in each state, by strength, and how many of them are overdue."""
    view = reading.view(MODEL)
    overdue = cast(overdue_at(view, as_of), Integer).label("overdue")
    actions = select(view.c.state, view.c.strength, overdue).where(*where).subquery()
    grouping = (actions.c.state, actions.c.strength)
    counted = (func.count().label("actions"), func.sum(actions.c.overdue).label("overdue"))
    asked: Any = select(*grouping, *counted).group_by(*grouping).order_by(*grouping)
    return await reading.execute(asked)
