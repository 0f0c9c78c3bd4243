"""A random sample: what was committed to, and what was drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.kernel.words import OdsCode
from projections.engine.feed import Told


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample; what the draw says is None while the seed is still secret."""

    sample: UUID
    organisation: OdsCode
    version: int
    providers: tuple[str, ...]
    question: str
    outcome: str
    size: int
    population_until: datetime
    seed_hash: str
    committed_position: int
    committed_at: datetime
    drawn_at: datetime | None = None
    seed: str | None = None
    population_position: int | None = None
    beacon: UUID | None = None
    population_size: int | None = None
    population_digest: str | None = None
    decision_ids: tuple[UUID, ...] = ()
    incident_ids: tuple[UUID, ...] = ()


def keys(event: Told) -> Iterable[UUID]:
    """Only a sample's own facts change its row."""
    return (event.stream,) if isinstance(event.fact, SampleCommitted | SampleDrawn) else ()


def fold(sample: Sample | None, event: Told) -> Sample | None:
    """Apply one event of the sample."""
    match event.fact:
        case SampleCommitted() as fact:
            return Sample(
                sample=event.stream,
                organisation=event.organisation,
                version=event.version,
                providers=fact.providers,
                question=fact.question,
                outcome=fact.outcome,
                size=fact.size,
                population_until=fact.population_until,
                seed_hash=fact.seed_hash,
                committed_position=event.position,
                committed_at=event.recorded_at,
            )
        case SampleDrawn() as fact if sample is not None:
            return _drawn(sample, event, fact)
    return sample


def _drawn(sample: Sample, event: Told, fact: SampleDrawn) -> Sample:
    return replace(
        sample,
        version=event.version,
        drawn_at=event.recorded_at,
        seed=fact.seed,
        population_position=fact.position,
        beacon=fact.beacon,
        population_size=fact.population,
        population_digest=fact.population_digest,
        decision_ids=tuple(member.decision for member in fact.drawn),
        incident_ids=tuple(member.incident for member in fact.drawn),
    )
