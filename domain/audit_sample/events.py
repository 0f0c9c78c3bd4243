"""All facts about one random sample."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.audit_sample.drawing import PopulationMember
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import Digest, OdsCode, Seed
from domain.policy.questions import Outcome, Question


@dataclass(frozen=True)
class SampleCommitted(FirstFact):
    """An auditor bound themselves to a sample that nobody can know yet.

    It will be taken from the decisions of these providers that answer the question so and stand at `population_until`,
    which lay ahead. `seed_hash` is the SHA-256 of a seed that only the auditor knows.
    """

    providers: tuple[OdsCode, ...]
    question: Question
    outcome: Outcome
    size: int
    population_until: datetime
    seed_hash: Digest


@dataclass(frozen=True)
class SampleDrawn(Fact):
    """The seed was made public, and with it the sample.

    `position` is that of the last event recorded at or before `population_until`, `beacon` the id of the event after it;
    `population` counts the decisions that stood then, `population_digest` is of their ids; `drawn` are those that were
    picked, in the order of their lots.
    """

    seed: Seed
    position: int
    beacon: UUID
    population: int
    population_digest: Digest
    drawn: tuple[PopulationMember, ...]
