"""A random sample as a pack tells it: what was committed to, what was drawn, and which cases the reader may see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.audit_sample.drawing import digest_of
from domain.audit_sample.events import SampleDrawn
from domain.kernel.actor import Actor
from projections.audit_samples.model import MODEL as AUDIT_SAMPLES
from projections.audit_samples.rows import SampleRow
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from service.reading.audit.packs.pages.chapters import rows_of
from service.reading.forms import plain
from service.reading.populations import population_in
from service.reading.queries import Queries, Question
from service.reading.samples import criteria_of
from service.reading.sight import Sight
from service.reading.stories import told_of
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class SampleTold:
    """The cases of its decisions that exist for the reader, whose records they are, and the sample for `pack.json`."""

    cases: tuple[UUID, ...]
    providers: tuple[str, ...]
    shown: Mapping[str, Any]


async def sample_told(queries: Queries, events: Sequence[LedgerEvent], sight: Sight) -> SampleTold:
    """A sample from its own events.

    A case that was drawn and is no longer the reader's to see is named in `outside_scope`, and left out.

    Raises:
        ReadModelsUnavailableError: the population cannot be looked up.
    """
    told = told_of(events, queries.codec)
    [row] = rows_of(AUDIT_SAMPLES, told)
    drawn = [member for each in told if isinstance(each.fact, SampleDrawn) for member in each.fact.drawn]
    seen = dict.fromkeys(member.incident for member in drawn if sight.records.sees(member.provider))
    outside = dict.fromkeys(member.incident for member in drawn if member.incident not in seen)
    population = await _population(queries, row, sight.actor)
    return SampleTold(tuple(seen), row.providers, _shown(row, population, tuple(outside)))


def _shown(row: SampleRow, population: tuple[UUID, ...] | None, outside: tuple[UUID, ...]) -> Mapping[str, Any]:
    shown = {
        "id": row.id,
        "organisation": row.organisation,
        "status": row.status,
        "providers": row.providers,
        "question": row.question,
        "outcome": row.outcome,
        "size": row.size,
        "population_until": row.population_until,
        "seed_hash": row.seed_hash,
        "seed": row.seed,
        "beacon": row.beacon,
        "population_position": row.population_position,
        "population_size": row.population_size,
        "population_digest": row.population_digest,
        "population": population,
        "decisions": row.decision_ids,
        "incidents": row.incident_ids,
        "outside_scope": outside,
    }
    return {name: plain(value) for name, value in shown.items()}


async def _population(queries: Queries, row: SampleRow, actor: Actor) -> tuple[UUID, ...] | None:
    """The decisions that stood; None where nothing is drawn, or where some of them are not the reader's to see."""
    if row.population_position is None:
        return None
    question = Question(actor=actor, known_at=row.population_position)
    async with queries.ask(question, THRESHOLD_DECISIONS) as answering:
        members = await population_in(answering, criteria_of(row))
    return tuple(member.decision for member in members) if digest_of(members) == row.population_digest else None
