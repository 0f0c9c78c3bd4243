"""An item of evidence as its facts leave it."""

from dataclasses import field
from datetime import datetime

from eventsourcing.domain import Aggregate

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.kernel.envelope import evolves
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Digest, IncidentId


class Evidence(Aggregate):
    """One item: what it is, its digest where it is a file, who keeps it now, where, and since when."""

    incident: IncidentId = field(init=False)
    item: Narrative = field(init=False)
    sha256: Digest | None = field(init=False)
    custodian: Personal = field(init=False)
    place: Narrative | None = field(init=False)
    kept_since: datetime = field(init=False)


@evolves(EvidencePreserved)
def _preserved(evidence: Evidence, event: EvidencePreserved) -> None:
    evidence.incident = event.incident
    evidence.item = event.item
    evidence.sha256 = event.sha256
    evidence.custodian = event.custodian
    evidence.place = event.place
    evidence.kept_since = event.timestamp


@evolves(CustodyTransferred)
def _transferred(evidence: Evidence, event: CustodyTransferred) -> None:
    evidence.custodian = event.custodian
    evidence.place = event.place
    evidence.kept_since = event.timestamp
