"""How a decision records facts: events are constructed with their envelope, then applied.

The library's own `trigger_event` and `Aggregate()` read the clock and draw ids, and mypy cannot see their fields, so
nothing here uses them: a decision writes `record(action, ActionCompleted(**after(action, stamp), ...))`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate
from eventsourcing.utils import get_topic

from domain.kernel.actor import Stamp
from domain.kernel.done import Done

AnyAggregate = TypeVar("AnyAggregate", bound=Aggregate)
AnyFact = TypeVar("AnyFact", bound="Fact | FirstFact")
Evolution = Callable[[Any, AnyFact], None]

_EVOLUTIONS: dict[type[Any], Callable[[Any, Any], None]] = {}


class EvolutionMissingError(TypeError):
    """An event class has no function that says how it changes its aggregate."""


class Envelope(TypedDict):
    """The fields that every event has."""

    originator_id: UUID
    originator_version: int
    timestamp: datetime


class FirstEnvelope(Envelope):
    """The fields of a first event, which names its aggregate's class (never stored: the codec puts it back)."""

    originator_topic: str


def _evolve(aggregate: Any, event: "Fact | FirstFact") -> None:
    evolution = _EVOLUTIONS.get(type(event))
    if evolution is None:
        raise EvolutionMissingError(type(event).__qualname__)
    evolution(aggregate, event)


@dataclass(frozen=True)
class Fact(Aggregate.Event):
    """Something that happened to an aggregate that exists. `timestamp` is the instant at which it became true."""

    def apply(self, aggregate: Any) -> None:
        """Change the aggregate by the one function registered for this event."""
        _evolve(aggregate, self)

    def done(self) -> tuple[Done, ...]:
        """What this fact does towards a duty; most facts do nothing."""
        return ()


@dataclass(frozen=True)
class FirstFact(Aggregate.Created):
    """The fact with which an aggregate begins."""

    def apply(self, aggregate: Any) -> None:
        """Give the new aggregate its first state."""
        _evolve(aggregate, self)

    def done(self) -> tuple[Done, ...]:
        """What this fact does towards a duty; most facts do nothing."""
        return ()


def evolves(event: type[AnyFact]) -> Callable[[Evolution[AnyFact]], Evolution[AnyFact]]:
    """Register the one function that says how `event` changes its aggregate."""

    def register(function: Evolution[AnyFact]) -> Evolution[AnyFact]:
        if event in _EVOLUTIONS:
            raise EvolutionMissingError(f"two functions for {event.__qualname__}")
        _EVOLUTIONS[event] = function
        return function

    return register


def first(aggregate: type[Aggregate], stream: UUID, stamp: Stamp) -> FirstEnvelope:
    """The envelope of the event that begins `stream`."""
    return {
        "originator_id": stream,
        "originator_version": 1,
        "timestamp": stamp.at,
        "originator_topic": get_topic(aggregate),
    }


def after(aggregate: Aggregate, stamp: Stamp) -> Envelope:
    """The envelope of the next event of an aggregate that exists."""
    return {"originator_id": aggregate.id, "originator_version": aggregate.version + 1, "timestamp": stamp.at}


def begin(aggregate: type[AnyAggregate], event: FirstFact) -> AnyAggregate:
    """Begin an aggregate with its first fact, and keep the fact to be stored."""
    begun: AnyAggregate | None = event.mutate(None)
    if not isinstance(begun, aggregate):  # pragma: no cover - a programming error
        raise TypeError(f"{type(event).__qualname__} does not begin {aggregate.__qualname__}")
    begun.pending_events.append(event)
    return begun


def record(aggregate: Aggregate, event: Fact) -> None:
    """Apply a fact to its aggregate, and keep it to be stored."""
    event.mutate(aggregate)
    aggregate.pending_events.append(event)
