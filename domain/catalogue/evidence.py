"""Stored names of the facts about evidence: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.evidence.events import CustodyTransferred, EvidencePreserved

STORED: Final = (
    Stored("evidence.preserved.v1", EvidencePreserved),
    Stored("evidence.custody_transferred.v1", CustodyTransferred),
)
