"""A random sample as its facts leave it."""

from dataclasses import field
from datetime import datetime

from eventsourcing.domain import Aggregate

from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.kernel.envelope import evolves
from domain.kernel.words import Digest, OdsCode
from domain.policy.questions import Outcome, Question


class AuditSample(Aggregate):
    """One sample: what was committed to, and whether it was drawn."""

    providers: tuple[OdsCode, ...] = field(init=False)
    question: Question = field(init=False)
    outcome: Outcome = field(init=False)
    size: int = field(init=False)
    population_until: datetime = field(init=False)
    seed_hash: Digest = field(init=False)
    is_drawn: bool = field(init=False)


@evolves(SampleCommitted)
def _committed(sample: AuditSample, event: SampleCommitted) -> None:
    sample.providers = event.providers
    sample.question = event.question
    sample.outcome = event.outcome
    sample.size = event.size
    sample.population_until = event.population_until
    sample.seed_hash = event.seed_hash
    sample.is_drawn = False


@evolves(SampleDrawn)
def _drawn(sample: AuditSample, _event: SampleDrawn) -> None:
    sample.is_drawn = True
