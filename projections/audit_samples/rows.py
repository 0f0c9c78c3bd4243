"""The row of a random sample: everything that anyone needs to draw it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.audit_samples.fold import Sample


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One sample; what is only known once it is drawn is null until then.

    `population_position` is that of the last event recorded at or before `population_until`, `beacon` the id of the
    event after it, `population_size` how many decisions stood then. The decisions drawn stand in the order of their lots, each
    with its incident in the same place.
    """

    organisation: str
    id: UUID
    stream_version: int
    status: str
    providers: tuple[str, ...]
    question: str
    outcome: str
    size: int
    population_until: datetime
    seed_hash: str
    committed_position: int
    committed_at: datetime
    drawn_at: datetime | None
    seed: str | None
    population_position: int | None
    beacon: UUID | None
    population_size: int | None
    population_digest: str | None
    decision_ids: tuple[UUID, ...]
    incident_ids: tuple[UUID, ...]


def rows(sample: Sample) -> Mapping[str, SampleRow]:
    """One row a sample."""
    row = SampleRow(
        organisation=sample.organisation,
        id=sample.sample,
        stream_version=sample.version,
        status="committed" if sample.drawn_at is None else "drawn",
        providers=sample.providers,
        question=sample.question,
        outcome=sample.outcome,
        size=sample.size,
        population_until=sample.population_until,
        seed_hash=sample.seed_hash,
        committed_position=sample.committed_position,
        committed_at=sample.committed_at,
        drawn_at=sample.drawn_at,
        seed=sample.seed,
        population_position=sample.population_position,
        beacon=sample.beacon,
        population_size=sample.population_size,
        population_digest=sample.population_digest,
        decision_ids=sample.decision_ids,
        incident_ids=sample.incident_ids,
    )
    return {str(sample.sample): row}
