"""Decide that an action will not be done, for a reason that stays on record."""

from dataclasses import dataclass

from domain.action.events import ActionWithdrawn
from domain.action.refusals import ActionNotOpen
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawAction:
    """Why it will not be done."""

    reason: Narrative


def withdraw_action(action: Action, command: WithdrawAction, stamp: Stamp) -> None:
    """Record that an open or completed action is withdrawn. The same reason again records nothing new.

    Raises:
        ActionNotOpen: it is verified, or was withdrawn for another reason.
    """
    standing = action.withdrawn_because
    if standing is not None and standing.words == command.reason.words:
        return
    if action.status in {Status.VERIFIED, Status.WITHDRAWN}:
        raise ActionNotOpen(f"The action is {action.status}.")
    record(action, ActionWithdrawn(**after(action, stamp), reason=command.reason))
