"""How a sample is drawn: a lot for each decision, from the seed, the beacon and the decision's id; the smallest win.

Anyone can do the same with the tools of any system (`docs/samples.md` shows it): a lot is one SHA-256.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.kernel.words import DecisionId, Digest, IncidentId, OdsCode, Seed
from domain.policy.questions import Outcome, Question


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which decisions make a population: those of these providers that answer this question so."""

    providers: tuple[OdsCode, ...]
    question: Question
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PopulationMember:
    """A decision that may be drawn, with the incident and the provider whose record it is in."""

    decision: DecisionId
    incident: IncidentId
    provider: OdsCode


@dataclass(frozen=True, slots=True)
class Population:
    """The decisions that stood at a position of the log, ordered by their ids.

    `beacon` is the id of the event after it, the first that was recorded once the population was fixed. The ledger drew it
    at random: no seed can have been chosen to suit it, and nobody can try again, because there is only one.
    """

    position: int
    beacon: UUID
    members: tuple[PopulationMember, ...]


def in_order(members: Iterable[PopulationMember]) -> tuple[PopulationMember, ...]:
    """The members of a population in the one order that it is written down in: by decision id."""
    return tuple(sorted(members, key=lambda member: str(member.decision)))


def hash_of(seed: Seed) -> Digest:
    """The SHA-256 of a seed, with which an auditor commits to it."""
    return Digest(hashlib.sha256(seed.encode()).hexdigest())


def digest_of(members: Iterable[PopulationMember]) -> Digest:
    """The SHA-256 of the decision ids of a population in order, each on a line that ends with a line feed."""
    lines = "".join(f"{member.decision}\n" for member in in_order(members))
    return Digest(hashlib.sha256(lines.encode()).hexdigest())


def lot_of(seed: Seed, beacon: UUID, decision: DecisionId) -> Digest:
    """The lot of a decision: the SHA-256 of the seed, the beacon and the decision's id, one straight after the other."""
    return Digest(hashlib.sha256(f"{seed}{beacon}{decision}".encode()).hexdigest())


def draw(seed: Seed, population: Population, size: int) -> Sequence[PopulationMember]:
    """The members with the smallest lots, smallest first; all of them where there are no more than `size`."""
    drawn = sorted(population.members, key=lambda member: lot_of(seed, population.beacon, member.decision))
    return drawn[:size]
