"""Explain this number: the events, rules and versions behind any figure of a summary, in one form for all of them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from projections.explaining.explanation import Explanation
from projections.explaining.figures import Asking
from projections.explaining.grounding import RowUnfoundedError
from projections.explaining.pages import written
from service.api.answers import next_link, record_answer
from service.api.app import caller_of
from service.api.edge import edge_of
from service.api.openapi import query
from service.api.parameters import LIMIT_USUAL, CursorText, Limit, ReadParameters, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import (
    asked,
    filters_in,
    not_found,
    queries_of,
    question_of,
    said_in_problems,
    speaks_for,
    thinking_of,
)
from service.api.refusing.invalid import FieldError
from service.reading.answering import Answering
from service.reading.audit.explanations import Looked, Sought, TooManyRowsError, explained, sought
from service.reading.queries import Question

_PAGING: Final = frozenset({"cursor", "limit", "envelope", "min_position"})
_KEPT_MOST: Final = 4


class ExplainParameters(ReadParameters):
    """What every explanation takes besides the figure and the filters of its summary."""

    limit: Limit = LIMIT_USUAL
    """How many of the events are shown at once."""
    cursor: CursorText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationPage(Explanation):
    """An explanation with some of its grounds: how many there are in all, and where the next ones are."""

    total: int
    next: str | None


class KeptExplanations:
    """The newest explanations of several pages: what was known at a position never changes, so each is made once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Explanation] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> Explanation | None:
        """The one that was kept under this key."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: tuple[Any, ...], explanation: Explanation) -> None:
        """Keep one; the one that was not asked for longest goes."""
        self._kept[key] = explanation
        while len(self._kept) > _KEPT_MOST:
            self._kept.popitem(last=False)


def _given(looked: Looked) -> Callable[[Request, Any], Mapping[str, Any]]:
    def given(_request: Request, parameters: Any) -> Mapping[str, Any]:
        return filters_in(parameters, looked.summary.wanted.__dataclass_fields__)

    return given


@dataclass(frozen=True, kw_only=True)
class ExplainRoute:
    """The explanations of one summary, at its path with `/explain` behind it.

    `wanted` reads from the request what the summary's filters are made of; `record`: it is of one record, which may not
    exist for the reader.
    """

    looked: Looked
    parameters: type[ExplainParameters]
    tag: str
    kept: KeptExplanations
    wanted: Callable[[Request, Any], Mapping[str, Any]] | None = None
    record: bool = False

    def add_to(self, router: APIRouter) -> None:
        """Serve them."""
        name = self.looked.summary.name
        described = query(self.parameters, ExplanationPage, summary=f"What a figure of {name} rests on", tag=self.tag)
        router.get(f"/v1/{name}/explain", **described)(self._endpoint())

    def _endpoint(self) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            parameters: Any = read_parameters(request, self.parameters)
            read = self.wanted or _given(self.looked)
            wanted = self.looked.summary.wanted(**read(request, parameters))
            self._assert_askable(wanted, parameters)
            return await self._answer(request, parameters, wanted)

        return endpoint

    def _assert_askable(self, wanted: Any, parameters: Any) -> None:
        figure = self.looked.summary.figures[parameters.figure]
        missing = [name for name in figure.requires if getattr(wanted, name) is None]
        if missing:
            sentence = "This figure is one of several of its name: say which."
            errors = [FieldError(f"?{name}", "missing", sentence) for name in missing]
            raise ProblemError("request.parameter-invalid", errors=errors)

    async def _answer(self, request: Request, parameters: Any, wanted: Any) -> Response:
        pin = _Pin(request, parameters)
        models = [part.model for part in self.looked.summary.parts(wanted)]
        async with asked(request, pin.question, *models) as answering:
            scope = answering.sight.records.organisations
            asking = Asking(parameters.figure, wanted, answering.as_of, scope)
            key = _key(self.looked, asking, answering)
            found = self.kept.get(key)
            seeking = None if found else await self._sought(answering, asking)
            speaking = speaks_for(await answering.reading.freshness(), answering.sight)
        # Only now: who held one connection and waited for another could wait for others that do the same.
        if seeking is not None:
            found = await _explained(request, seeking)
        assert found is not None
        offset, limit = pin.offset, parameters.limit
        if len(found.grounds) > limit:
            self.kept.keep(key, found)
        following = pin.following(found, limit=limit)
        page = found.grounds[offset : offset + limit]
        answering.shown.add(*(ground.incident for ground in page if ground.incident is not None))
        body = {**written(found, offset=offset, limit=limit), "next": next_link(request, following)}
        return await record_answer(request, body, speaking, answering.shown)

    async def _sought(self, answering: Answering, asking: Asking) -> Sought:
        try:
            counted = await self.looked.counts(answering, asking)
        except TooManyRowsError:
            raise ProblemError("explanation.too-large") from None
        if self.record and counted.population.rows == 0:
            raise not_found()
        return sought(answering, self.looked, asking, counted)


class _Pin:
    """For which position and moment a page is asked, and with which of the grounds it begins."""

    def __init__(self, request: Request, parameters: Any) -> None:
        kept = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _PAGING)
        actor = caller_of(request).actor
        self._box = edge_of(request).cursors
        self._list = f"{request.url.path} {urlencode(kept)} {actor.organisation} {sorted(actor.roles)}"
        self.question: Question = question_of(request, parameters)
        self.offset = 0
        if parameters.cursor is not None:
            self._go_on(parameters.cursor)

    def following(self, explanation: Explanation, *, limit: int) -> str | None:
        """The cursor of the next page; None where this was the last."""
        after = self.offset + limit
        if after >= len(explanation.grounds):
            return None
        return self._box.seal(explanation.known_at, [after, explanation.as_of.isoformat()], self._list)

    def _go_on(self, cursor: str) -> None:
        opened = self._box.open(cursor, self._list)
        offset, as_of = opened.after
        self.offset = int(offset or 0)
        moment = datetime.fromisoformat(str(as_of))
        self.question = replace(self.question, known_at=opened.position, as_of=moment)


async def _explained(request: Request, wanted: Sought) -> Explanation:
    try:
        async with said_in_problems():
            return await explained(queries_of(request), wanted, thinking_of(request).thought)
    except RowUnfoundedError as error:
        raise ProblemError("explanation.unfounded") from error


def _key(looked: Looked, asking: Asking, answering: Answering) -> tuple[Any, ...]:
    sight = answering.sight
    wanted = repr(asking.wanted)
    return (looked.summary.name, asking.figure, wanted, asking.as_of, answering.reading.position, sight.name)
