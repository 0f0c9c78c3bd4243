"""The row of an erasure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel.personal import Narrative
from projections.erasures.fold import Asked, Mark


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure: when it was recorded what, at which position, by whom; what has not happened is null.

    `texts` are the places of the texts that go with the person: the position of the event, a colon, the field's path.
    """

    organisation: str
    id: UUID
    stream_version: int
    status: str
    person_id: UUID
    incident_id: UUID
    incident_ids: tuple[UUID, ...]
    ground: str
    reasons: Narrative
    texts: tuple[str, ...]
    requested_at: datetime
    requested_position: int
    requested_by: UUID
    approved_at: datetime | None
    approved_position: int | None
    approved_by: UUID | None
    due_at: datetime | None
    held_at: datetime | None
    held_position: int | None
    ended_at: datetime | None
    ended_position: int | None
    ended_by: UUID | None
    ended_because: Narrative | None
    carried_out_at: datetime | None
    carried_out_position: int | None
    keys_destroyed: int | None
    values_erased: int | None
    texts_erased: int | None
    events_touched: int | None


def rows(asked: Asked) -> Mapping[str, ErasureRow]:
    """One row an erasure."""
    approved, held, ended, carried_out = asked.approved, asked.held, asked.ended, asked.carried_out
    row = ErasureRow(
        organisation=asked.organisation,
        id=asked.erasure,
        stream_version=asked.version,
        status=asked.stage.value,
        person_id=asked.person,
        incident_id=asked.incident,
        incident_ids=asked.incidents,
        ground=asked.ground,
        reasons=asked.reasons,
        texts=asked.texts,
        requested_at=asked.requested.at,
        requested_position=asked.requested.position,
        requested_by=asked.requested.actor,
        approved_at=_at(approved),
        approved_position=_position(approved),
        approved_by=_by(approved),
        due_at=asked.due_at,
        held_at=_at(held),
        held_position=_position(held),
        ended_at=_at(ended),
        ended_position=_position(ended),
        ended_by=_by(ended),
        ended_because=asked.ended_because,
        carried_out_at=_at(carried_out),
        carried_out_position=_position(carried_out),
        keys_destroyed=asked.keys,
        values_erased=asked.values,
        texts_erased=asked.texts_erased,
        events_touched=asked.events,
    )
    return {str(asked.erasure): row}


def _at(mark: Mark | None) -> datetime | None:
    return None if mark is None else mark.at


def _position(mark: Mark | None) -> int | None:
    return None if mark is None else mark.position


def _by(mark: Mark | None) -> UUID | None:
    return None if mark is None else mark.actor
