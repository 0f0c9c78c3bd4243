"""The people of a case, told from its own stream: who is involved, and who was asked to do what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.incident.events import IncidentAssigned, PersonAdded
from domain.incident.state import Incident
from domain.kernel.personal import Personal
from domain.kernel.streams import Kind
from projections.engine.reading import Found
from service.reading.forms import Form, the_case_asked_for
from service.reading.stories import Story, stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody, and as what: patient, staff, witness, or what they were asked to do.

    `current` is false where they were named again since, or the task went to somebody else.
    """

    organisation: str
    id: UUID
    kind: str
    patient: int | None
    role: str | None
    name: Personal
    nhs_number: Personal | None
    born_on: Personal | None
    since: datetime
    current: bool


PERSON: Final = Form(Involved, the_case_asked_for)


def people_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[Involved]]:
    """The people of a case whose events these are, in the order in which they were named."""
    return [
        Found(str(row.id), row, story.position)
        for story in stories_of(events, Kind.INCIDENT, Incident, codec)
        for fact in story.facts
        if (row := _involved(fact, story)) is not None
    ]


def _involved(fact: object, story: Story[Incident]) -> Involved | None:
    incident = story.aggregate
    match fact:
        case PersonAdded():
            return Involved(
                organisation=story.organisation,
                id=fact.person,
                kind=fact.kind.value,
                patient=fact.patient,
                role=None,
                name=fact.name,
                nhs_number=fact.nhs_number,
                born_on=fact.born_on,
                since=fact.timestamp,
                current=incident.people[fact.person] is fact,
            )
        case IncidentAssigned():
            return Involved(
                organisation=story.organisation,
                id=fact.person,
                kind=fact.assignment.value,
                patient=None,
                role=fact.role,
                name=fact.name,
                nhs_number=None,
                born_on=None,
                since=fact.timestamp,
                current=incident.assignments[fact.assignment] is fact,
            )
    return None
