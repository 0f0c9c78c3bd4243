"""Conclude something from evidence or system factors; a finding that rests on neither is an opinion."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import EvidenceId, FindingId
from domain.learning_response.events import Factor, FindingMade
from domain.learning_response.refusals import AlreadyApproved
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeFinding:
    """What was concluded, and the evidence and system factors (SEIPS) that it cites."""

    finding: FindingId
    words: Narrative
    evidence: tuple[EvidenceId, ...]
    factors: tuple[Factor, ...]


class FindingUnfounded(Refusal):
    """A finding cites evidence or a system factor."""

    code: ClassVar[str] = "learning_response.finding-unfounded"


class EvidenceUnknown(Refusal):
    """The finding cites evidence that was not preserved in one of the response's cases."""

    code: ClassVar[str] = "learning_response.evidence-unknown"


def make_finding(
    response: LearningResponse, command: MakeFinding, stamp: Stamp, *, known_evidence: Collection[EvidenceId]
) -> None:
    """Record the finding and what it rests on. `known_evidence` holds the items preserved in the response's cases.

    Raises:
        AlreadyApproved: the response is signed off.
        FindingUnfounded: it cites neither evidence nor a factor.
        EvidenceUnknown: an item of evidence was not preserved in one of the cases.
    """
    if response.is_approved:
        raise AlreadyApproved("No finding is added after the response was signed off.")
    if not command.evidence and not command.factors:
        raise FindingUnfounded("Neither evidence nor a factor is cited.", pointers=("/evidence", "/factors"))
    strangers = tuple(f"/evidence/{place}" for place, each in enumerate(command.evidence) if each not in known_evidence)
    if strangers:
        raise EvidenceUnknown(f"Of the items cited, {len(strangers)} are not known.", pointers=strangers)
    made = FindingMade(
        **after(response, stamp),
        finding=command.finding,
        words=command.words,
        evidence=tuple(dict.fromkeys(command.evidence)),
        factors=command.factors,
    )
    record(response, made)
