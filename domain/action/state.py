"""An improvement action as its facts leave it. Completed is not verified: the two are kept apart."""

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from eventsourcing.domain import Aggregate

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
    Strength,
)
from domain.kernel.envelope import evolves
from domain.kernel.personal import Narrative
from domain.kernel.words import ActorId, AreaId, EvidenceId, FindingId, IncidentId, Label, PersonId, ResponseId


class Status(StrEnum):
    """How far an action is."""

    OPEN = "open"
    COMPLETED = "completed"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


class Action(Aggregate):
    """A change with one owner and a due day. `original_due_on` is the day first agreed and never changes."""

    incidents: tuple[IncidentId, ...] = field(init=False)
    response: ResponseId | None = field(init=False)
    findings: tuple[FindingId, ...] = field(init=False)
    areas: tuple[AreaId, ...] = field(init=False)
    owner: PersonId = field(init=False)
    due_on: date = field(init=False)
    original_due_on: date = field(init=False)
    strength: Strength = field(init=False)
    status: Status = field(init=False)
    accepted_by: ActorId | None = field(init=False)
    hands: frozenset[ActorId] = field(init=False)
    """Everybody who ever accepted the action or called it completed."""
    monitored_by: Label | None = field(init=False)
    evidence: tuple[EvidenceId, ...] = field(init=False)
    """What the standing completion rests on; empty while there is none."""
    summary: Narrative | None = field(init=False)
    completed_at: datetime | None = field(init=False)
    completed_by: ActorId | None = field(init=False)
    verified_by: ActorId | None = field(init=False)
    withdrawn_because: Narrative | None = field(init=False)

    @property
    def has_accepted_owner(self) -> bool:
        """Whether the present owner took it on."""
        return self.accepted_by is not None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it will not be done; it then answers no finding and needs no owner."""
        return self.status is Status.WITHDRAWN


@evolves(ActionAgreed)
def _agreed(action: Action, event: ActionAgreed) -> None:
    action.incidents = event.incidents
    action.response = event.response
    action.findings = event.findings
    action.areas = event.areas
    action.owner = event.owner
    action.due_on = event.due_on
    action.original_due_on = event.due_on
    action.strength = event.strength
    action.status = Status.OPEN
    action.accepted_by = None
    action.hands = frozenset()
    action.monitored_by = None
    action.verified_by = None
    action.withdrawn_because = None
    _forget_completion(action)


@evolves(ActionAccepted)
def _accepted(action: Action, event: ActionAccepted) -> None:
    action.accepted_by = event.accepted_by
    action.hands |= {event.accepted_by}


@evolves(ActionExtended)
def _extended(action: Action, event: ActionExtended) -> None:
    action.due_on = event.due_on


@evolves(ActionHandedOver)
def _handed_over(action: Action, event: ActionHandedOver) -> None:
    action.owner = event.owner
    action.accepted_by = None


@evolves(ActionMonitored)
def _monitored(action: Action, event: ActionMonitored) -> None:
    action.monitored_by = event.group


@evolves(ActionCompleted)
def _completed(action: Action, event: ActionCompleted) -> None:
    action.status = Status.COMPLETED
    action.evidence = event.evidence
    action.summary = event.summary
    action.completed_at = event.timestamp
    action.completed_by = event.completed_by
    action.hands |= {event.completed_by}


@evolves(ActionVerified)
def _verified(action: Action, event: ActionVerified) -> None:
    action.status = Status.VERIFIED
    action.verified_by = event.verified_by


@evolves(ActionRejected)
def _rejected(action: Action, _event: ActionRejected) -> None:
    action.status = Status.OPEN
    _forget_completion(action)


@evolves(ActionWithdrawn)
def _withdrawn(action: Action, event: ActionWithdrawn) -> None:
    action.status = Status.WITHDRAWN
    action.withdrawn_because = event.reason


def _forget_completion(action: Action) -> None:
    action.evidence = ()
    action.summary = None
    action.completed_at = None
    action.completed_by = None
