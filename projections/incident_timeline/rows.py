"""The rows of the timeline: one for each event of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.incident_timeline.fold import Line


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event of a case in plain English, with when it became true and when the ledger learnt it."""

    organisation: str
    case_id: UUID
    position: int
    stream: UUID
    kind: str
    type: str
    actor: UUID
    effective_at: datetime
    recorded_at: datetime
    sentence: str


def rows(line: Line) -> Mapping[str, TimelineRow]:
    """One row for each case; the key sorts as the story does."""
    return {
        f"{case}:{line.position:012d}": TimelineRow(
            organisation=line.organisation,
            case_id=case,
            position=line.position,
            stream=line.stream,
            kind=line.kind,
            type=line.type,
            actor=line.actor,
            effective_at=line.effective_at,
            recorded_at=line.recorded_at,
            sentence=line.sentence,
        )
        for case in line.cases
    }
