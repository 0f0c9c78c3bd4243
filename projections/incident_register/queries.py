"""Questions about the register of incidents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast

from domain.kernel.words import OdsCode
from domain.policy.questions import Outcome, Question
from projections.engine.pages import Order
from projections.engine.reading import Found, Reading
from projections.incident_register.model import MODEL
from projections.incident_register.rows import IncidentRow

NEWEST_FIRST: Final = Order("discovered_at", descending=True)

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
_NOTHING: Final = "[]"
"""How an empty tuple is kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentFilter:
    """Which incidents; what is None does not matter.

    `outcomes` are questions with the answer given; `decide_again`: whether a decision rests on facts that have changed.
    `discovered_from` is included, `discovered_to` is not.
    """

    provider: OdsCode | None = None
    status: str | None = None
    record_type: str | None = None
    regime: str | None = None
    source_system: str | None = None
    local_reference: str | None = None
    site: str | None = None
    division: str | None = None
    specialty: str | None = None
    financial_year: str | None = None
    quarter: str | None = None
    outcomes: Mapping[Question, Outcome] = field(default_factory=dict)
    decide_again: bool | None = None
    discovered_from: datetime | None = None
    discovered_to: datetime | None = None


def matching(reading: Reading, wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the register."""
    view = reading.view(MODEL)
    conditions = [view.c[name] == getattr(wanted, name) for name in _BY_WORD if getattr(wanted, name) is not None]
    conditions += [view.c[question.value] == outcome.value for question, outcome in wanted.outcomes.items()]
    if wanted.provider is not None:
        conditions.append(view.c.organisation == wanted.provider)
    if wanted.decide_again is not None:
        nothing = cast(view.c.decide_again, Text) == _NOTHING
        conditions.append(~nothing if wanted.decide_again else nothing)
    if wanted.discovered_from is not None:
        conditions.append(view.c.discovered_at >= wanted.discovered_from)
    if wanted.discovered_to is not None:
        conditions.append(view.c.discovered_at < wanted.discovered_to)
    return conditions


async def find_incident(reading: Reading, incident: UUID) -> Found[IncidentRow] | None:
    """The row of an incident, if it exists for this reader."""
    return await reading.find(MODEL, str(incident))
