"""The log itself, for auditors: stored bytes, in order, with a stub in the place of what is outside the scope."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.words import OdsCode
from service.api.answers import Freshness, conditional_answer
from service.api.conventions import JSON, NDJSON, accepted
from service.api.lists.exports import streamed
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, Limit, Position, ReadParameters, Switch, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import id_in, not_found, queries_of, question_of, said_in_problems
from service.api.queries.schemas import event_schema, listed
from service.reading.audit.shown import ShownCases
from service.reading.events import EventLog, LeafHashes, Stretch, event_list
from service.reading.queries import ProjectionNotAskedError
from service.reading.sight import Sight

_TAG: Final = "audit"
_FORMS: Final = (JSON, NDJSON)
_FULL: Final = 64 * 1024


class EventParameters(ReadParameters):
    """Which events: those after a position, so many; NDJSON streams the whole range unless a limit is given."""

    after: Position = 0
    limit: Limit | None = None
    envelope: Switch = False


def add_events(router: APIRouter) -> None:
    """Serve the log, and the part of it that is one case."""
    described = query(EventParameters, listed("LedgerEvent", event_schema()), summary="", tag=_TAG, forms=(NDJSON,))
    router.get("/v1/events", **{**described, "summary": "Every event, in order, as stored"})(events)
    of_case = {**described, "summary": "The events of one case, in order, as stored"}
    router.get("/v1/incidents/{incident}/events", **of_case)(case_events)


async def events(request: Request) -> Response:
    """The log, from a position on."""
    parameters = read_parameters(request, EventParameters)
    form = accepted(request, _FORMS)
    log, sight = await _log(request, parameters)
    _assert_permitted(sight)
    stretch = await log.stretch(after=parameters.after, known_at=parameters.as_known_at)
    if form == NDJSON:
        whole = stretch if parameters.limit is None else _first(stretch, parameters.limit)
        return await streamed(request, _ndjson(log.lines(whole)), _freshness(stretch.last, sight), log.shown, NDJSON)
    part = _first(stretch, parameters.limit or LIMIT_USUAL)
    lines = [line async for line in log.lines(part)]
    following = part.last if part.last < stretch.last else None
    listed_part = _Part(lines, following, stretch.length)
    return await _listed(request, listed_part, _freshness(stretch.last, sight), log.shown)


async def case_events(request: Request) -> Response:
    """The events of all streams of one case."""
    parameters = read_parameters(request, EventParameters)
    form, case = accepted(request, _FORMS), id_in(request, "incident")
    log, sight = await _log(request, parameters)
    stretch = await log.stretch(after=parameters.after, known_at=parameters.as_known_at)
    found = await log.of_case(case, up_to=stretch.last)
    if not found or not sight.records.sees(OdsCode(found[0].organisation)):
        raise not_found()
    _assert_permitted(sight)
    wanted = [event for event in found if event.position > parameters.after]
    part = wanted[: parameters.limit] if parameters.limit else wanted
    log.shown.add(case)
    lines = await log.lines_of(part)
    freshness = _freshness(stretch.last, sight, changed_at=found[-1].position)
    if form == NDJSON:
        return await streamed(request, _ndjson(_each(lines)), freshness, log.shown, NDJSON)
    following = part[-1].position if len(part) < len(wanted) else None
    return await _listed(request, _Part(lines, following, len(wanted)), freshness, log.shown)


async def _log(request: Request, parameters: EventParameters) -> tuple[EventLog, Sight]:
    queries, question = queries_of(request), question_of(request, parameters)
    async with said_in_problems():
        if question.projection is not None:
            raise ProjectionNotAskedError(["none: it is the log itself"])
        sight = await queries.sight(question.actor, min_position=question.min_position)
        log = EventLog(queries.ledger, sight.records, cast("LeafHashes", request.app.state.proofs))
        await log.wait_for(question.min_position)
    return log, sight


def _assert_permitted(sight: Sight) -> None:
    if not sight.may_read_events:
        raise ProblemError("access.not-permitted")


def _first(stretch: Stretch, limit: int) -> Stretch:
    return Stretch(stretch.after, min(stretch.last, stretch.after + limit))


def _freshness(position: int, sight: Sight, *, changed_at: int = 0) -> Freshness:
    return Freshness(position=position, lag=0, changed_at=changed_at, projection="ledger", reader=sight.name)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some events, after which position the next ones are (None: these are the last), and how many there are in all."""

    lines: Sequence[bytes]
    following: int | None
    total: int


async def _listed(request: Request, part: _Part, freshness: Freshness, shown: ShownCases) -> Response:
    body, link = event_list(part.lines), _next(request, part.following)
    if request.query_params.get("envelope") == "true":
        body = b'{"items":%b,"next":%b,"total":%d}' % (body, orjson.dumps(link), part.total)
    answer = await conditional_answer(request, body, freshness, shown)
    if link is not None:
        answer.headers["Link"] = f'<{link}>; rel="next"'
    return answer


def _next(request: Request, following: int | None) -> str | None:
    if following is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return f"{quote(request.url.path)}?{urlencode([*kept, ('after', str(following))])}"


async def _ndjson(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    kept: list[bytes] = []
    size = 0
    async for line in lines:
        kept += (line, b"\n")
        size += len(line)
        if size >= _FULL:
            yield b"".join(kept)
            kept.clear()
            size = 0
    yield b"".join(kept)


async def _each(lines: Sequence[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line
