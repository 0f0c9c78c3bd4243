"""What can be listed: each read model with its order, its filter, and how a row is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement

from domain.policy.status import ClockStatus
from projections.action_tracker import queries as actions
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.rows import ActionRow
from projections.audit_samples import queries as samples
from projections.audit_samples.model import MODEL as AUDIT_SAMPLES
from projections.audit_samples.rows import SampleRow
from projections.engine.model import ReadModel, Row, State
from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.incident_register import queries as incidents
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_register.rows import IncidentRow
from projections.incident_timeline import queries as timeline
from projections.incident_timeline.model import MODEL as INCIDENT_TIMELINE
from projections.incident_timeline.rows import TimelineRow
from projections.organisation_register import queries as organisations
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from projections.organisation_register.rows import OrganisationRow
from projections.threshold_decisions import queries as decisions
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from projections.threshold_decisions.rows import DecisionRow
from projections.timeliness import queries as clocks
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.rows import ClockRow
from service.reading.forms import Form
from service.reading.sight import Audience

Wanted = TypeVar("Wanted")
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Listing(Generic[State, Row, Wanted]):
    """One list: `where` turns a filter into conditions, at the moment with which clocks are compared."""

    model: ReadModel[State, Row]
    order: Order
    form: Form[Row]
    where: Callable[[Reading, Wanted, datetime], Conditions]


def _clock(row: ClockRow, as_of: datetime) -> Mapping[str, Any]:
    return {
        "status": clocks.status_of(row, as_of).value,
        "days_over": clocks.days_over(row, as_of),
        "missed": clocks.missed(row, as_of),
    }


def _action(row: ActionRow, as_of: datetime) -> Mapping[str, Any]:
    return {"overdue": actions.is_overdue(row, as_of), "days_over": actions.days_over(row, as_of)}


def _of_case(reading: Reading, case: UUID, _as_of: datetime) -> Conditions:
    return timeline.of_case(reading, case)


def _organisations(reading: Reading, wanted: organisations.OrganisationFilter, _as_of: datetime) -> Conditions:
    return organisations.matching(reading, wanted)


def _incidents(reading: Reading, wanted: incidents.IncidentFilter, _as_of: datetime) -> Conditions:
    return incidents.matching(reading, wanted)


def _clocks(reading: Reading, wanted: clocks.ClockFilter, as_of: datetime) -> Conditions:
    return clocks.matching(reading, wanted, as_of=as_of)


def _actions(reading: Reading, wanted: actions.ActionFilter, as_of: datetime) -> Conditions:
    return actions.matching(reading, wanted, as_of=as_of)


def _decisions(reading: Reading, wanted: decisions.DecisionFilter, _as_of: datetime) -> Conditions:
    return decisions.matching(reading, wanted)


def _samples(reading: Reading, wanted: samples.SampleFilter, _as_of: datetime) -> Conditions:
    return samples.matching(reading, wanted)


INCIDENT: Final = Form(IncidentRow)
"""One incident, with what happened."""

INCIDENTS: Final = Listing(
    INCIDENT_REGISTER, incidents.NEWEST_FIRST, Form(IncidentRow, hidden=frozenset({"what_happened"})), _incidents
)
"""The list leaves out what people wrote: it is read one record at a time."""

TIMELINE: Final = Listing(
    INCIDENT_TIMELINE, timeline.AS_TOLD, Form(TimelineRow, hidden=frozenset({"case_id"})), _of_case
)
CLOCKS: Final = Listing(
    TIMELINESS,
    clocks.SOONEST_FIRST,
    Form(ClockRow, computed={"status": ClockStatus, "days_over": int, "missed": bool}, compute=_clock),
    _clocks,
)
ACTIONS: Final = Listing(
    ACTION_TRACKER,
    actions.SOONEST_FIRST,
    Form(ActionRow, audience=Audience.ACTIONS, computed={"overdue": bool, "days_over": int}, compute=_action),
    _actions,
)
DECISIONS: Final = Listing(THRESHOLD_DECISIONS, decisions.NEWEST_FIRST, Form(DecisionRow), _decisions)
SAMPLES: Final = Listing(AUDIT_SAMPLES, samples.NEWEST_FIRST, Form(SampleRow, owner="organisation"), _samples)
_RELATION: Final = frozenset({"commissioner", "from_on", "to_on"})
_OWN: Final = frozenset({"kind", "provider_type", "psirf_adopted_on", "plan"})

ORGANISATIONS: Final = Listing(
    ORGANISATION_REGISTER, organisations.BY_CODE, Form(OrganisationRow, owner="ods", hidden=_RELATION), _organisations
)
COMMISSIONERS: Final = Listing(
    ORGANISATION_REGISTER, organisations.BY_CODE, Form(OrganisationRow, owner="ods", hidden=_OWN), _organisations
)
