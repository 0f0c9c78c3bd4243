"""Name the group that follows an action up (PSIRF safety action guide, step 7)."""

from dataclasses import dataclass

from domain.action.events import ActionMonitored
from domain.action.refusals import ActionNotOpen
from domain.action.state import Action
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.words import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorAction:
    """The group, by its name."""

    group: Label


def monitor_action(action: Action, command: MonitorAction, stamp: Stamp) -> None:
    """Record the group, also when the action is completed or verified. Naming it again records nothing new.

    Raises:
        ActionNotOpen: it is withdrawn, and there is nothing to follow up.
    """
    if action.is_withdrawn:
        raise ActionNotOpen("The action is withdrawn.")
    if command.group != action.monitored_by:
        record(action, ActionMonitored(**after(action, stamp), group=command.group))
