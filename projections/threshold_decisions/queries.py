"""Questions about threshold decisions: which there are, which stood, and which can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Subquery, Text, case, cast, distinct, func, null, select

from domain.audit_sample.drawing import Criteria
from domain.kernel.words import OdsCode
from domain.policy.questions import Outcome, Question
from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.threshold_decisions.model import MODEL

NEWEST_FIRST: Final = Order("decided_at", descending=True)

_PLAIN: Final = (
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
_COMPARED: Final = (
    "id",
    "incident_id",
    "organisation",
    "site",
    "financial_year",
    "quarter",
    "question",
    "outcome",
    "deciding_facts",
    "facts",
    "decided_by",
    "decider",
    "decided_at",
)


class By(StrEnum):
    """Whose decisions are compared with whose."""

    DECIDER = "decider"
    SITE = "site"
    PROVIDER = "provider"


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionFilter:
    """Which decisions; what is None does not matter."""

    incident: UUID | None = None
    provider: OdsCode | None = None
    site: str | None = None
    division: str | None = None
    specialty: str | None = None
    financial_year: str | None = None
    quarter: str | None = None
    regime: str | None = None
    question: Question | None = None
    outcome: Outcome | None = None
    assessed_outcome: Outcome | None = None
    agrees: bool | None = None
    departs: bool | None = None
    deciding_facts: str | None = None
    decided_by: OdsCode | None = None
    decider: UUID | None = None
    current: bool | None = None
    entered_in_error: bool | None = None


def matching(reading: Reading, wanted: DecisionFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, on the view of the decisions."""
    view = reading.view(MODEL)
    conditions = [view.c[name] == getattr(wanted, name) for name in _PLAIN if getattr(wanted, name) is not None]
    if wanted.incident is not None:
        conditions.append(view.c.incident_id == wanted.incident)
    if wanted.provider is not None:
        conditions.append(view.c.organisation == wanted.provider)
    return conditions


async def list_standing(reading: Reading, wanted: Criteria) -> Sequence[RowMapping]:
    """The decisions that stand and meet the criteria, by id: which they are, of which incident and whose record."""
    view = reading.view(MODEL)
    asked = (
        select(view.c.id, view.c.incident_id, view.c.organisation)
        .where(view.c.current, ~view.c.entered_in_error)
        .where(view.c.question == wanted.question.value, view.c.outcome == wanted.outcome.value)
        .where(view.c.organisation.in_(wanted.providers))
        .order_by(view.c.id)
    )
    return await reading.execute(asked)


async def count_comparable(reading: Reading, *where: ColumnElement[bool]) -> tuple[int, int]:
    """How many decisions there are, and from how many of them the facts are known."""
    view = reading.view(MODEL)
    asked: Any = select(func.count().label("all"), func.count(view.c.deciding_facts).label("known")).where(*where)
    [row] = await reading.execute(asked)
    return row["all"], row["known"]


async def list_comparable(reading: Reading, *where: ColumnElement[bool], by: By) -> Sequence[RowMapping]:
    """The decisions that somebody else made too from the same facts; `rater` says whose each is."""
    view = reading.view(MODEL)
    rater = rater_in(view, by)
    shared: Any = (
        select(view.c.deciding_facts)
        .where(*where, view.c.deciding_facts.is_not(None))
        .group_by(view.c.deciding_facts)
        .having(func.count(distinct(rater)) > 1)
    )
    asked: Any = (
        select(*(view.c[name] for name in _COMPARED), rater.label("rater"))
        .where(*where, rater.is_not(None), view.c.deciding_facts.in_(shared))
        .order_by(view.c.decided_at, view.c.id)
    )
    return await reading.execute(asked)


def rater_in(view: Subquery, by: By) -> ColumnElement[Any]:
    """Whose decision a row is: a person's, a site's (named with its provider), a provider's; null where not known."""
    match by:
        case By.DECIDER:
            return cast(view.c.decider, Text)
        case By.SITE:
            named = func.concat(view.c.organisation, " ", view.c.site)
            return case((view.c.site.is_(None), null()), else_=named)
        case By.PROVIDER:
            return cast(view.c.organisation, Text)
