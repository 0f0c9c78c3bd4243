"""One obligation with its whole history, and the time that it took, split by whom it waited for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from domain.policy.elapsed import Because
from projections.engine.reading import Found
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.timeliness.history import DutyHistory, elapsed_of, history_of, seconds_of
from projections.timeliness.model import MODEL as TIMELINESS
from service.api.answers import record_answer
from service.api.openapi import query
from service.api.parameters import ReadParameters, read_parameters
from service.api.queries.asking import asked, id_in, not_found, queries_of, question_of, speaks_for
from service.api.queries.incidents import incident_exists
from service.api.queries.schemas import record_schema
from service.reading.forms import Form, plain, the_case_asked_for
from service.reading.listings import CLOCKS
from service.reading.stories import told_of

# `from` is the word of the contract, and no name that a class may give to a field.
_INTERVAL: Final[Any] = {"from": datetime, "until": datetime, "seconds": int, "owner": str, "reason": Because}
_FIELDS: Final[Any] = {name: (kind, ...) for name, kind in _INTERVAL.items()}
_ElapsedInterval: Final[Any] = create_model("ElapsedInterval", **_FIELDS)


def _elapsed(history: DutyHistory, as_of: datetime) -> Mapping[str, Any]:
    intervals = elapsed_of(history, as_of)
    seconds = seconds_of(intervals)
    return {
        "elapsed_seconds": sum(seconds),
        "elapsed": [
            {
                "from": plain(each.from_at),
                "until": plain(each.until_at),
                "seconds": lasting,
                "owner": each.owner,
                "reason": each.because.value,
            }
            for each, lasting in zip(intervals, seconds, strict=True)
        ],
    }


HISTORY: Final = Form(
    DutyHistory,
    the_case_asked_for,
    hidden=frozenset({"actor", "from_at", "ended_at", "waits"}),
    computed={"elapsed_seconds": int, "elapsed": list[_ElapsedInterval]},
    compute=_elapsed,
)
"""What an obligation shows beside its clock."""


def add_obligations(router: APIRouter) -> None:
    """Serve one obligation."""
    record = record_schema("ObligationHistory", CLOCKS.form, HISTORY)
    described = query(
        ReadParameters, record, summary="One obligation: its whole history, and why it was late", tag="incidents"
    )
    router.get("/v1/incidents/{incident}/obligations/{obligation}", **described)(obligation)


async def obligation(request: Request) -> Response:
    """One obligation of a case, with every date that it had, what met it, and where the time went up to `as_of`."""
    parameters = read_parameters(request, ReadParameters)
    queries, case = queries_of(request), id_in(request, "incident")
    key = f"{case}:{id_in(request, 'obligation')}"
    async with asked(request, question_of(request, parameters), TIMELINESS, INCIDENT_REGISTER) as answering:
        clock = await answering.reading.find(TIMELINESS, key) if await incident_exists(answering, request) else None
        if clock is None:
            raise not_found()
        events = await queries.ledger.read_case(case, up_to=answering.reading.position)
        seen = [event for event in events if answering.sees(event)]
        history = history_of(told_of(seen, queries.codec), clock.row)
        if history is None:
            raise not_found()
        told = Found(clock.key, history, clock.changed_position)
        shown = {**(await answering.show(CLOCKS.form, [clock]))[0], **(await answering.show(HISTORY, [told]))[0]}
        speaking = speaks_for(await answering.reading.freshness(of=clock), answering.sight)
    return await record_answer(request, shown, speaking, answering.shown)
