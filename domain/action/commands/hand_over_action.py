"""Give an action to another owner, who has yet to accept it."""

from dataclasses import dataclass

from domain.action.events import ActionHandedOver
from domain.action.refusals import ActionNotOpen
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Label, PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverAction:
    """The new owner, in which role, and why the action changes hands."""

    owner: PersonId
    owner_name: Personal
    owner_role: Label
    reason: Narrative


def hand_over_action(action: Action, command: HandOverAction, stamp: Stamp) -> None:
    """Record the new owner: the earlier acceptance falls away. Naming the present owner records nothing new.

    Raises:
        ActionNotOpen: it is completed, verified or withdrawn.
    """
    if action.status is not Status.OPEN:
        raise ActionNotOpen(f"The action is {action.status}.")
    if command.owner == action.owner:
        return
    handed_over = ActionHandedOver(
        **after(action, stamp),
        owner=command.owner,
        owner_name=command.owner_name,
        owner_role=command.owner_role,
        reason=command.reason,
    )
    record(action, handed_over)
