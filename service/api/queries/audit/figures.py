"""Which figures are explained: every summary and list with its figures, its filters, and what chooses one of its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import PlainValidator, WithJsonSchema
from sqlalchemy import ColumnElement
from starlette.requests import Request

from domain.action.events import Strength
from domain.policy.questions import Question
from domain.policy.status import ClockStatus
from projections.action_tracker.fold import ActionStatus
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.queries import ActionFilter
from projections.explaining import actions, clocks, decisions, incidents, work
from projections.explaining.figures import Summary
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_register.queries import IncidentFilter
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from projections.threshold_decisions.queries import DecisionFilter
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import ClockFilter
from projections.worklist.queries import WorkFilter
from service.api.app import caller_of
from service.api.fields import ShortText
from service.api.parameters import NoParameters, Switch
from service.api.queries.actions import ActionCountParameters, ActionParameters
from service.api.queries.asking import filters_in, id_in
from service.api.queries.audit.explanations import ExplainParameters, ExplainRoute, KeptExplanations
from service.api.queries.incidents import IncidentParameters
from service.api.queries.threshold_decisions import AgreementParameters, DecisionParameters
from service.api.queries.timeliness import ClockParameters, CountParameters
from service.api.queries.worklist import WorklistParameters
from service.api.refusing.invalid import field_refusal
from service.reading.answering import Answering
from service.reading.audit.explanations import Looked
from service.reading.listings import ACTIONS, CLOCKS, DECISIONS, INCIDENTS, WORK
from service.reading.work import WorkWanted, whose_work


def _one_of(names: Sequence[str]) -> tuple[PlainValidator, WithJsonSchema]:
    def figure(value: object) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise field_refusal("unknown", "This is no figure of the summary.")

    return PlainValidator(figure), WithJsonSchema({"type": "string", "enum": list(names)})


ClocksFigure = Annotated[str, *_one_of([*clocks.SUMMARY.figures])]
ActionsFigure = Annotated[str, *_one_of([*actions.SUMMARY.figures])]
AgreementFigure = Annotated[str, *_one_of([*decisions.AGREEMENT.figures])]
IncidentFigure = Annotated[str, *_one_of([*incidents.RECORD.figures])]
ActionFigure = Annotated[str, *_one_of([*actions.RECORD.figures])]
ObligationFigure = Annotated[str, *_one_of([*clocks.RECORD.figures])]
WorkFigure = Annotated[str, *_one_of([*work.LIST.figures])]
Length = Annotated[str, *_one_of(["total"])]
"""Of a list, its length is the one figure."""


class ClocksExplained(CountParameters, ExplainParameters):
    """A figure of the clocks; `title`, `verified` and `status`, as `rule` and `force`, choose a line of the summary."""

    figure: ClocksFigure
    title: ShortText | None = None
    verified: Switch | None = None
    status: ClockStatus | None = None


class ActionsExplained(ActionCountParameters, ExplainParameters):
    """A figure of the actions; `state` and `strength` choose a line of the summary."""

    figure: ActionsFigure
    state: ActionStatus | None = None
    strength: Strength | None = None


class AgreementExplained(AgreementParameters, ExplainParameters):
    """A figure of the comparison; `over_time` needs the year and the quarter, `pairwise` the two raters."""

    figure: AgreementFigure
    first: ShortText | None = None
    second: ShortText | None = None


class ClockListExplained(ClockParameters, ExplainParameters):
    """The number of the clocks that a list holds."""

    figure: Length = "total"


class ActionListExplained(ActionParameters, ExplainParameters):
    """The number of the actions that a list holds."""

    figure: Length = "total"


class DecisionListExplained(DecisionParameters, ExplainParameters):
    """The number of the decisions that a list holds."""

    figure: Length = "total"


class IncidentListExplained(IncidentParameters, ExplainParameters):
    """The number of the incidents that a list holds."""

    figure: Length = "total"


class WorklistExplained(WorklistParameters, ExplainParameters):
    """The number of the items that wait for the caller, of all sections or of one."""

    figure: WorkFigure = "total"


class IncidentExplained(ExplainParameters):
    """A count that one incident shows."""

    figure: IncidentFigure


class ActionExplained(ExplainParameters):
    """A figure that one action shows."""

    figure: ActionFigure


class ObligationExplained(ExplainParameters):
    """A figure that one obligation shows."""

    figure: ObligationFigure


def _standing(answering: Answering, wanted: decisions.AgreementWanted) -> list[ColumnElement[bool]]:
    row = answering.reading.view(THRESHOLD_DECISIONS).c
    return [~row.entered_in_error] if wanted.replaced else [~row.entered_in_error, row.current]


def _of_incident(answering: Answering, wanted: incidents.IncidentWanted) -> list[ColumnElement[bool]]:
    return [answering.reading.view(INCIDENT_REGISTER).c.id == wanted.incident]


def _of_action(answering: Answering, wanted: actions.ActionWanted) -> list[ColumnElement[bool]]:
    return [answering.reading.view(ACTION_TRACKER).c.id == wanted.action]


def _of_obligation(answering: Answering, wanted: clocks.ClockWanted) -> list[ColumnElement[bool]]:
    row = answering.reading.view(TIMELINESS).c
    return [row.incident_id == wanted.incident, row.id == wanted.obligation]


def _with_answers(_request: Request, parameters: IncidentListExplained) -> Mapping[str, Any]:
    names = [name for name in incidents.IncidentsWanted.__dataclass_fields__ if name != "outcomes"]
    outcomes = {question: found for question in Question if (found := getattr(parameters, question.value)) is not None}
    return {**filters_in(parameters, names), "outcomes": outcomes}


def _of_caller(request: Request, parameters: WorklistExplained) -> Mapping[str, Any]:
    names = [name for name in work.WorkWanted.__dataclass_fields__ if name != "whose"]
    return {**filters_in(parameters, names), "whose": whose_work(caller_of(request).actor)}


def _work_filter(answering: Answering, given: Mapping[str, Any]) -> WorkWanted:
    return WorkWanted(actor=answering.sight.actor, wanted=WorkFilter(**given))


def _in_path(request: Request, _parameters: ExplainParameters) -> Mapping[str, Any]:
    return {name: id_in(request, name) for name in request.path_params}


def _looked(
    summary: Summary,
    listing: Any,
    filters: type[Any],
    taken: type[NoParameters],
    *,
    also: Callable[[Answering, Any], Sequence[ColumnElement[bool]]] | None = None,
) -> Looked:
    own = frozenset(taken.model_fields) | {"outcomes"}
    more: dict[str, Any] = {} if also is None else {"also": also}
    return Looked(summary=summary, listing=listing, filters=filters, own=own, **more)


EXPLAINED: Final[tuple[tuple[Looked, type[ExplainParameters], str], ...]] = (
    (_looked(clocks.SUMMARY, CLOCKS, ClockFilter, CountParameters), ClocksExplained, "timeliness"),
    (_looked(clocks.LIST, CLOCKS, ClockFilter, ClockParameters), ClockListExplained, "timeliness"),
    (_looked(actions.SUMMARY, ACTIONS, ActionFilter, ActionCountParameters), ActionsExplained, "actions"),
    (_looked(actions.LIST, ACTIONS, ActionFilter, ActionParameters), ActionListExplained, "actions"),
    (
        _looked(decisions.AGREEMENT, DECISIONS, DecisionFilter, AgreementParameters, also=_standing),
        AgreementExplained,
        "threshold decisions",
    ),
    (
        _looked(decisions.LIST, DECISIONS, DecisionFilter, DecisionParameters),
        DecisionListExplained,
        "threshold decisions",
    ),
    (_looked(incidents.LIST, INCIDENTS, IncidentFilter, IncidentParameters), IncidentListExplained, "incidents"),
    (
        _looked(incidents.RECORD, INCIDENTS, IncidentFilter, NoParameters, also=_of_incident),
        IncidentExplained,
        "incidents",
    ),
    (
        replace(_looked(work.LIST, WORK, WorkFilter, WorklistParameters), filter_of=_work_filter),
        WorklistExplained,
        "worklist",
    ),
    (_looked(actions.RECORD, ACTIONS, ActionFilter, NoParameters, also=_of_action), ActionExplained, "actions"),
    (_looked(clocks.RECORD, CLOCKS, ClockFilter, NoParameters, also=_of_obligation), ObligationExplained, "incidents"),
)
"""How the rows of each summary are looked up, what its explanation takes, and where it stands in the document."""

_RECORDS: Final = (incidents.RECORD.name, actions.RECORD.name, clocks.RECORD.name)
_READ: Final[dict[str, Callable[[Request, Any], Mapping[str, Any]]]] = {
    incidents.LIST.name: _with_answers,
    work.LIST.name: _of_caller,
    **dict.fromkeys(_RECORDS, _in_path),
}


def add_explanations(router: APIRouter) -> None:
    """Serve them. They stand before the records, whose paths would take `explain` for an id."""
    kept = KeptExplanations()
    for looked, parameters, tag in EXPLAINED:
        name = looked.summary.name
        ExplainRoute(
            looked=looked,
            parameters=parameters,
            tag=tag,
            kept=kept,
            wanted=_READ.get(name),
            record=name in _RECORDS,
        ).add_to(router)
