"""One event of a case's story. No later event ever changes it, so each is kept alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from domain.kernel.words import ActorId, OdsCode
from projections.engine.feed import Told
from projections.incident_timeline.sentences.telling import sentence

_EVENTS: Final = UUID("0d7c52c2-6a0c-5e0b-8b52-9a0c1f3d7e55")


@dataclass(frozen=True, slots=True)
class Line:
    """One event, in the story of every case that its stream belonged to."""

    cases: tuple[UUID, ...]
    organisation: OdsCode
    position: int
    stream: UUID
    kind: str
    type: str
    actor: ActorId
    effective_at: datetime
    recorded_at: datetime
    sentence: str


def keys(event: Told) -> Iterable[UUID]:
    """Each event of a case is a state of its own."""
    return (uuid5(_EVENTS, str(event.position)),) if event.cases else ()


def fold(_nothing: Line | None, event: Told) -> Line:
    """Tell the event."""
    return Line(
        cases=event.cases,
        organisation=event.organisation,
        position=event.position,
        stream=event.stream,
        kind=event.kind,
        type=event.type,
        actor=event.actor,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        sentence=sentence(event.fact),
    )
