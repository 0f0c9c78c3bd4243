"""Streams as their events leave them: read, opened, folded into their aggregates."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode
from service.store.ledger import Ledger, LedgerEvent


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream as it stands: its aggregate, whose record it is, its version, newest position and cases."""

    stream: UUID
    kind: Kind
    organisation: OdsCode
    version: int
    position: int
    cases: tuple[UUID, ...]
    aggregate: Any
    facts: tuple[Fact | FirstFact, ...] = ()


class Opens(Protocol):
    """Decodes stored events and opens what is sealed in them."""

    async def open(self, events: Sequence[LedgerEvent]) -> list[Fact | FirstFact]:
        """The facts, in order, with personal and narrative values readable (or `ERASED`)."""
        ...


async def fold(book: Opens, events: Sequence[LedgerEvent]) -> Loaded | None:
    """Apply the events of one stream, from its first, in order; None where there are none."""
    return _onto(None, events, await book.open(events)) if events else None


def _onto(kept: Loaded | None, events: Sequence[LedgerEvent], facts: Sequence[Fact | FirstFact]) -> Loaded:
    aggregate: Aggregate | None = kept.aggregate if kept else None
    for fact in facts:
        aggregate = fact.mutate(aggregate)
    last = events[-1]
    return Loaded(
        stream=last.stream,
        kind=Kind(last.kind),
        organisation=OdsCode(last.organisation),
        version=last.version,
        position=last.position,
        cases=last.cases,
        aggregate=aggregate,
        facts=tuple(facts),
    )


class OrganisationShelf:
    """Organisations that were read before, kept as a baseline: newer events are always read on top.

    An aggregate on the shelf is only ever asked, never given a command.
    """

    def __init__(self, ledger: Ledger, book: Opens, *, most: int = 2_000) -> None:
        self._ledger = ledger
        self._book = book
        self._most = most
        self._kept: OrderedDict[UUID, Loaded] = OrderedDict()

    def version(self, stream: UUID) -> int:
        """The version that is kept; 0 for none. Ask the ledger for what came after it."""
        kept = self._kept.get(stream)
        return kept.version if kept else 0

    def at_hand(self, stream: UUID) -> Loaded | None:
        """The organisation as it was last brought up to date; None where it is not registered."""
        return self._kept.get(stream)

    async def with_newer(self, stream: UUID, newer: Sequence[LedgerEvent]) -> Loaded | None:
        """The organisation with its newer events applied; None where it is not registered."""
        facts = await self._book.open(newer) if newer else []
        kept = self._kept.get(stream)  # looked at after the wait: another command may have brought it up to date
        fresh = [
            (event, fact) for event, fact in zip(newer, facts, strict=True) if not kept or event.version > kept.version
        ]
        if fresh:
            kept = _onto(kept, [event for event, _ in fresh], [fact for _, fact in fresh])
            self._kept[stream] = replace(kept, facts=())
        if kept is None:
            return None
        self._kept.move_to_end(stream)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return kept

    async def get(self, stream: UUID) -> Loaded | None:
        """The organisation as it stands now; None where it is not registered."""
        look = await self._ledger.look(None, [(stream, self.version(stream))])
        return await self.with_newer(stream, look.events.get(stream, []))
