"""The rows of people: one for each person whom an event names."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from projections.people.fold import Naming


@dataclass(frozen=True, slots=True)
class NamingRow:
    """One event that names one person, and the cases that its stream belonged to."""

    organisation: str
    person_id: UUID
    position: int
    stream: UUID
    incident_ids: tuple[UUID, ...]


def rows(naming: Naming) -> Mapping[str, NamingRow]:
    """One row for each person; the key sorts as the log does."""
    return {
        f"{person}:{naming.position:012d}": NamingRow(
            organisation=naming.organisation,
            person_id=person,
            position=naming.position,
            stream=naming.stream,
            incident_ids=naming.incidents,
        )
        for person in naming.persons
    }
