"""What the events about duties say."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from domain.incident.duty_events import (
    DutyExtended,
    DutyOpened,
    DutyPaused,
    DutyRedated,
    DutyResumed,
    DutySetAside,
)
from domain.incident.words import SetAside
from projections.incident_timeline.sentences.wording import moment, words

_CALENDAR: Final = "calendar"


def _due(due_at: datetime | None) -> str:
    return f"due by {moment(due_at)}" if due_at else "without a due time"


def opened(fact: DutyOpened) -> str:
    """The duty, its rule, its force and its due time."""
    terms = fact.terms
    checked = "" if terms.verified else ", text not yet checked"
    due = f"due by {moment(terms.due_at)}" if terms.due_at else "its source gives no time limit in numbers"
    return f"A duty began ({terms.rule}, {words(terms.force)}{checked}): {terms.title}; {due}."


def redated(fact: DutyRedated) -> str:
    """The corrected dates beside the earlier ones."""
    earlier = f" instead of {moment(fact.previous_due_at)}" if fact.previous_due_at and fact.due_at else ""
    if fact.because == _CALENDAR:
        return f"The bank holidays changed under the clock of {fact.rule}: now {_due(fact.due_at)}{earlier}."
    return (
        f"The start of the clock of {fact.rule} was corrected from {moment(fact.previous_started_at)} "
        f"to {moment(fact.started_at)}: now {_due(fact.due_at)}{earlier}."
    )


def paused(fact: DutyPaused) -> str:
    """Who asked for the pause, and who approved it."""
    asked = f"at the written request of {words(fact.body)}"
    return f"The clock of {fact.rule} was paused {asked}, with the approval of {fact.approver_organisation}."


def resumed(fact: DutyResumed) -> str:
    """The new due time."""
    return f"The paused clock of {fact.rule} runs again: now {_due(fact.due_at)}."


def extended(fact: DutyExtended) -> str:
    """Both due times."""
    return (
        f"{fact.agreed_by_organisation} agreed to more time for {fact.rule}: due by {moment(fact.due_at)} "
        f"instead of {moment(fact.previous_due_at)}."
    )


_BECAUSE: Final = {
    SetAside.NOT_APPLICABLE: "recorded as not applicable, with the reason",
    SetAside.DECISION_CHANGED: "the decision it followed from was changed",
    SetAside.OWED_TO_NAMED_PERSONS: "it is now owed to each person by name",
}


def set_aside(fact: DutySetAside) -> str:
    """Why the duty does not apply."""
    return f"The duty {fact.rule} was set aside: {_BECAUSE[fact.because]}."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    DutyOpened: opened,
    DutyRedated: redated,
    DutyPaused: paused,
    DutyResumed: resumed,
    DutyExtended: extended,
    DutySetAside: set_aside,
}
