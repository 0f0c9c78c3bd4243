"""Lists: pages as JSON, the whole result as CSV or NDJSON, all from one reading."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import ColumnElement
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from domain.kernel.actor import Actor
from domain.kernel.words import OdsCode
from projections.engine.model import AnyReadModel
from projections.engine.pages import Cursor, Order
from service.api.answers import Freshness, Page, list_answer
from service.api.app import caller_of
from service.api.conventions import CSV, JSON, LIST_FORMS, NDJSON, accepted
from service.api.edge import edge_of
from service.api.fields import Ods
from service.api.lists.exports import csv_answer, ndjson_answer
from service.api.openapi import query
from service.api.parameters import ListParameters, read_parameters
from service.api.queries.asking import asked, not_found, question_of, speaks_for
from service.api.queries.schemas import list_schema
from service.reading.answering import Answering
from service.reading.audit.shown import ShownCases
from service.reading.forms import Shown, flat
from service.reading.listings import Listing

STALLED_SECONDS: Final = 60.0
_EXPORTS: Final = (CSV, NDJSON)
_PAGING: Final = frozenset({"cursor", "limit", "envelope", "min_position"})


class ProviderParameters(ListParameters):
    """What lists take whose rows are about providers."""

    provider: Ods | None = None
    commissioner: Ods | None = None
    """Providers that this commissioner buys services from on the day of `as_of`."""


async def _always(_answering: Answering, _request: Request) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ListRoute:
    """A list at a path.

    `wanted` reads the filter from the request; `exists` says whether the record that the list hangs on exists for the
    reader; `models` are what it looks at besides the list's own; `register`: it is about organisations.
    """

    path: str
    name: str
    summary: str
    tag: str
    listing: Listing[Any, Any, Any]
    parameters: type[ListParameters]
    wanted: Callable[[Request, Any], Any]
    exists: Callable[[Answering, Request], Awaitable[bool]] = _always
    models: tuple[AnyReadModel, ...] = ()
    register: bool = False

    def add_to(self, router: APIRouter) -> None:
        """Serve the list at its path."""
        schema = list_schema(self.name, self.listing.form.types())
        described = query(self.parameters, schema, summary=self.summary, tag=self.tag, forms=_EXPORTS)
        router.get(self.path, name=self.name, **described)(self._endpoint())

    def _endpoint(self) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            parameters = read_parameters(request, self.parameters)
            form = accepted(request, LIST_FORMS)
            return await (self._page(request, parameters) if form == JSON else self._whole(request, parameters, form))

        return endpoint

    async def _page(self, request: Request, parameters: ListParameters) -> Response:
        cursors = Cursors(request)
        cursor, as_of = cursors.read(parameters.cursor, self.listing.order)
        question = question_of(request, parameters, cursor=cursor, as_of=as_of)
        async with asked(request, question, *self.listing.models, *self.models, register=self.register) as answering:
            where = await self._where(answering, request, parameters)
            page = await answering.page(
                self.listing, where, limit=parameters.limit, cursor=cursor, counted=parameters.envelope
            )
        items = [flat(item) for item in page.items]
        following = cursors.write(page.next, answering.as_of)
        speaking = speaks_for(page.freshness, answering.sight)
        page_shown = Page(items=items, next_cursor=following, total=page.total)
        return await list_answer(request, page_shown, speaking, answering.shown)

    async def _whole(self, request: Request, parameters: ListParameters, form: str) -> Response:
        question = question_of(request, parameters)
        async with AsyncExitStack() as stack:
            opened = asked(request, question, *self.listing.models, *self.models, register=self.register)
            answering = await stack.enter_async_context(opened)
            where = await self._where(answering, request, parameters)
            rows = await stack.enter_async_context(aclosing(answering.each(self.listing, where)))
            speaking = speaks_for(await answering.reading.freshness(), answering.sight)
            table = Table(_flattened(rows), list(self.listing.form.types()))
            answer = await exported(request, table, form, speaking, answering.shown)
            return HeldAnswer(answer, stack.pop_all())

    async def _where(
        self, answering: Answering, request: Request, parameters: ListParameters
    ) -> Sequence[ColumnElement[bool]]:
        if not await self.exists(answering, request):
            raise not_found()
        where = answering.where(self.listing, self.wanted(request, parameters))
        commissioner = getattr(parameters, "commissioner", None)
        if commissioner is not None:
            where.append(answering.commissioned(self.listing.model, OdsCode(commissioner)))
        return where


class HeldAnswer(Response):
    """An answer whose rows are still being read while it is sent; the reading ends with it, however it ends.

    Readings are few: a client that takes nothing for `stalled_seconds` is cut off, so that others can be answered.
    """

    def __init__(self, answer: Response, held: AsyncExitStack, *, stalled_seconds: float = STALLED_SECONDS) -> None:
        super().__init__()
        self._answer = answer
        self._held = held
        self._stalled_seconds = stalled_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, then let go of what it reads from."""

        async def sent_in_time(message: Message) -> None:
            async with asyncio.timeout(self._stalled_seconds):
                await send(message)

        async with self._held:
            await self._answer(scope, receive, sent_in_time)


class Cursors:
    """The cursors of one list: bound to its path, its filters and its reader; they keep the moment of the first page."""

    def __init__(self, request: Request) -> None:
        kept = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _PAGING)
        self._box = edge_of(request).cursors
        self._list = f"{request.url.path} {kept} {_reader(caller_of(request).actor)}"

    def read(self, text: str | None, order: Order) -> tuple[Cursor, datetime] | tuple[None, None]:
        """Where the page begins, and the moment with which the first one compared clocks.

        Raises:
            ProblemError: the cursor was changed, or made for another list.
        """
        if text is None:
            return None, None
        opened = self._box.open(text, self._list)
        value, key, as_of = opened.after
        return Cursor(opened.position, order, value, str(key)), datetime.fromisoformat(str(as_of))

    def write(self, cursor: Cursor | None, as_of: datetime) -> str | None:
        """The text of a cursor."""
        if cursor is None:
            return None
        return self._box.seal(cursor.position, [cursor.value, cursor.key, as_of.isoformat()], self._list)


def _reader(actor: Actor) -> str:
    return f"{actor.organisation} {sorted(actor.roles)}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and the columns that they have as CSV."""

    rows: AsyncIterator[Shown]
    columns: Sequence[str]


async def exported(request: Request, table: Table, form: str, freshness: Freshness, shown: ShownCases) -> Response:
    """A whole list as CSV or NDJSON; `shown` grows as its rows are read."""
    if form == CSV:
        return await csv_answer(request, table.rows, table.columns, freshness, shown)
    return await ndjson_answer(request, table.rows, freshness, shown)


async def short_list(
    request: Request, items: Sequence[Shown], columns: Sequence[str], freshness: Freshness, shown: ShownCases
) -> Response:
    """A list so short that it is always answered whole, in the form that the client likes most."""
    form = accepted(request, LIST_FORMS)
    flattened = [flat(item) for item in items]
    if form == JSON:
        return await list_answer(request, Page(items=flattened, total=len(flattened)), freshness, shown)
    return await exported(request, Table(_given(flattened), columns), form, freshness, shown)


async def _given(items: Sequence[Shown]) -> AsyncIterator[Shown]:
    for item in items:
        yield item


async def _flattened(rows: AsyncIterator[Shown]) -> AsyncIterator[Shown]:
    async for row in rows:
        yield flat(row)
