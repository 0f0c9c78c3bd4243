"""The rows of threshold decisions: one for each decision ever made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.engine.periods import financial_year, quarter
from projections.threshold_decisions.fold import Decisions, Made


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, flat, in the financial year and quarter in which it was made.

    `current`: it is the last answer to its question; `replaced_by` the answer that came after it. `assessed_outcome` is
    what the rules said from `facts`; `agrees` and `departs` compare the decision with it (both are so of nothing where
    the rules were not asked, and a decision neither agrees nor departs where they said unclear and it did not).
    `deciding_facts` is the same for two decisions that were made from the same facts. `decided_by` is whose decision it
    is, `decider` the pseudonym of who recorded it.
    """

    organisation: str
    id: UUID
    incident_id: UUID
    site: str | None
    division: str | None
    specialty: str | None
    financial_year: str
    quarter: str
    record_type: str
    regime: str
    question: str
    outcome: str
    criteria: tuple[str, ...]
    edition: str
    assessed_outcome: str | None
    agrees: bool | None
    departs: bool
    has_departure_reason: bool
    missing: tuple[str, ...]
    deciding_facts: str | None
    facts: tuple[str, ...]
    decided_by: str
    decider: UUID
    identified_at: datetime
    decided_at: datetime
    recorded_at: datetime
    current: bool
    replaced_by: UUID | None
    entered_in_error: bool


def rows(decisions: Decisions) -> Mapping[str, DecisionRow]:
    """One row a decision, in the order in which they were recorded."""
    following: dict[str, UUID] = {}
    shown: list[DecisionRow] = []
    for made in reversed(decisions.made):
        shown.append(_row(decisions, made, following.get(made.question)))
        following[made.question] = made.decision
    return {f"{decisions.case}:{row.id}": row for row in reversed(shown)}


def _row(decisions: Decisions, made: Made, replaced_by: UUID | None) -> DecisionRow:
    compared = made.compared
    return DecisionRow(
        organisation=decisions.organisation,
        id=made.decision,
        incident_id=decisions.case,
        site=decisions.site,
        division=decisions.division,
        specialty=decisions.specialty,
        financial_year=financial_year(made.decided_at),
        quarter=quarter(made.decided_at),
        record_type=decisions.record_type,
        regime=decisions.regime,
        question=made.question,
        outcome=made.outcome,
        criteria=made.criteria,
        edition=made.edition,
        assessed_outcome=compared.outcome if compared else None,
        agrees=None if compared is None else made.outcome == compared.outcome,
        departs=compared is not None and compared.departed,
        has_departure_reason=made.explained,
        missing=compared.missing if compared else (),
        deciding_facts=compared.fingerprint if compared else None,
        facts=compared.facts if compared else (),
        decided_by=made.decided_by,
        decider=made.decider,
        identified_at=made.identified_at,
        decided_at=made.decided_at,
        recorded_at=made.recorded_at,
        current=replaced_by is None,
        replaced_by=replaced_by,
        entered_in_error=decisions.entered_in_error,
    )
