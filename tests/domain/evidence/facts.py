"""Facts about one item of evidence and the words in them, ready to be combined."""

from uuid import UUID

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.evidence.state import Evidence
from domain.kernel.envelope import first
from domain.kernel.personal import Narrative, Personal, Words
from domain.kernel.words import Digest, EvidenceId, IncidentId, KeyId, PersonId
from tests.support.decisions import a_stamp, an_id

EVIDENCE = EvidenceId(an_id(0xE1))
INCIDENT = IncidentId(an_id(0x11))
SHA256 = Digest("a" * 64)


def text(words: Words) -> Narrative:
    return Narrative(EVIDENCE, words, KeyId(UUID(int=7)))


def named(words: Words) -> Personal:
    return Personal(PersonId(an_id(0xF1)), words, KeyId(an_id(8)))


def preserved(
    *, custodian: Words = "A Keeper", place: Words | None = "Theatre store", days: float = 0
) -> EvidencePreserved:
    return EvidencePreserved(
        **first(Evidence, EVIDENCE, a_stamp(days=days)),
        incident=INCIDENT,
        item=text("Swab count sheet"),
        sha256=SHA256,
        custodian=named(custodian),
        place=None if place is None else text(place),
    )


def transferred(
    *, custodian: Words = "B Keeper", place: Words | None = "Safe", days: float = 0.5
) -> CustodyTransferred:
    return CustodyTransferred(
        originator_id=EVIDENCE,
        originator_version=2,
        timestamp=a_stamp(days=days).at,
        custodian=named(custodian),
        place=None if place is None else text(place),
        reason=text("Asked for by the investigation"),
    )
