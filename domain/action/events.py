"""All facts about an improvement action."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import ActorId, AreaId, EvidenceId, FindingId, IncidentId, Label, PersonId, ResponseId


class Strength(StrEnum):
    """How strongly an action acts on the system (action hierarchy, RCA2)."""

    STRONGER = "stronger"
    INTERMEDIATE = "intermediate"
    WEAKER = "weaker"


@dataclass(frozen=True)
class ActionAgreed(FirstFact):
    """A change was agreed: with one named owner in a role, a due day, a strength, and what will be measured.

    It answers one or more incidents, and the findings or areas for improvement of a learning response where there is
    one.
    """

    incidents: tuple[IncidentId, ...]
    response: ResponseId | None
    findings: tuple[FindingId, ...]
    areas: tuple[AreaId, ...]
    change: Narrative
    owner: PersonId
    owner_name: Personal
    owner_role: Label
    due_on: date
    strength: Strength
    measure: Narrative | None
    expected_effect: Narrative | None


@dataclass(frozen=True)
class ActionAccepted(Fact):
    """The owner took the action on."""

    accepted_by: ActorId


@dataclass(frozen=True)
class ActionExtended(Fact):
    """A later day was agreed; the original one is never lost."""

    previous_due_on: date
    due_on: date
    reason: Narrative
    agreed_by: Personal


@dataclass(frozen=True)
class ActionHandedOver(Fact):
    """The action went to another owner, who has yet to accept it."""

    owner: PersonId
    owner_name: Personal
    owner_role: Label
    reason: Narrative


@dataclass(frozen=True)
class ActionMonitored(Fact):
    """A named group follows the action up."""

    group: Label


@dataclass(frozen=True)
class ActionCompleted(Fact):
    """The owner says that the action is done, with the evidence for it. Completed is not verified."""

    evidence: tuple[EvidenceId, ...]
    summary: Narrative
    completed_by: ActorId


@dataclass(frozen=True)
class ActionVerified(Fact):
    """Somebody else saw that it was done. Verified is not effective."""

    seen: Narrative
    verified_by: ActorId


@dataclass(frozen=True)
class ActionRejected(Fact):
    """The completion was not accepted: the action is open again."""

    reason: Narrative
    rejected_by: ActorId


@dataclass(frozen=True)
class ActionWithdrawn(Fact):
    """The action will not be done, for a reason that stays on record."""

    reason: Narrative
