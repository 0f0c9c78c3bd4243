"""Read models without a database: events as they are told, a log in memory, and the rows that a fold shows."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Generic
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import ActorId, OdsCode
from projections.engine.codec import StateCodec
from projections.engine.feed import Mark, Told
from projections.engine.folding import Folding, RowVersion
from projections.engine.model import ReadModel, Row, State
from tests.support.decisions import NOON


def envelope(stream: UUID, *, version: int = 2, at: datetime = NOON) -> dict[str, Any]:
    """The envelope fields of a fact that is made by hand; the version is put right by `Story`."""
    return {"originator_id": stream, "originator_version": version, "timestamp": at}


def first_envelope(stream: UUID, *, at: datetime = NOON) -> dict[str, Any]:
    """The envelope fields of a first fact that is made by hand."""
    return {**envelope(stream, version=1, at=at), "originator_topic": ""}


@dataclass
class Story:
    """Facts told in order, as the ledger would tell them: positions from 1, versions from 1 in each stream.

    `recorded_at` is one minute later for each position unless said otherwise.
    """

    events: list[Told] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)

    def tell(
        self,
        fact: Fact | FirstFact,
        *,
        kind: str = "incident",
        cases: Iterable[UUID] | None = None,
        organisation: str = "ZZ1",
        type_: str | None = None,
        actor: int = 1,
        recorded_at: datetime | None = None,
    ) -> Told:
        """The next event of the log; an incident's own stream belongs to its own case unless said otherwise."""
        stream = fact.originator_id
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        values = {each.name: getattr(fact, each.name) for each in fields(fact)} | {"originator_version": version}
        position = len(self.events) + 1
        told = Told(
            position=position,
            stream=stream,
            version=version,
            kind=kind,
            cases=tuple(cases) if cases is not None else (stream,),
            type=type_ or type(fact).__name__,
            fact=type(fact)(**values),
            organisation=OdsCode(organisation),
            actor=ActorId(UUID(int=actor)),
            effective_at=fact.timestamp,
            recorded_at=recorded_at or NOON + timedelta(minutes=position),
        )
        self.events.append(told)
        return told


@dataclass(frozen=True)
class Shown(Generic[State, Row]):
    """What a read model shows after some events: its rows by key, every version of a row, and the states behind."""

    rows: dict[str, Row]
    versions: list[RowVersion[Row]]
    states: dict[UUID, State]


def shown(model: ReadModel[State, Row], events: Iterable[Told]) -> Shown[State, Row]:
    """Fold events one by one, keeping every state in its stored form between two events as the engine may.

    Fails where a state does not come back equal from its stored form.
    """
    codec = StateCodec(model.state)
    stored: dict[UUID, bytes] = {}
    rows: dict[str, Row] = {}
    versions: list[RowVersion[Row]] = []
    for event in events:
        folding = Folding(model, {key: codec.decode(stored[key]) for key in model.keys(event) if key in stored})
        folding.take(event)
        for key, state in folding.changed_states().items():
            stored.pop(key, None)
            if state is not None:
                stored[key] = codec.encode(state)
                assert codec.decode(stored[key]) == state, "the stored form of a state must be exact"
        for key_of_row, version in folding.latest.items():
            rows.pop(key_of_row, None)
            if not version.gone:
                rows[key_of_row] = version.row
        versions += folding.versions
    return Shown(rows, versions, {key: codec.decode(each) for key, each in stored.items()})


class MemoryFeed:
    """A log in memory that keeps the port `Feed`, and `Instants`."""

    def __init__(self, events: Iterable[Told] = ()) -> None:
        self.events = list(events)
        self.reads = 0
        self._grown = asyncio.Condition()

    async def grow(self, *events: Told) -> None:
        """Append events, and wake who follows."""
        async with self._grown:
            self.events += events
            self._grown.notify_all()

    async def read(self, *, after: int, limit: int) -> Sequence[Told]:
        self.reads += 1
        return self.events[after : after + limit]

    async def mark(self) -> Mark:
        if not self.events:
            return Mark(0, None)
        return Mark(self.events[-1].position, self.events[-1].recorded_at)

    async def follow(self, *, after: int, limit: int) -> AsyncIterator[Sequence[Told]]:
        while True:
            async with self._grown:
                while len(self.events) <= after:
                    await self._grown.wait()
            batch = self.events[after : after + limit]
            after += len(batch)
            yield batch

    async def position_at(self, instant: datetime) -> int:
        return max((event.position for event in self.events if event.recorded_at <= instant), default=0)

    async def recorded_at(self, position: int) -> datetime | None:
        return self.events[position - 1].recorded_at if position else None
