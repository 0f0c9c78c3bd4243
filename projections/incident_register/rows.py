"""The row of an incident in the register."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.kernel.harm import HarmLevel
from domain.kernel.personal import Narrative
from domain.policy.questions import Question
from projections.engine.periods import financial_year, quarter
from projections.incident_register.fold import Case


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One case, flat. `worst_harm` is the worst known level; a question without a decision is null."""

    organisation: str
    id: UUID
    stream_version: int
    record_type: str
    source_system: str
    local_reference: str
    regime: str
    site: str | None
    division: str | None
    specialty: str | None
    financial_year: str
    quarter: str
    discovered_at: datetime
    occurred_from: datetime | None
    occurred_to: datetime | None
    reported_at: datetime
    what_happened: Narrative
    patients: int | None
    worst_harm: str | None
    status: str
    serious_incident: str | None
    never_event: str | None
    national_response: str | None
    plan_priority: str | None
    notifiable_safety_incident: str | None
    cqc_notification: str | None
    safeguarding: str | None
    mnsi: str | None
    systemic_failure: str | None
    decide_again: tuple[str, ...]
    assigned: tuple[str, ...]
    safety_secured_at: datetime | None
    evidence_items: int
    relevant_persons: int
    contact_declined: int
    questions_asked: int
    questions_open: int
    learning_responses: tuple[str, ...]
    learning_responses_approved: int
    actions: int
    actions_open: int
    actions_verified: int
    closed_at: datetime | None
    ending: str | None
    times_reopened: int


def rows(case: Case) -> Mapping[str, IncidentRow]:
    """One row a case."""
    report = case.report
    reported: dict[str, Any] = {each.name: getattr(report, each.name) for each in fields(report)}
    decided: dict[str, Any] = {question.value: case.decisions.get(question) for question in Question}
    worst = max(case.harms.values(), default=None)
    row = IncidentRow(
        organisation=case.organisation,
        id=case.case,
        stream_version=case.version,
        **reported,
        financial_year=financial_year(report.discovered_at),
        quarter=quarter(report.discovered_at),
        reported_at=case.reported_at,
        worst_harm=None if worst is None else HarmLevel(worst).name.lower(),
        status=_status(case),
        **decided,
        decide_again=case.prompts,
        assigned=case.assigned,
        safety_secured_at=case.safety_secured_at,
        evidence_items=case.evidence,
        relevant_persons=case.relevant_persons,
        contact_declined=case.declined,
        questions_asked=case.questions,
        questions_open=len(case.questions_open),
        learning_responses=tuple(case.methods.values()),
        learning_responses_approved=len(case.approved),
        actions=len(case.actions),
        actions_open=sum(mark.open for mark in case.actions.values()),
        actions_verified=sum(mark.verified for mark in case.actions.values()),
        closed_at=case.closed_at,
        ending=case.ending,
        times_reopened=case.reopened,
    )
    return {str(case.case): row}


def _status(case: Case) -> str:
    if case.entered_in_error:
        return "entered_in_error"
    return "open" if case.closed_at is None else "closed"
