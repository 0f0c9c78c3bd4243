"""One event that names people. No later event ever changes it, so each is kept alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from domain.kernel.words import OdsCode
from projections.engine.feed import Told
from projections.people.naming import persons_in

_EVENTS: Final = UUID("7c1d8a34-0f0e-5d7b-9c55-3a9b6f2e1d40")


@dataclass(frozen=True, slots=True)
class Naming:
    """One event, whose record it is, the cases that its stream belonged to, and everybody whom it names."""

    organisation: OdsCode
    position: int
    stream: UUID
    incidents: tuple[UUID, ...]
    persons: tuple[UUID, ...]


def keys(event: Told) -> Iterable[UUID]:
    """Each event that names somebody is a state of its own."""
    named = next(iter(persons_in(event.fact)), None)
    return () if named is None else (uuid5(_EVENTS, str(event.position)),)


def fold(_nothing: Naming | None, event: Told) -> Naming:
    """Note whom it names."""
    persons = tuple(dict.fromkeys(persons_in(event.fact)))
    return Naming(event.organisation, event.position, event.stream, event.cases, persons)
