"""An improvement action as its events leave it. Completed is not verified."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

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
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import IncidentId, Label, OdsCode, ResponseId
from projections.engine.feed import Told


class ActionStatus(StrEnum):
    """How far an action is; overdue is not a state but a comparison with a moment."""

    AGREED = "agreed"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Tracked:
    """One action."""

    action: UUID
    organisation: OdsCode
    incidents: tuple[IncidentId, ...]
    response: ResponseId | None
    findings: int
    change: Narrative
    owner_name: Personal
    owner_role: Label
    strength: str
    has_measure: bool
    agreed_at: datetime
    due_on: date
    original_due_on: date
    status: ActionStatus = ActionStatus.AGREED
    extensions: int = 0
    handovers: int = 0
    rejections: int = 0
    monitored_by: Label | None = None
    accepted_at: datetime | None = None
    completed_at: datetime | None = None
    completed_recorded_at: datetime | None = None
    verified_at: datetime | None = None
    withdrawn_at: datetime | None = None


def keys(event: Told) -> Iterable[UUID]:
    """Each action is a stream of its own."""
    return (event.stream,) if event.kind == "action" else ()


def fold(tracked: Tracked | None, event: Told) -> Tracked | None:
    """Apply one fact about the action."""
    if isinstance(event.fact, ActionAgreed):
        return _agreed(event, event.fact)
    return tracked and _moved(tracked, event)


def _agreed(event: Told, fact: ActionAgreed) -> Tracked:
    return Tracked(
        action=event.stream,
        organisation=event.organisation,
        incidents=fact.incidents,
        response=fact.response,
        findings=len(fact.findings),
        change=fact.change,
        owner_name=fact.owner_name,
        owner_role=fact.owner_role,
        strength=fact.strength,
        has_measure=fact.measure is not None,
        agreed_at=event.effective_at,
        due_on=fact.due_on,
        original_due_on=fact.due_on,
    )


def _moved(tracked: Tracked, event: Told) -> Tracked:
    at = event.effective_at
    match event.fact:
        case ActionAccepted():
            return replace(tracked, status=ActionStatus.ACCEPTED, accepted_at=at)
        case ActionExtended(due_on=due_on):
            return replace(tracked, due_on=due_on, extensions=tracked.extensions + 1)
        case ActionHandedOver() as fact:
            return _handed_over(tracked, fact)
        case ActionMonitored(group=group):
            return replace(tracked, monitored_by=group)
        case ActionCompleted():
            recorded = event.recorded_at
            return replace(tracked, status=ActionStatus.COMPLETED, completed_at=at, completed_recorded_at=recorded)
        case ActionVerified():
            return replace(tracked, status=ActionStatus.VERIFIED, verified_at=at)
        case ActionRejected():
            return replace(
                tracked,
                status=ActionStatus.ACCEPTED,
                rejections=tracked.rejections + 1,
                completed_at=None,
                completed_recorded_at=None,
            )
        case ActionWithdrawn():
            return replace(tracked, status=ActionStatus.WITHDRAWN, withdrawn_at=at)
    return tracked


def _handed_over(tracked: Tracked, fact: ActionHandedOver) -> Tracked:
    return replace(
        tracked,
        status=ActionStatus.AGREED,
        accepted_at=None,
        owner_name=fact.owner_name,
        owner_role=fact.owner_role,
        handovers=tracked.handovers + 1,
    )
