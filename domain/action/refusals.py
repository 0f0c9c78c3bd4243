"""Refusals that several commands on an action share."""

from typing import ClassVar

from domain.kernel.refusal import Refusal


class ActionNotOpen(Refusal):
    """The action has come too far to take this: it is completed, verified or withdrawn."""

    code: ClassVar[str] = "action.not-open"


class ActionNotCompleted(Refusal):
    """No completion of the action stands that could be verified or rejected."""

    code: ClassVar[str] = "action.not-completed"


class DueInPast(Refusal):
    """An action cannot be due on a day that has already passed."""

    code: ClassVar[str] = "action.due-in-past"
