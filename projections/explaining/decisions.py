"""The figures of threshold decisions: how many there are, and how far those who decide agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.incident.events import IncidentEnteredInError, IncidentReported, ThresholdDecided
from projections.engine.feed import Told
from projections.explaining.agreement import AGREEMENT_FIGURES
from projections.explaining.commissioning import commissioned
from projections.explaining.figures import Asking, Figure, Part, Place, Rests, Role, Summary, Why
from projections.threshold_decisions.coefficients import library
from projections.threshold_decisions.model import MODEL
from projections.threshold_decisions.queries import By, DecisionFilter
from projections.threshold_decisions.rows import DecisionRow

_BY_WORD: Final = (
    "site",
    "division",
    "specialty",
    "financial_year",
    "quarter",
    "regime",
    "question",
    "outcome",
    "assessed_outcome",
    "agrees",
    "departs",
    "deciding_facts",
    "decided_by",
    "decider",
    "current",
    "entered_in_error",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionsWanted(DecisionFilter):
    """Which decisions."""

    commissioner: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementWanted(DecisionsWanted):
    """Which decisions are compared, and whose with whose; `first` and `second` choose a pair of raters."""

    by: By = By.DECIDER
    replaced: bool = False
    first: str | None = None
    second: str | None = None


def matches(row: DecisionRow, wanted: DecisionsWanted, _as_of: datetime) -> bool:
    """Whether a decision is among those asked for: as the conditions of `threshold_decisions/queries.py` say."""
    given = [name for name in _BY_WORD if getattr(wanted, name) is not None]
    return (
        all(getattr(row, name) == getattr(wanted, name) for name in given)
        and wanted.incident in (None, row.incident_id)
        and wanted.provider in (None, row.organisation)
    )


def comparable(row: DecisionRow, wanted: AgreementWanted, as_of: datetime) -> bool:
    """Whether a decision is one that the comparison looks at: it stands, of a case that was not entered in error."""
    return matches(row, wanted, as_of) and not row.entered_in_error and (wanted.replaced or row.current)


def why(event: Told, key: str, _events: Sequence[Told]) -> Why:
    """What an event does for the decision with this key."""
    match event.fact:
        case IncidentReported():
            return Why(Role.REPORTS, "The case begins with it: whose record it is, where, and under which regime.")
        case IncidentEnteredInError():
            return Why(Role.ENTERS_IN_ERROR, "Says that the report should never have been made.")
        case ThresholdDecided(decision=decision) if key.endswith(f":{decision}"):
            return Why(Role.DECIDES, "Is the decision: the question, the answer, who gave it, and from which facts.")
    return Why(Role.REPLACES, "Answers the same question again, so that the earlier answer stands no longer.")


def _rests(row: DecisionRow) -> Rests:
    return Rests(rules=row.criteria, editions=(row.edition,))


def _place(row: DecisionRow) -> Place:
    return Place(row.incident_id)


def _find(rows: Mapping[str, DecisionRow], key: str, _asking: Asking) -> DecisionRow | None:
    return rows.get(key)


AGREEMENT: Final = Summary(
    name="threshold-decisions/agreement",
    subject="decision",
    wanted=AgreementWanted,
    main=Part(model=MODEL, place=_place, find=_find, why=why),
    matches=comparable,
    figures=AGREEMENT_FIGURES,
    rests=_rests,
    beside=commissioned,
    library=library,
)

LIST: Final = replace(
    AGREEMENT,
    name="threshold-decisions",
    wanted=DecisionsWanted,
    matches=matches,
    figures={"total": Figure("The number of threshold decisions: every one that was ever made.")},
    library=None,
)
