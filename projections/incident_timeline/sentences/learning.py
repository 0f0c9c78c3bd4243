"""What the events of learning responses and improvement actions say."""

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
from domain.learning_response.events import (
    AreaForImprovementNamed,
    FindingLeftWithoutAction,
    FindingMade,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
    SharingWaived,
)
from projections.incident_timeline.sentences.wording import count, day, words


def commissioned(fact: ResponseCommissioned) -> str:
    """By which method."""
    return f"A learning response was commissioned: {words(fact.method)}."


def lead(fact: LeadAppointed) -> str:
    """That somebody leads it."""
    where = "from outside the service" if fact.independent_of_service else "from within the service"
    return f"A lead {where} was appointed ({fact.role})."


def finding(fact: FindingMade) -> str:
    """What the finding rests on."""
    cited = count(len(fact.evidence), "item of evidence", "items of evidence")
    return f"A finding was made, citing {cited} and {count(len(fact.factors), 'system factor')}."


def area(fact: AreaForImprovementNamed) -> str:
    """Where the system should change."""
    return f"An area for improvement was named, from {count(len(fact.findings), 'finding')}."


def without_action(_fact: FindingLeftWithoutAction) -> str:
    """That nothing follows from a finding."""
    return "A reason was recorded why no action follows from a finding."


def approved(_fact: ResponseApproved) -> str:
    """Signed off."""
    return "The learning response was approved."


def submitted(fact: ResponseSubmitted) -> str:
    """To whom it went."""
    return f"The report and action plan were submitted to {fact.to}."


def received(fact: ResponseReceived) -> str:
    """Who has it."""
    return f"{fact.by} confirmed receipt of the report."


def waived(_fact: SharingWaived) -> str:
    """That it is not shared."""
    return "A reason was recorded why the findings are not shared with those affected."


def agreed(fact: ActionAgreed) -> str:
    """The action, without its words."""
    return f"An improvement action was agreed ({fact.strength}), owned by the {fact.owner_role}, due on {day(fact.due_on)}."


def accepted(_fact: ActionAccepted) -> str:
    """That its owner took it on."""
    return "The owner accepted the action."


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
    """Done, says the owner."""
    return f"The owner completed the action with {count(len(fact.evidence), 'item of evidence', 'items of evidence')}."


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
    ResponseCommissioned: commissioned,
    LeadAppointed: lead,
    FindingMade: finding,
    AreaForImprovementNamed: area,
    FindingLeftWithoutAction: without_action,
    ResponseApproved: approved,
    ResponseSubmitted: submitted,
    ResponseReceived: received,
    SharingWaived: waived,
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
