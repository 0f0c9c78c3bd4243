"""What can be listed: each read model with its order, its filter, and how a row is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement

from domain.incident.words import Assignment
from domain.policy.status import ClockStatus
from projections.action_tracker import queries as actions
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.rows import ActionRow
from projections.audit_samples import queries as samples
from projections.audit_samples.model import MODEL as AUDIT_SAMPLES
from projections.audit_samples.rows import SampleRow
from projections.engine.merging import Merged
from projections.engine.model import AnyReadModel, ReadModel, Row, State
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
from projections.worklist import queries as worklist
from projections.worklist.items import WorkItem, days_left, days_over
from projections.worklist.merging import WORKLIST
from projections.worklist.waiting import Kind
from service.reading.forms import Form, its_incident, no_case
from service.reading.sight import Audience
from service.reading.work import WorkWanted, work_of

Wanted = TypeVar("Wanted")
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Listing(Generic[State, Row, Wanted]):
    """One list: `where` turns a filter into conditions, at the moment with which clocks are compared."""

    model: ReadModel[State, Row] | Merged[Row]
    order: Order
    form: Form[Row]
    where: Callable[[Reading, Wanted, datetime], Conditions]

    @property
    def models(self) -> tuple[AnyReadModel, ...]:
        """The read models that it is answered from."""
        return self.model.models if isinstance(self.model, Merged) else (self.model,)


def _clock(row: ClockRow, as_of: datetime) -> Mapping[str, Any]:
    return {
        "status": clocks.status_of(row, as_of).value,
        "days_over": clocks.days_over(row, as_of),
        "missed": clocks.missed(row, as_of),
    }


def _action(row: ActionRow, as_of: datetime) -> Mapping[str, Any]:
    return {"overdue": actions.is_overdue(row, as_of), "days_over": actions.days_over(row, as_of)}


def _itself(row: IncidentRow) -> tuple[UUID, ...]:
    return (row.id,)


def _its_case(row: TimelineRow) -> tuple[UUID, ...]:
    return (row.case_id,)


def incidents_of_action(row: ActionRow) -> tuple[UUID, ...]:
    """The cases that an action was agreed for."""
    return row.incidents


def incidents_drawn(row: SampleRow) -> tuple[UUID, ...]:
    """The cases whose decisions were drawn into a sample."""
    return row.incident_ids


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


INCIDENT: Final = Form(IncidentRow, _itself)
"""One incident, with what happened."""

INCIDENTS: Final = Listing(
    INCIDENT_REGISTER,
    incidents.NEWEST_FIRST,
    Form(IncidentRow, _itself, hidden=frozenset({"what_happened"})),
    _incidents,
)
"""The list leaves out what people wrote: it is read one record at a time."""

TIMELINE: Final = Listing(
    INCIDENT_TIMELINE, timeline.AS_TOLD, Form(TimelineRow, _its_case, hidden=frozenset({"case_id"})), _of_case
)
CLOCKS: Final = Listing(
    TIMELINESS,
    clocks.SOONEST_FIRST,
    Form(ClockRow, its_incident, computed={"status": ClockStatus, "days_over": int, "missed": bool}, compute=_clock),
    _clocks,
)
ACTIONS: Final = Listing(
    ACTION_TRACKER,
    actions.SOONEST_FIRST,
    Form(
        ActionRow,
        incidents_of_action,
        audience=Audience.ACTIONS,
        computed={"overdue": bool, "days_over": int},
        compute=_action,
    ),
    _actions,
)
DECISIONS: Final = Listing(THRESHOLD_DECISIONS, decisions.NEWEST_FIRST, Form(DecisionRow, its_incident), _decisions)
SAMPLES: Final = Listing(
    AUDIT_SAMPLES, samples.NEWEST_FIRST, Form(SampleRow, incidents_drawn, owner="organisation"), _samples
)
_RELATION: Final = frozenset({"commissioner", "from_on", "to_on"})
_OWN: Final = frozenset({"kind", "provider_type", "psirf_adopted_on", "plan"})

ORGANISATIONS: Final = Listing(
    ORGANISATION_REGISTER,
    organisations.BY_CODE,
    Form(OrganisationRow, no_case, owner="ods", hidden=_RELATION),
    _organisations,
)
COMMISSIONERS: Final = Listing(
    ORGANISATION_REGISTER,
    organisations.BY_CODE,
    Form(OrganisationRow, no_case, owner="ods", hidden=_OWN),
    _organisations,
)


def _item(item: WorkItem, as_of: datetime) -> Mapping[str, Any]:
    return {
        "days_over": days_over(item, as_of),
        "days_left": days_left(item, as_of),
        "has_handler": Assignment.HANDLER in item.assigned,
        "link": _place_of(item),
    }


def _place_of(item: WorkItem) -> str:
    """The record in which the item is told in full, and under which what is missing is posted."""
    if item.kind is Kind.CLOCK:
        return f"/v1/incidents/{item.incident_id}/obligations"
    if item.action_id is not None:
        return f"/v1/actions/{item.action_id}"
    if item.learning_response_id is not None:
        return f"/v1/learning-responses/{item.learning_response_id}"
    return f"/v1/incidents/{item.incident_id}"


def _work(reading: Reading, wanted: WorkWanted, as_of: datetime) -> Conditions:
    mine = work_of(WORKLIST.view(reading, as_of), wanted.actor)
    return [mine, *worklist.matching(reading, wanted.wanted, as_of=as_of)]


WORK: Final[Listing[Any, WorkItem, WorkWanted]] = Listing(
    WORKLIST,
    worklist.IN_PLACE,
    Form(
        WorkItem,
        its_incident,
        hidden=frozenset({"place", "submitted_to", "accepted_by", "hands"}),
        computed={"days_over": int, "days_left": int | None, "has_handler": bool, "link": str},
        compute=_item,
    ),
    _work,
)
"""What is due for one caller."""
