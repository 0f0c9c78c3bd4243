"""Facts about one random sample, and the histories that lead to each of its states."""

import hashlib
from datetime import datetime
from typing import Any, Final

from domain.audit_sample.drawing import Population, PopulationMember, in_order
from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.audit_sample.state import AuditSample
from domain.kernel.envelope import first
from domain.kernel.words import DecisionId, Digest, IncidentId, OdsCode, SampleId, Seed
from domain.policy.questions import Outcome, Question
from tests.support.decisions import a_stamp, an_id

SAMPLE = SampleId(an_id(0x5A))
SEED = Seed("a seed that only the auditor knows: 7f3c1d")
SEED_HASH = Digest(hashlib.sha256(SEED.encode()).hexdigest())
BEACON = an_id(0xBEAC)
FIXED_AT: Final[datetime] = a_stamp(days=7).at
COMMITTED_POSITION: Final = 40


def member(number: int, provider: str = "ZZ1") -> PopulationMember:
    return PopulationMember(DecisionId(an_id(number)), IncidentId(an_id(number + 0x1000)), OdsCode(provider))


def population(count: int = 20, *, position: int = 60) -> Population:
    return Population(position, BEACON, in_order(member(number) for number in range(1, count + 1)))


def committed(*, days: float = 0, size: int = 3) -> SampleCommitted:
    return SampleCommitted(
        **first(AuditSample, SAMPLE, a_stamp(days=days)),
        providers=(OdsCode("ZZ1"),),
        question=Question.SERIOUS_INCIDENT,
        outcome=Outcome.NOT_MET,
        size=size,
        population_until=FIXED_AT,
        seed_hash=SEED_HASH,
    )


def drawn() -> SampleDrawn:
    return SampleDrawn(
        originator_id=SAMPLE,
        originator_version=2,
        timestamp=a_stamp(days=8).at,
        seed=SEED,
        position=60,
        beacon=BEACON,
        population=20,
        population_digest=Digest("c" * 64),
        drawn=(member(1), member(2), member(3)),
    )


STATES: Final[dict[str, tuple[Any, ...]]] = {
    "committed": (committed(),),
    "drawn": (committed(), drawn()),
}
