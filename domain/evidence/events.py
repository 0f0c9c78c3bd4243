"""All facts about one item of evidence."""

from dataclasses import dataclass

from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, Digest, IncidentId


@dataclass(frozen=True)
class EvidencePreserved(FirstFact):
    """An item was secured as evidence: what it is, its SHA-256 where it is a file, who keeps it and where."""

    incident: IncidentId
    item: Narrative
    sha256: Digest | None
    custodian: Personal
    place: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """Preserving evidence is a duty of its own."""
        return (Done(Code("evidence.preserved"), self.timestamp),)


@dataclass(frozen=True)
class CustodyTransferred(Fact):
    """The item went to another custodian."""

    custodian: Personal
    place: Narrative | None
    reason: Narrative
