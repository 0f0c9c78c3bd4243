"""What the events of improvement actions say."""

from collections.abc import Callable
from typing import Any, Final

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from projections.incident_timeline.sentences.wording import count, day


def agreed(fact: ActionAgreed) -> str:
    """The action, without its words."""
    return f"An improvement action was agreed ({fact.strength}), owned by the {fact.owner_role}, due on {day(fact.due_on)}."


def accepted(_fact: ActionAccepted) -> str:
    """That its owner took it on."""
    return "The action was accepted."


def extended(fact: ActionExtended) -> str:
    """Both days."""
    return f"The action's due day was moved from {day(fact.previous_due_on)} to {day(fact.due_on)}."


def handed_over(fact: ActionHandedOver) -> str:
    """To which role."""
    return f"The action was handed over to the {fact.owner_role}."


def monitored(fact: ActionMonitored) -> str:
    """By whom it is followed."""
    return f"The action is monitored by the {fact.group}."


def completed(fact: ActionCompleted) -> str:
    """Said to be done, which is not verified."""
    evidence = count(len(fact.evidence), "item of evidence", "items of evidence")
    return f"The action was recorded as completed, with {evidence}; it is not yet verified."


def verified(_fact: ActionVerified) -> str:
    """Seen by somebody else."""
    return "Somebody other than the owner verified the action."


def rejected(_fact: ActionRejected) -> str:
    """Open again."""
    return "The completion of the action was rejected; it is open again."


def withdrawn(_fact: ActionWithdrawn) -> str:
    """Not to be done."""
    return "The action was withdrawn, with the reason."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    ActionAgreed: agreed,
    ActionAccepted: accepted,
    ActionExtended: extended,
    ActionHandedOver: handed_over,
    ActionMonitored: monitored,
    ActionCompleted: completed,
    ActionVerified: verified,
    ActionRejected: rejected,
    ActionWithdrawn: withdrawn,
}
