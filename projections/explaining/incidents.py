"""The figures of the register: how many incidents there are, and the counts that one incident shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.events import IncidentReported
from domain.kernel.streams import Kind
from domain.policy.questions import Question
from projections.engine.feed import Told
from projections.explaining.commissioning import commissioned
from projections.explaining.explanation import Value
from projections.explaining.figures import Asking, Figure, Part, Place, Role, Summary, Why, said_of_one
from projections.incident_register.model import MODEL
from projections.incident_register.queries import IncidentFilter
from projections.incident_register.rows import IncidentRow

_BY_WORD: Final = (
    "status",
    "record_type",
    "regime",
    "source_system",
    "local_reference",
    "site",
    "division",
    "specialty",
    "financial_year",
    "quarter",
)

_COUNTS: Final = {
    "patients": "The number of patients involved, as the report has it; none where that is not known yet.",
    "evidence_items": "The number of items of evidence that were preserved.",
    "relevant_persons": "The number of relevant persons who were identified.",
    "contact_declined": "The number of relevant persons who declined contact.",
    "questions_asked": "The number of questions that relevant persons asked.",
    "questions_open": "The number of questions that nobody has answered.",
    "learning_responses_approved": "The number of learning responses of the case that are approved.",
    "actions": "The number of improvement actions that answer the case.",
    "actions_open": "The number of its actions that are neither verified nor withdrawn.",
    "actions_verified": "The number of its actions that are verified.",
    "times_reopened": "How often the closed case was opened again.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentsWanted(IncidentFilter):
    """Which incidents."""

    commissioner: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentWanted:
    """Which incident."""

    incident: UUID


def matches(row: IncidentRow, wanted: IncidentsWanted, _as_of: datetime) -> bool:
    """Whether an incident is among those asked for: the same as the conditions of `incident_register/queries.py`."""
    given = [name for name in _BY_WORD if getattr(wanted, name) is not None]
    if any(getattr(row, name) != getattr(wanted, name) for name in given):
        return False
    return (
        all(getattr(row, Question(question).value) == outcome for question, outcome in wanted.outcomes.items())
        and wanted.provider in (None, row.organisation)
        and wanted.decide_again in (None, bool(row.decide_again))
        and (wanted.discovered_from is None or row.discovered_at >= wanted.discovered_from)
        and (wanted.discovered_to is None or row.discovered_at < wanted.discovered_to)
    )


def _is_it(row: IncidentRow, wanted: IncidentWanted, _as_of: datetime) -> bool:
    return row.id == wanted.incident


def _place(row: IncidentRow) -> Place:
    return Place(row.id, is_case=True)


def _find(rows: Mapping[str, IncidentRow], key: str, _asking: Asking) -> IncidentRow | None:
    return rows.get(key)


_OF_KIND: Final = {
    Kind.INCIDENT: "Says how the incident stands.",
    Kind.EVIDENCE: "Tells of an item of evidence.",
    Kind.CANDOUR: "Tells of a relevant person.",
    Kind.LEARNING_RESPONSE: "Tells of a learning response.",
    Kind.ACTION: "Tells of an action.",
}


def why(event: Told, _key: str, _events: Sequence[Told]) -> Why:
    """What an event does for its incident."""
    if isinstance(event.fact, IncidentReported):
        return Why(Role.REPORTS, "The case begins with it: whose record it is, where and when.")
    return Why(Role.MOVES, _OF_KIND.get(Kind(event.kind), "Changes what the record shows."))


def _count(name: str) -> Figure:
    def says(row: IncidentRow, _asking: Asking) -> Value:
        found: Value = getattr(row, name)
        return found

    return said_of_one(_COUNTS[name], says)


LIST: Final = Summary(
    name="incidents",
    subject="incident",
    wanted=IncidentsWanted,
    main=Part(model=MODEL, place=_place, find=_find, why=why),
    matches=matches,
    figures={"total": Figure("The number of incidents.")},
    beside=commissioned,
    whole=False,
)

RECORD: Final = replace(
    LIST,
    name="incidents/{incident}",
    wanted=IncidentWanted,
    matches=_is_it,
    figures={name: _count(name) for name in _COUNTS},
    beside=lambda _wanted: (),
)
"""The counts of one incident."""
