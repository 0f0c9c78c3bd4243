"""The story of a case as its events tell it, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.kernel.words import ActorId, OdsCode
from projections.engine.feed import Told
from projections.incident_timeline.sentences.telling import sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the story."""

    position: int
    stream: UUID
    kind: str
    type: str
    actor: ActorId
    effective_at: datetime
    recorded_at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Story:
    """A case and everything that has happened in it."""

    case: UUID
    organisation: OdsCode
    lines: tuple[Line, ...]


def keys(event: Told) -> Iterable[UUID]:
    """An event belongs to the story of every case that its stream belongs to."""
    return event.cases


def fold(story: Story | None, event: Told) -> Story:
    """Add the event's sentence to the story."""
    line = Line(
        position=event.position,
        stream=event.stream,
        kind=event.kind,
        type=event.type,
        actor=event.actor,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        sentence=sentence(event.fact),
    )
    if story is None:  # the first event of a case is always the incident's own
        return Story(case=event.stream, organisation=event.organisation, lines=(line,))
    return replace(story, lines=(*story.lines, line))
