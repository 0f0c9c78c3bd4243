"""The figures of improvement actions: how many are in which state, how many are overdue, and of how many kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from projections.action_tracker.model import MODEL
from projections.action_tracker.queries import ActionFilter, days_over, is_overdue
from projections.action_tracker.rows import ActionRow
from projections.engine.feed import Told
from projections.explaining.commissioning import commissioned
from projections.explaining.explanation import Value
from projections.explaining.figures import (
    Asking,
    Figure,
    Part,
    Place,
    Role,
    Summary,
    Why,
    each_kind,
    how_many_kinds,
    one_of_each,
    said_of_one,
)

_BY_WORD: Final = ("state", "strength", "owner_role", "monitored_by", "financial_year", "quarter")


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionsWanted(ActionFilter):
    """Which actions; `state` and `strength` choose a line of the summary."""

    commissioner: str | None = None


def matches(row: ActionRow, wanted: ActionsWanted, as_of: datetime) -> bool:
    """Whether an action is among those asked for: the same as the conditions of `action_tracker/queries.py`."""
    given = [name for name in _BY_WORD if getattr(wanted, name) is not None]
    if any(getattr(row, name) != getattr(wanted, name) for name in given):
        return False
    return (
        (wanted.incident is None or wanted.incident in row.incidents)
        and wanted.provider in (None, row.organisation)
        and wanted.overdue in (None, is_overdue(row, as_of))
        and (wanted.due_before is None or row.due_on < wanted.due_before)
    )


def _overdue(row: ActionRow, asking: Asking) -> bool | None:
    return True if is_overdue(row, asking.as_of) else None


def _line(row: ActionRow, _asking: Asking) -> tuple[Any, ...]:
    return (row.state, row.strength)


def _place(row: ActionRow) -> Place:
    return Place(row.id)


def _find(rows: Mapping[str, ActionRow], key: str, _asking: Asking) -> ActionRow | None:
    return rows.get(key)


_WHY: Final[dict[type[Any], str]] = {
    ActionAccepted: "Its owner accepts it.",
    ActionExtended: "Agrees a later due day.",
    ActionHandedOver: "Hands it over to another owner, who has not accepted it yet.",
    ActionMonitored: "Says which group monitors it.",
    ActionCompleted: "Says that it is completed.",
    ActionRejected: "Says that it is not completed after all.",
    ActionVerified: "Verifies that it is completed.",
    ActionWithdrawn: "Withdraws it.",
}


def why(event: Told, _key: str, _events: Sequence[Told]) -> Why:
    """What an event does for its action."""
    if isinstance(event.fact, ActionAgreed):
        return Why(Role.AGREES, "The action is agreed: of what strength, and due on which day.")
    return Why(Role.MOVES, _WHY[type(event.fact)])


_ACTIONS: Final = Figure("The number of improvement actions.")

SUMMARY: Final = Summary(
    name="actions/summary",
    subject="action",
    wanted=ActionsWanted,
    main=Part(model=MODEL, place=_place, find=_find, why=why),
    matches=matches,
    figures={
        "actions": _ACTIONS,
        "overdue": Figure(
            "The number of actions whose due day had ended in London, and that were neither completed nor withdrawn by then.",
            takes=_overdue,
        ),
        "total": Figure(
            "The number of lines of the summary: one for each state and strength that occurs.",
            takes=_line,
            needs=one_of_each,
            value=how_many_kinds,
            parts=each_kind,
        ),
    },
    beside=commissioned,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionWanted:
    """Which action."""

    action: UUID


def _is_it(row: ActionRow, wanted: ActionWanted, _as_of: datetime) -> bool:
    return row.id == wanted.action


def _days_over(row: ActionRow, asking: Asking) -> Value:
    return days_over(row, asking.as_of)


def _count(name: str) -> Figure:
    def says(row: ActionRow, _asking: Asking) -> Value:
        found: Value = getattr(row, name)
        return found

    return said_of_one(_COUNTS[name], says)


_COUNTS: Final = {
    "findings": "The number of findings that the action answers.",
    "extensions": "How often a later due day was agreed.",
    "handovers": "How often the action was handed over to another owner.",
    "rejections": "How often what was said to be completed was rejected.",
}

LIST: Final = replace(SUMMARY, name="actions", figures={"total": _ACTIONS})

RECORD: Final = replace(
    SUMMARY,
    name="actions/{action}",
    wanted=ActionWanted,
    matches=_is_it,
    figures={
        **{name: _count(name) for name in _COUNTS},
        "days_over": said_of_one("How many days in London the action is overdue; 0 where it is not.", _days_over),
    },
    beside=lambda _wanted: (),
)
"""The figures of one action."""
