"""See for oneself that a completed action was done. An owner never verifies their own action."""

from dataclasses import dataclass
from typing import ClassVar

from domain.action.events import ActionVerified
from domain.action.refusals import ActionNotCompleted
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifyAction:
    """What the verifier saw."""

    seen: Narrative


class OwnVerification(Refusal):
    """An action is verified by somebody who neither accepted nor completed it."""

    code: ClassVar[str] = "action.own-verification"


def verify_action(action: Action, command: VerifyAction, stamp: Stamp) -> None:
    """Record the verification. The same verifier saying so again records nothing new.

    Everybody who ever accepted the action or called it completed counts as an owner, so that handing it over does not
    make a verifier of its owner.

    Raises:
        ActionNotCompleted: no completion stands, it was verified by somebody else, or it was completed only later.
        OwnVerification: the verifier accepted or completed it.
    """
    if action.verified_by == stamp.by.id:
        return
    if action.status is not Status.COMPLETED:
        raise ActionNotCompleted(f"The action is {action.status}.")
    if action.completed_at is not None and stamp.at < action.completed_at:
        raise ActionNotCompleted("It was completed only later than that.", pointers=("/effective_at",))
    if stamp.by.id in action.hands:
        raise OwnVerification("You have accepted this action, or called it completed.")
    record(action, ActionVerified(**after(action, stamp), seen=command.seen, verified_by=stamp.by.id))
