"""The rows of timeliness: one for each clock. Overdue is never stored: it is a comparison with a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.policy.status import Progress
from projections.engine.periods import financial_year, quarter
from projections.timeliness.breaches import achieved, is_handed_over
from projections.timeliness.clocks import Clocks, Duty


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock: the rule and its force, when it started, when it is due, when it was met and when that was recorded.

    `missed_due_at` is the earliest due moment that passed unmet before the clock was moved or set aside; what a clock that
    was `handed_over` missed is counted for each person to whom the duty is owed by name now. `set_aside_overdue_since` is
    the due moment that had passed when the ledger learnt, at `set_aside_recorded_at`, that the duty does not apply.
    """

    organisation: str
    id: UUID
    incident_id: UUID
    site: str | None
    division: str | None
    specialty: str | None
    financial_year: str
    quarter: str
    rule: str
    title: str
    edition: str
    force: str
    verified: bool
    source: str
    unit: str
    length: int | None
    calendar: str
    owed_by: str
    recipients: tuple[str, ...]
    person: UUID | None
    learning_response_id: UUID | None
    started_by: str
    started_at: datetime
    due_at: datetime | None
    original_due_at: datetime | None
    extensions: int
    redatings: int
    pauses: int
    paused_at: datetime | None
    met_at: datetime | None
    met_recorded_at: datetime | None
    set_aside: bool
    set_aside_because: str | None
    set_aside_recorded_at: datetime | None
    set_aside_overdue_since: datetime | None
    missed_due_at: datetime | None
    handed_over: bool = False


def rows(clocks: Clocks) -> Mapping[str, ClockRow]:
    """One row a clock, in the order in which the clocks were opened."""
    return {f"{clocks.case}:{duty.duty}": _counted(_row(clocks, duty), duty, clocks) for duty in clocks.duties}


def _counted(row: ClockRow, duty: Duty, clocks: Clocks) -> ClockRow:
    """The row as it counts: what was missed and handed over is late for those who are named, and for them alone."""
    if not is_handed_over(duty, clocks.duties):
        return row
    return replace(row, handed_over=True, set_aside_overdue_since=None)


def _row(clocks: Clocks, duty: Duty) -> ClockRow:
    terms, done = duty.terms, achieved(duty, clocks.facts)
    return ClockRow(
        organisation=clocks.organisation,
        id=duty.duty,
        incident_id=clocks.case,
        site=clocks.site,
        division=clocks.division,
        specialty=clocks.specialty,
        financial_year=financial_year(clocks.discovered_at),
        quarter=quarter(clocks.discovered_at),
        rule=terms.rule,
        title=terms.title,
        edition=terms.edition,
        force=terms.force,
        verified=terms.verified,
        source=terms.source,
        unit=terms.unit,
        length=terms.length,
        calendar=duty.calendar or terms.calendar,
        owed_by=terms.actor,
        recipients=terms.recipients,
        person=terms.person,
        learning_response_id=terms.response,
        started_by=terms.started_by,
        started_at=duty.started_at,
        due_at=duty.due_at,
        original_due_at=terms.due_at,
        extensions=duty.extensions,
        redatings=duty.redatings,
        pauses=duty.pauses,
        paused_at=duty.paused_at,
        met_at=done.met_at,
        met_recorded_at=done.met_recorded_at,
        set_aside=done.set_aside,
        set_aside_because=duty.set_aside or _by_the_person(done),
        set_aside_recorded_at=done.set_aside_recorded_at,
        set_aside_overdue_since=done.overdue_since,
        missed_due_at=duty.missed_due_at,
    )


def _by_the_person(done: Progress) -> str | None:
    """Which of the person's own facts set the duty aside: `contact_declined`, `cannot_be_contacted`."""
    return done.set_aside_by and done.set_aside_by.removeprefix("candour.")
