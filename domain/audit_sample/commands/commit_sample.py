"""Commit to a random sample of decisions before anybody can know what it will hold."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from domain.audit_sample.events import SampleCommitted
from domain.audit_sample.state import AuditSample
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.refusal import Refusal
from domain.kernel.words import Digest, OdsCode, SampleId
from domain.policy.questions import Outcome, Question

SIZE_MOST: Final = 1_000
"""A sample is read by people, and its ids stand in one event."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitSample:
    """So many decisions that answer the question so, of these providers (None: of the auditor's own organisation)."""

    sample: SampleId
    providers: tuple[OdsCode, ...] | None
    question: Question
    outcome: Outcome
    size: int
    population_until: datetime
    seed_hash: Digest


class SeedHashMalformed(Refusal):
    """The hash of a seed is a SHA-256: 64 hexadecimal digits in lower case."""

    code: ClassVar[str] = "audit_sample.seed-hash-malformed"


class SizeInvalid(Refusal):
    """A sample holds at least one decision, and no more than people can read."""

    code: ClassVar[str] = "audit_sample.size-invalid"


class PopulationNotAhead(Refusal):
    """A sample is committed to before the instant at which its population is fixed."""

    code: ClassVar[str] = "audit_sample.population-not-ahead"


class ProvidersMissing(Refusal):
    """Name the providers: your own organisation makes no decisions about incidents of its own."""

    code: ClassVar[str] = "audit_sample.providers-missing"


def commit_sample(command: CommitSample, stamp: Stamp, *, providers: frozenset[OdsCode]) -> AuditSample:
    """Record what will be drawn, and the hash of the seed that will draw it.

    `providers` are those of the command whose records the auditor may see, or (where it names none) the auditor's own
    organisation, if it is a provider.

    Raises:
        SeedHashMalformed: nothing could ever be drawn with it.
        SizeInvalid: fewer than one, or more than `SIZE_MOST`.
        PopulationNotAhead: the population can be known already, so that the seed could be chosen to suit it.
        ProvidersMissing: there is nobody whose decisions could be drawn.
    """
    if _SHA256.fullmatch(command.seed_hash) is None:
        raise SeedHashMalformed("The hash is not 64 characters from 0-9 and a-f.", pointers=("/seed_hash",))
    if not 1 <= command.size <= SIZE_MOST:
        raise SizeInvalid(f"A sample holds 1 to {SIZE_MOST} decisions.", pointers=("/size",))
    if command.population_until <= stamp.now:
        raise PopulationNotAhead(f"It is {stamp.now:%Y-%m-%d %H:%M:%S} UTC now.", pointers=("/population_until",))
    if not providers:
        raise ProvidersMissing(pointers=("/providers",))
    return begin(
        AuditSample,
        SampleCommitted(
            **first(AuditSample, command.sample, stamp),
            providers=tuple(sorted(providers)),
            question=command.question,
            outcome=command.outcome,
            size=command.size,
            population_until=command.population_until,
            seed_hash=command.seed_hash,
        ),
    )
