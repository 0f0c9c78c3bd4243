"""Streams of the ledger as they stood at a position: folded into their aggregates, with their values still sealed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate
from eventsourcing.utils import get_topic

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import ActorId, OdsCode
from projections.engine.feed import Told
from service.store.codec import Codec
from service.store.ledger import LedgerEvent

AnyAggregate = TypeVar("AnyAggregate", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Story(Generic[AnyAggregate]):
    """One stream: whose record it is, how far it is told, its aggregate, and its facts in order."""

    stream: UUID
    organisation: str
    version: int
    position: int
    aggregate: AnyAggregate
    facts: tuple[Fact | FirstFact, ...]


def stories_of(
    events: Iterable[LedgerEvent], kind: Kind, aggregate: type[AnyAggregate], codec: Codec
) -> list[Story[AnyAggregate]]:
    """The streams of one kind among these events, each told from its first event, in the order in which they began."""
    streams: dict[UUID, list[LedgerEvent]] = {}
    for event in events:
        if event.kind == kind:
            streams.setdefault(event.stream, []).append(event)
    return [_told(stream, aggregate, codec) for stream in streams.values()]


def told_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Told]:
    """These events as a read model is told them, with their values still sealed."""
    return [
        Told(
            position=event.position,
            stream=event.stream,
            version=event.version,
            kind=event.kind,
            cases=event.cases,
            type=event.type,
            fact=codec.decode(event),
            organisation=OdsCode(event.organisation),
            actor=ActorId(event.actor),
            effective_at=event.effective_at,
            recorded_at=event.recorded_at,
        )
        for event in events
    ]


def _told(events: list[LedgerEvent], aggregate: type[AnyAggregate], codec: Codec) -> Story[AnyAggregate]:
    facts = tuple(codec.decode(event) for event in events)
    # Readers decode without aggregates: a first fact is told here which one it begins.
    standing: Any = replace(facts[0], originator_topic=get_topic(aggregate)).mutate(None)
    for fact in facts[1:]:
        standing = fact.mutate(standing)
    last = events[-1]
    return Story(last.stream, last.organisation, last.version, last.position, standing, facts)
