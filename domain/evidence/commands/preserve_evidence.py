"""Secure an item as evidence (SIF-03 asks for it; a response that finds without evidence proves nothing)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from domain.evidence.events import EvidencePreserved
from domain.evidence.state import Evidence
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import Digest, EvidenceId, IncidentId

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PreserveEvidence:
    """An item of an incident is kept by somebody at a place; `sha256` where the item is a file."""

    evidence: EvidenceId
    incident: IncidentId
    item: Narrative
    sha256: Digest | None
    custodian: Personal
    place: Narrative | None


class DigestMalformed(Refusal):
    """A SHA-256 is 64 hexadecimal digits in lower case."""

    code: ClassVar[str] = "evidence.digest-malformed"


def preserve_evidence(command: PreserveEvidence, stamp: Stamp) -> Evidence:
    """Record that the item is secured, and begin its chain of custody.

    Raises:
        DigestMalformed: the digest could not have come from SHA-256, so nobody could check the file against it.
    """
    if command.sha256 is not None and _SHA256.fullmatch(command.sha256) is None:
        raise DigestMalformed("The digest is not 64 characters from 0-9 and a-f.", pointers=("/sha256",))
    return begin(
        Evidence,
        EvidencePreserved(
            **first(Evidence, command.evidence, stamp),
            incident=command.incident,
            item=command.item,
            sha256=command.sha256,
            custodian=command.custodian,
            place=command.place,
        ),
    )
