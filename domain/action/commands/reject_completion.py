"""Not accept a completion: the action is open again, with the reason on record."""

from dataclasses import dataclass

from domain.action.events import ActionRejected
from domain.action.refusals import ActionNotCompleted
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectCompletion:
    """Why the completion is not accepted."""

    reason: Narrative


def reject_completion(action: Action, command: RejectCompletion, stamp: Stamp) -> None:
    """Record the rejection: the action is open again, still with its accepted owner and its due day.

    Raises:
        ActionNotCompleted: no completion stands that is not yet verified.
    """
    if action.status is not Status.COMPLETED:
        raise ActionNotCompleted(f"The action is {action.status}.")
    record(action, ActionRejected(**after(action, stamp), reason=command.reason, rejected_by=stamp.by.id))
