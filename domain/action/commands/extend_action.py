"""Agree a later due day for an action; the day first agreed stays on record."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.action.events import ActionExtended
from domain.action.refusals import ActionNotOpen, DueInPast
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.policy.clocks import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtendAction:
    """The later day, why, and who agreed to it."""

    due_on: date
    reason: Narrative
    agreed_by: Personal


class DueNotLater(Refusal):
    """An extension gives a later day than the one that stands."""

    code: ClassVar[str] = "action.due-not-later"


def extend_action(action: Action, command: ExtendAction, stamp: Stamp) -> None:
    """Record the later day beside the earlier one. Asking again for the day already granted records nothing new.

    A completed action is not extended: that would turn a late completion into one in time.

    Raises:
        ActionNotOpen: it is completed, verified or withdrawn.
        DueNotLater: the day is not later than the one that stands.
        DueInPast: the day lies before the day (Europe/London) on which the extension was agreed.
    """
    if action.status is not Status.OPEN:
        raise ActionNotOpen(f"The action is {action.status}.")
    if command.due_on == action.due_on != action.original_due_on:
        return
    if command.due_on <= action.due_on:
        raise DueNotLater(f"The action is due on {action.due_on}.", pointers=("/due_on",))
    if command.due_on < local_day(stamp.at):
        raise DueInPast(f"It was agreed on {local_day(stamp.at)}, after {command.due_on}.", pointers=("/due_on",))
    extended = ActionExtended(
        **after(action, stamp),
        previous_due_on=action.due_on,
        due_on=command.due_on,
        reason=command.reason,
        agreed_by=command.agreed_by,
    )
    record(action, extended)
