"""What a comparison of decisions says: how far raters agreed, two by two and over time, and which decisions differ."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.threshold_decisions.coefficients import Undefined


@dataclass(frozen=True, slots=True)
class DifferingSide:
    """One of two decisions that differ."""

    decision_id: UUID
    incident_id: UUID
    provider: str
    site: str | None
    decided_by: str
    decider: UUID
    outcome: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ComparedDecision(DifferingSide):
    """One decision as it is compared, and whose it is in this comparison."""

    question: str
    deciding_facts: str
    facts: tuple[str, ...]
    financial_year: str
    quarter: str
    rater: str


@dataclass(frozen=True, slots=True)
class DifferingPair:
    """Two decisions that were made from the same facts and differ, the earlier one first."""

    question: str
    deciding_facts: str
    facts: tuple[str, ...]
    first: DifferingSide
    second: DifferingSide


@dataclass(frozen=True, slots=True)
class DifferingPairs:
    """A page of the pairs that differ, and how many there are in all."""

    total: int
    items: tuple[DifferingPair, ...]


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """How far raters agreed.

    `fact_groups` are sets of facts from which more than one rater decided; `pairs` are all pairs of decisions that can
    be compared in them. `items` and `ratings` are what `alpha` was computed from.
    """

    decisions: int
    fact_groups: int
    pairs: int
    pairs_agreeing: int
    percent_agreement: float | None
    raters: int
    items: int
    ratings: int
    alpha: float | None
    undefined_because: Undefined | None


@dataclass(frozen=True, slots=True)
class AgreementInQuarter(AgreementFigures):
    """The same, among the decisions that were made in one quarter of a financial year."""

    financial_year: str
    quarter: str


@dataclass(frozen=True, slots=True)
class RaterPair:
    """Two raters over the items that both decided."""

    first: str
    second: str
    items: int
    items_agreeing: int
    percent_agreement: float
    kappa: float | None
    undefined_because: Undefined | None


@dataclass(frozen=True, slots=True)
class RaterPairs:
    """The pairs of raters that share the most items, and how many pairs share any."""

    total: int
    items: tuple[RaterPair, ...]


@dataclass(frozen=True, slots=True)
class DecisionAgreement:
    """Everything that a comparison says, and which library computed its coefficients."""

    overall: AgreementFigures
    overall_statistic: str
    pairwise: RaterPairs
    pairwise_statistic: str
    library: str
    over_time: tuple[AgreementInQuarter, ...]
    differing: DifferingPairs
