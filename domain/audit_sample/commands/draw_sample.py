"""Draw a random sample: make the seed public, fix the population, pick the smallest lots."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.audit_sample.drawing import Population, digest_of, draw, hash_of
from domain.audit_sample.events import SampleDrawn
from domain.audit_sample.state import AuditSample
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Seed


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawSample:
    """The seed whose hash was committed to."""

    seed: Seed


class DrawnTooEarly(Refusal):
    """The population is not fixed yet: it is once an event has been recorded after it, whose id the draw needs."""

    code: ClassVar[str] = "audit_sample.drawn-too-early"


class SeedDiffers(Refusal):
    """The seed is not the one that was committed to: its SHA-256 is another."""

    code: ClassVar[str] = "audit_sample.seed-differs"


class CommittedTooLate(Refusal):
    """The commitment was recorded after its population was fixed; commit to another sample."""

    code: ClassVar[str] = "audit_sample.committed-too-late"


@dataclass(frozen=True, slots=True)
class Log:
    """What the log says of a sample when it is drawn.

    Nothing more can be recorded before `final_before`, when its newest event was; `committed_at` is the position of the commitment; `population`
    is only looked up where the sample can be drawn (`can_be_drawn`).
    """

    final_before: datetime
    committed_at: int
    population: Population | None


def can_be_drawn(sample: AuditSample, command: DrawSample, *, final_before: datetime) -> bool:
    """Whether it is time, the seed is the right one, and nobody was first."""
    return not sample.is_drawn and sample.population_until < final_before and hash_of(command.seed) == sample.seed_hash


def draw_sample(sample: AuditSample, command: DrawSample, stamp: Stamp, *, log: Log) -> None:
    """Record the seed, the population by its digest, and the decisions drawn.

    Drawing again with the same seed records nothing new: the sample stands.

    Raises:
        DrawnTooEarly: nothing has been recorded since the instant at which the population is fixed.
        SeedDiffers: the seed is not the one committed to.
        CommittedTooLate: the commitment came into the log after the population was fixed, so it bound nobody.
    """
    if log.final_before <= sample.population_until:
        raise DrawnTooEarly(f"It is fixed by the first event after {sample.population_until:%Y-%m-%d %H:%M:%S} UTC.")
    if hash_of(command.seed) != sample.seed_hash:
        raise SeedDiffers(pointers=("/seed",))
    if sample.is_drawn:
        return
    population = log.population
    assert population is not None, "it can be drawn, so its population was looked up"
    if population.position < log.committed_at:
        raise CommittedTooLate
    drawn = SampleDrawn(
        **after(sample, stamp),
        seed=command.seed,
        position=population.position,
        beacon=population.beacon,
        population=len(population.members),
        population_digest=digest_of(population.members),
        drawn=tuple(draw(command.seed, population, sample.size)),
    )
    record(sample, drawn)
