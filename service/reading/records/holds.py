"""The legal holds of a case, told from its own stream: those that stand and those that were released."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.events import LegalHoldReleased
from domain.incident.state import Incident
from domain.kernel.personal import Narrative
from domain.kernel.streams import Kind
from projections.engine.reading import Found
from service.reading.forms import Form, the_case_asked_for
from service.reading.sight import Audience
from service.reading.stories import Story, stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class HoldShown:
    """One hold: for whom the record is kept, under which number of theirs, why, by whom placed and released."""

    organisation: str
    id: UUID
    authority: str
    reference: str | None
    reason: Narrative
    standing: bool
    placed_at: datetime
    placed_by: UUID
    released_at: datetime | None
    released_by: UUID | None
    release_reason: Narrative | None


HOLD: Final = Form(HoldShown, cases=the_case_asked_for, audience=Audience.HOLDS)


def holds_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[HoldShown]]:
    """The holds of a case whose events these are, in the order in which they were placed."""
    return [
        Found(str(row.id), row, story.position)
        for story in stories_of(events, Kind.INCIDENT, Incident, codec)
        for row in _holds(story)
    ]


def _holds(story: Story[Incident]) -> Iterator[HoldShown]:
    released = {fact.hold: fact for fact in story.facts if isinstance(fact, LegalHoldReleased)}
    for hold, placed in story.aggregate.legal_holds.placed.items():
        release = released.get(hold)
        yield HoldShown(
            organisation=story.organisation,
            id=hold,
            authority=placed.authority.value,
            reference=placed.reference,
            reason=placed.reason,
            standing=release is None,
            placed_at=placed.timestamp,
            placed_by=placed.placed_by,
            released_at=None if release is None else release.timestamp,
            released_by=None if release is None else release.released_by,
            release_reason=None if release is None else release.reason,
        )
