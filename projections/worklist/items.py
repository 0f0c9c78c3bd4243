"""One item of the worklist, and how many days it is over or has left at a moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.policy.clocks import local_day
from domain.policy.edition import Force
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.worklist.waiting import Kind, Section


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that is due: what it is, of which case, by when, and whose it is to do.

    `item` names it from one answer to the next. `waiting_since` is when it began to wait, for a clock its start.
    `place` orders the whole list. `submitted_to`, `accepted_by` and `hands` say whose it is, or may not be.
    """

    organisation: str
    section: Section
    kind: Kind
    item: str
    incident_id: UUID
    source_system: str
    local_reference: str
    record_type: str
    regime: str
    case_status: str
    site: str | None
    division: str | None
    specialty: str | None
    financial_year: str
    quarter: str
    question: Question | None
    outcome: Outcome | None
    decision_id: UUID | None
    changed_facts: tuple[FactName, ...]
    rule: str | None
    title: str | None
    edition: str | None
    force: Force | None
    verified: bool | None
    owed_by: str | None
    recipients: tuple[str, ...]
    person: UUID | None
    clock_id: UUID | None
    learning_response_id: UUID | None
    action_id: UUID | None
    owner_role: str | None
    waiting_since: datetime
    due_at: datetime | None
    assigned: tuple[str, ...]
    submitted_to: str | None
    accepted_by: UUID | None
    hands: tuple[UUID, ...]
    place: str


def days_over(item: WorkItem, as_of: datetime) -> int:
    """How many days in London lie between the due day and the moment; 0 for what is not late."""
    if item.section is not Section.LATE or item.due_at is None:
        return 0
    return (local_day(as_of) - local_day(item.due_at)).days


def days_left(item: WorkItem, as_of: datetime) -> int | None:
    """How many days in London are left until the due day, 0 on the day itself; None for what has none, or is past it."""
    if item.due_at is None or item.due_at < as_of:
        return None
    return (local_day(item.due_at) - local_day(as_of)).days
