"""The owner takes an action on: from here on it has an accepted owner."""

from dataclasses import dataclass
from typing import ClassVar

from domain.action.events import ActionAccepted
from domain.action.refusals import ActionNotOpen
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptAction:
    """Whoever gives this command takes the action on."""


class AlreadyAccepted(Refusal):
    """Somebody else has accepted the action: hand it over first."""

    code: ClassVar[str] = "action.already-accepted"


def accept_action(action: Action, _command: AcceptAction, stamp: Stamp) -> None:
    """Record who accepted. Accepting again records nothing new.

    Raises:
        ActionNotOpen: it is completed, verified or withdrawn.
        AlreadyAccepted: by somebody else, since it was last handed over.
    """
    if action.status is not Status.OPEN:
        raise ActionNotOpen(f"The action is {action.status}.")
    if action.accepted_by == stamp.by.id:
        return
    if action.accepted_by is not None:
        raise AlreadyAccepted("The present owner has accepted it already.")
    record(action, ActionAccepted(**after(action, stamp), accepted_by=stamp.by.id))
