"""Improvement actions: the board, one action, and how many are in each state."""

from typing import Final, Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.action.events import Strength
from domain.kernel.words import OdsCode
from projections.action_tracker.fold import ActionStatus
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.queries import ActionFilter, count_by_state_and_strength, find_action
from service.api.answers import record_answer
from service.api.conventions import CSV, NDJSON
from service.api.fields import CodeText, Day, Ods, ShortText, Uuid
from service.api.openapi import query
from service.api.parameters import ReadParameters, Switch, read_parameters
from service.api.queries.asking import asked, filters_in, id_in, not_found, queries_of, question_of, speaks_for
from service.api.queries.lists import ListRoute, ProviderParameters, short_list
from service.api.queries.schemas import list_schema, record_schema
from service.reading.audit.shown import NO_CASES
from service.reading.listings import ACTIONS
from service.reading.records.actions import ACTION, action_with_words

_TAG: Final = "actions"
_COUNTED: Final = {"state": ActionStatus, "strength": Strength, "actions": int, "overdue": int}


class ActionParameters(ProviderParameters):
    """What the board can be asked for."""

    incident: Uuid | None = None
    state: ActionStatus | None = None
    overdue: Switch | None = None
    strength: Strength | None = None
    owner_role: ShortText | None = None
    monitored_by: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    due_before: Day | None = None


class ActionCountParameters(ReadParameters):
    """Which actions are counted."""

    provider: Ods | None = None
    commissioner: Ods | None = None
    monitored_by: ShortText | None = None
    financial_year: CodeText | None = None
    quarter: Literal["Q1", "Q2", "Q3", "Q4"] | None = None
    envelope: Switch = False


def _wanted(_request: Request, parameters: ReadParameters) -> ActionFilter:
    return ActionFilter(**filters_in(parameters, ActionFilter.__dataclass_fields__))


def add_actions(router: APIRouter) -> None:
    """Serve the board. The summary stands before the record, whose path would take its name for an id."""
    ListRoute(
        path="/v1/actions",
        name="ActionItem",
        summary="Improvement actions, soonest due first",
        tag=_TAG,
        listing=ACTIONS,
        parameters=ActionParameters,
        wanted=_wanted,
    ).add_to(router)
    counts = list_schema("ActionCount", _COUNTED)
    router.get(
        "/v1/actions/summary",
        **query(
            ActionCountParameters, counts, summary="How many actions are in each state", tag=_TAG, forms=(CSV, NDJSON)
        ),
    )(actions_summary)
    record = record_schema("Action", ACTION)
    router.get("/v1/actions/{action}", **query(ReadParameters, record, summary="One action", tag=_TAG))(action)


async def action(request: Request) -> Response:
    """One action, with all that was written about it for those who may read it."""
    parameters = read_parameters(request, ReadParameters)
    queries = queries_of(request)
    async with asked(request, question_of(request, parameters), ACTION_TRACKER) as answering:
        found = await find_action(answering.reading, id_in(request, "action"))
        if found is None:
            raise not_found()
        told = await queries.ledger.read_stream(found.row.id)
        events = [event for event in told if event.position <= answering.reading.position]
        shown = (await answering.show(ACTION, [action_with_words(found, events, queries.codec)]))[0]
        speaking = speaks_for(await answering.reading.freshness(of=found), answering.sight)
    return await record_answer(request, shown, speaking, answering.shown)


async def actions_summary(request: Request) -> Response:
    """How many actions are in each state, by strength, and how many of them are overdue at `as_of`."""
    parameters = read_parameters(request, ActionCountParameters)
    async with asked(request, question_of(request, parameters), ACTION_TRACKER) as answering:
        where = answering.where(ACTIONS, _wanted(request, parameters))
        if parameters.commissioner is not None:
            where.append(answering.commissioned(ACTION_TRACKER, OdsCode(parameters.commissioner)))
        counted = await count_by_state_and_strength(answering.reading, *where, as_of=answering.as_of)
        speaking = speaks_for(await answering.reading.freshness(), answering.sight)
    items = [{name: each[name] for name in _COUNTED} for each in counted]
    return await short_list(request, items, list(_COUNTED), speaking, NO_CASES)
