"""The row of an improvement action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.kernel.personal import Narrative, Personal
from projections.action_tracker.fold import Tracked
from projections.engine.periods import financial_year, quarter


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action on the board. `change` and `owner_name` stay sealed; whoever may see them opens them."""

    organisation: str
    id: UUID
    incident_id: UUID
    incidents: tuple[UUID, ...]
    learning_response_id: UUID | None
    findings: int
    change: Narrative
    owner_name: Personal
    owner_role: str
    strength: str
    has_measure: bool
    financial_year: str
    quarter: str
    agreed_at: datetime
    due_on: date
    original_due_on: date
    extensions: int
    handovers: int
    rejections: int
    state: str
    monitored_by: str | None
    accepted_at: datetime | None
    completed_at: datetime | None
    completed_recorded_at: datetime | None
    verified_at: datetime | None
    withdrawn_at: datetime | None


def rows(tracked: Tracked) -> Mapping[str, ActionRow]:
    """One row an action."""
    row = ActionRow(
        organisation=tracked.organisation,
        id=tracked.action,
        incident_id=tracked.incidents[0],
        incidents=tracked.incidents,
        learning_response_id=tracked.response,
        findings=tracked.findings,
        change=tracked.change,
        owner_name=tracked.owner_name,
        owner_role=tracked.owner_role,
        strength=tracked.strength,
        has_measure=tracked.has_measure,
        financial_year=financial_year(tracked.agreed_at),
        quarter=quarter(tracked.agreed_at),
        agreed_at=tracked.agreed_at,
        due_on=tracked.due_on,
        original_due_on=tracked.original_due_on,
        extensions=tracked.extensions,
        handovers=tracked.handovers,
        rejections=tracked.rejections,
        state=tracked.status,
        monitored_by=tracked.monitored_by,
        accepted_at=tracked.accepted_at,
        completed_at=tracked.completed_at,
        completed_recorded_at=tracked.completed_recorded_at,
        verified_at=tracked.verified_at,
        withdrawn_at=tracked.withdrawn_at,
    )
    return {str(tracked.action): row}
