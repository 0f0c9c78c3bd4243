"""An improvement action until it is verified or withdrawn: whose step comes next, and who may not verify it."""

from dataclasses import replace

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.kernel.words import ActorId
from projections.engine.feed import Told
from projections.worklist.waiting import Action


def follow_action(action: Action | None, event: Told) -> Action | None:
    """The action after one of its own events; None once nothing more is to be done."""
    if isinstance(event.fact, ActionAgreed):
        return _agreed(event, event.fact)
    return action and _moved(action, event)


def _agreed(event: Told, fact: ActionAgreed) -> Action:
    return Action(
        organisation=event.organisation,
        action=event.stream,
        incident=fact.incidents[0],
        owner_role=fact.owner_role,
        due_on=fact.due_on,
        step_at=event.effective_at,
    )


def _moved(action: Action, event: Told) -> Action | None:
    at = event.effective_at
    match event.fact:
        case ActionAccepted(accepted_by=by):
            return replace(action, accepted_by=by, hands=_with(action.hands, by), step_at=at)
        case ActionHandedOver(owner_role=role):
            return replace(action, accepted_by=None, completed_at=None, owner_role=role, step_at=at)
        case ActionExtended(due_on=due_on):
            return replace(action, due_on=due_on)
        case ActionCompleted(completed_by=by):
            return replace(action, completed_at=at, hands=_with(action.hands, by), step_at=at)
        case ActionRejected():
            return replace(action, completed_at=None, step_at=at)
        case ActionVerified() | ActionWithdrawn():
            return None
    return action


def _with(hands: tuple[ActorId, ...], hand: ActorId) -> tuple[ActorId, ...]:
    return tuple(sorted({*hands, hand}))
