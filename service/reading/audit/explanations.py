"""A figure explained for one reader: its rows are looked up, and the events behind each of them told again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import ColumnElement

from domain.kernel.scope import Scope
from domain.kernel.words import OdsCode
from projections.engine.feed import Told
from projections.engine.merging import Merged
from projections.engine.pages import Order
from projections.explaining.building import Counting, Counts, Spoken, explanation, places
from projections.explaining.explanation import Explanation, Reader
from projections.explaining.figures import Asking, Place, Summary
from projections.explaining.grounding import Grounded, Grounding
from service.reading.answering import Answering
from service.reading.listings import Listing
from service.reading.queries import Queries, reached
from service.reading.stories import told_of
from service.store.codec import Codec
from service.store.ledger import Ledger, LedgerEvent

ROWS_MOST: Final = 10_000
"""How many rows a figure may count that is explained at once; a larger one is explained in parts, by its filters."""

_ROWS_AT_ONCE: Final = 100
_READ_AT_ONCE: Final = 4

T = TypeVar("T")


class Thinks(Protocol):
    """Works something out off the loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """What the work gives."""
        ...


class TooManyRowsError(Exception):
    """The figure counts more rows than are explained at once."""


def _as_given(filters: type[Any]) -> Callable[[Answering, Mapping[str, Any]], Any]:
    def filter_of(_answering: Answering, given: Mapping[str, Any]) -> Any:
        return filters(**given)

    return filter_of


def _no_more(_answering: Answering, _wanted: Any) -> Sequence[ColumnElement[bool]]:
    return ()


@dataclass(frozen=True)
class Looked:
    """How the rows of a summary are looked up.

    `own` are the filters that the summary itself takes: what chooses one of its figures is no filter, and changes
    nothing about the population that was looked at. `also` are conditions that the summary always makes; `filter_of` makes
    the list's filter of what was given, where that is more than `filters`.
    """

    summary: Summary
    listing: Listing[Any, Any, Any]
    filters: type[Any]
    own: frozenset[str]
    also: Callable[[Answering, Any], Sequence[ColumnElement[bool]]] = _no_more
    filter_of: Callable[[Answering, Mapping[str, Any]], Any] | None = None

    async def counts(self, answering: Answering, asking: Asking) -> Counts:
        """The rows that a figure rests on, and how many were looked at.

        Raises:
            TooManyRowsError: it counts too many.
        """
        counting = Counting(self.summary, asking)
        where, model = self._where(answering, asking.wanted), self.listing.model
        rows = model.at(answering.reading, answering.as_of) if isinstance(model, Merged) else model
        async for found in answering.reading.each(rows, *where, order=Order()):
            counting.look(found.key, found.row)
            if len(counting) > ROWS_MOST:
                raise TooManyRowsError
        return counting.counts()

    def _where(self, answering: Answering, wanted: Any) -> list[ColumnElement[bool]]:
        known = {each.name for each in fields(self.filters)} & {each.name for each in fields(wanted)}
        taken = self.own & known
        filter_of = self.filter_of or _as_given(self.filters)
        where = answering.where(self.listing, filter_of(answering, {name: getattr(wanted, name) for name in taken}))
        commissioner = getattr(wanted, "commissioner", None)
        if commissioner is not None:
            where.append(answering.commissioned(self.listing.model, OdsCode(commissioner)))
        return [*where, *self.also(answering, wanted)]


@dataclass(frozen=True)
class Sought:
    """A figure whose rows are known, for a reader who sees `scope`, as it stood at a position."""

    summary: Summary
    asking: Asking
    counted: Counts
    spoken: Spoken
    scope: Scope


def sought(answering: Answering, looked: Looked, asking: Asking, counted: Counts) -> Sought:
    """What is to be explained, once the rows are known and the reading can be let go."""
    sight = answering.sight
    seen = sight.records.organisations
    reader = Reader(
        organisation=sight.actor.organisation,
        roles=tuple(sorted(sight.actor.roles)),
        organisations=None if seen is None else tuple(sorted(seen)),
    )
    return Sought(looked.summary, asking, counted, Spoken(reader, answering.reading.position), sight.records)


async def explained(queries: Queries, wanted: Sought, thinks: Thinks) -> Explanation:
    """The explanation; the events are read few at a time, and what they say is worked out off the loop.

    Raises:
        RowUnfoundedError: a read model shows what its events do not tell.
        ReadModelsUnavailableError: the database cannot be reached.
    """
    found: dict[str, Grounded] = {}
    rest = iter(wanted.counted.rows.items())
    while rows := dict(islice(rest, _ROWS_AT_ONCE)):
        needed = places(wanted.summary, wanted.asking, rows.values())
        async with reached():
            events = await _read(queries.ledger, sorted(needed, key=str), up_to=wanted.spoken.known_at)
        found |= await thinks(partial(_grounded, wanted, rows, events, queries.codec))
    return await thinks(
        partial(explanation, wanted.summary, wanted.asking, wanted.counted, found, wanted.spoken),
    )


def _grounded(
    wanted: Sought, rows: Mapping[str, Any], events: Mapping[Place, Sequence[LedgerEvent]], codec: Codec
) -> dict[str, Grounded]:
    told = {place: told_of(stored, codec) for place, stored in events.items()}
    grounding = Grounding(wanted.summary, wanted.asking, told, partial(_sees, wanted.scope))
    return {key: grounding.of(key, row) for key, row in rows.items()}


def _sees(scope: Scope, event: Told) -> bool:
    return scope.sees(event.organisation)


async def _read(ledger: Ledger, wanted: Sequence[Place], *, up_to: int) -> dict[Place, list[LedgerEvent]]:
    found: dict[Place, list[LedgerEvent]] = {}
    for start in range(0, len(wanted), _READ_AT_ONCE):
        few = wanted[start : start + _READ_AT_ONCE]
        read = await asyncio.gather(*(_events_of(ledger, place, up_to=up_to) for place in few))
        found |= dict(zip(few, read, strict=True))
    return found


async def _events_of(ledger: Ledger, place: Place, *, up_to: int) -> list[LedgerEvent]:
    if place.is_case:
        return await ledger.read_case(place.stream, up_to=up_to)
    return [event for event in await ledger.read_stream(place.stream) if event.position <= up_to]
