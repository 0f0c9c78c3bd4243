"""Facts about one learning response, and the histories that lead to each of its states."""

from typing import Any, Final
from uuid import UUID

from domain.kernel.envelope import Envelope, first
from domain.kernel.personal import Narrative, Personal, Words
from domain.kernel.words import (
    AreaId,
    Code,
    EvidenceId,
    FindingId,
    IncidentId,
    KeyId,
    Label,
    OdsCode,
    PersonId,
    RecordId,
    Reference,
    ResponseId,
)
from domain.learning_response.events import (
    AreaForImprovementNamed,
    DraftPutForward,
    DraftReturned,
    Factor,
    FindingLeftWithoutAction,
    FindingMade,
    LeadAppointed,
    Method,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
    SharingWaived,
)
from domain.learning_response.state import LearningResponse
from tests.support.decisions import a_stamp, an_id

RESPONSE = ResponseId(an_id(0x21))
INCIDENT = IncidentId(an_id(0x11))
FINDING = FindingId(an_id(0x31))
SECOND_FINDING = FindingId(an_id(0x32))
DRAFT = RecordId(an_id(0x51))
AREA = AreaId(an_id(0x41))
EVIDENCE = EvidenceId(an_id(0xE1))
ICB = OdsCode("ZZQ")
FACTOR = Factor(Code("tasks"), None)


def text(words: Words) -> Narrative:
    return Narrative(RESPONSE, words, KeyId(UUID(int=7)))


def named(words: Words) -> Personal:
    return Personal(PersonId(an_id(0xF1)), words, KeyId(an_id(8)))


def _on(days: float = 0) -> Envelope:
    return {"originator_id": RESPONSE, "originator_version": 2, "timestamp": a_stamp(days=days).at}


def commissioned() -> ResponseCommissioned:
    return ResponseCommissioned(
        **first(LearningResponse, RESPONSE, a_stamp()),
        incidents=(INCIDENT,),
        method=Method.PSII,
        reason=text("A Never Event"),
        alternatives=(),
    )


def led(lead: Words = "A Lead") -> LeadAppointed:
    return LeadAppointed(**_on(), lead=named(lead), role=Label("Patient safety lead"), independent_of_service=True)


def found(finding: FindingId = FINDING) -> FindingMade:
    return FindingMade(**_on(), finding=finding, words=text("Counts differ"), evidence=(EVIDENCE,), factors=())


def area(findings: tuple[FindingId, ...] = (FINDING,)) -> AreaForImprovementNamed:
    return AreaForImprovementNamed(**_on(), area=AREA, words=text("Counting in theatres"), findings=findings)


def left(reason: Words = "Already mended", finding: FindingId = FINDING) -> FindingLeftWithoutAction:
    return FindingLeftWithoutAction(**_on(), finding=finding, reason=text(reason))


def put_forward() -> DraftPutForward:
    return DraftPutForward(**_on(), draft=DRAFT, summary=None)


def returned() -> DraftReturned:
    return DraftReturned(**_on(), draft=DRAFT, reason=text("The staffing is not looked at"))


def approved(days: float = 0) -> ResponseApproved:
    return ResponseApproved(**_on(days), method=Method.PSII, approver=named("A Director"))


def submitted(to: OdsCode = ICB, days: float = 0) -> ResponseSubmitted:
    return ResponseSubmitted(**_on(days), method=Method.PSII, to=to)


def received() -> ResponseReceived:
    return ResponseReceived(**_on(), method=Method.PSII, by=ICB, receipt=Reference("ICB-1"))


def waived(reason: Words = "Nobody was affected") -> SharingWaived:
    return SharingWaived(**_on(), reason=text(reason))


_BEGUN: Final = (commissioned(), led(), found())

STATES: Final[dict[str, tuple[Any, ...]]] = {
    "commissioned": (commissioned(),),
    "led": (commissioned(), led()),
    "found without lead": (commissioned(), found()),
    "found": _BEGUN,
    "area named": (*_BEGUN, area()),
    "finding left": (*_BEGUN, left()),
    "sharing waived": (*_BEGUN, waived()),
    "put forward": (*_BEGUN, put_forward()),
    "returned": (*_BEGUN, put_forward(), returned()),
    "approved": (*_BEGUN, approved()),
    "submitted": (*_BEGUN, approved(), submitted()),
    "received": (*_BEGUN, approved(), submitted(), received()),
}
"""Every state that a learning response can be in, by the shortest history that leads there."""
