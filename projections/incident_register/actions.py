"""How the register counts a case's actions: open until verified or withdrawn, accepted or not, with or without monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionHandedOver,
    ActionMonitored,
    ActionVerified,
    ActionWithdrawn,
)
from projections.engine.feed import Told


@dataclass(frozen=True, slots=True)
class ActionMark:
    """One action of the case, in the four words that the register counts."""

    open: bool = True
    accepted: bool = False
    monitored: bool = False
    verified: bool = False


def mark_action(actions: Mapping[str, ActionMark], event: Told) -> dict[str, ActionMark]:
    """Apply one fact about an action to the case's marks."""
    name = str(event.stream)
    mark = actions.get(name, ActionMark())
    match event.fact:
        case ActionAgreed():
            mark = ActionMark()
        case ActionAccepted():
            mark = replace(mark, accepted=True)
        case ActionHandedOver():
            mark = replace(mark, accepted=False)
        case ActionMonitored():
            mark = replace(mark, monitored=True)
        case ActionWithdrawn():
            mark = replace(mark, open=False)
        case ActionVerified():
            mark = replace(mark, open=False, verified=True)
    return {**actions, name: mark}
