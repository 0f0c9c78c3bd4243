"""Facts about one item of evidence, and the histories that lead to each of its states."""

from typing import Any, Final
from uuid import UUID

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.evidence.state import Evidence
from domain.kernel.envelope import first
from domain.kernel.personal import ERASED, Narrative, Personal, Words
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


STATES: Final[dict[str, tuple[Any, ...]]] = {
    "preserved": (preserved(),),
    "preserved without place": (preserved(place=None),),
    "custodian erased": (preserved(custodian=ERASED),),
    "transferred": (preserved(), transferred()),
    "transferred without place": (preserved(), transferred(place=None)),
    "given back": (preserved(), transferred(), transferred(custodian="A Keeper", place="Theatre store")),
    "transferred later than the command": (preserved(), transferred(custodian="C Keeper", days=2)),
}
"""Every state that an item of evidence can be in, by the shortest history that leads there."""
