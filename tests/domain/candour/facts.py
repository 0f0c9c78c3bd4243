"""Facts about candour towards one relevant person, and the histories that lead to each state."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.candour.events import (
    Consent,
    ContactAttempted,
    ContactDeclined,
    ConversationHeld,
    FindingsShared,
    LetterKind,
    LetterSent,
    QuestionAnswered,
    QuestionAsked,
    RelevantPersonIdentified,
    SharedStage,
    TimeframeAgreed,
)
from domain.candour.state import Candour
from domain.kernel.envelope import Envelope, first
from domain.kernel.personal import Narrative, Personal, Words
from domain.kernel.words import CandourId, Code, IncidentId, KeyId, PersonId, QuestionId, RecordId, ResponseId
from tests.support.decisions import a_stamp, an_id

CANDOUR = CandourId(an_id(0xC1))
INCIDENT = IncidentId(an_id(0x11))
PERSON = PersonId(an_id(0xF1))
PATIENT = PersonId(an_id(0xF2))
QUESTION = QuestionId(an_id(0x51))
RESPONSE = ResponseId(an_id(0x21))
RECORD = RecordId(an_id(0x61))
PROMISED = date(2026, 5, 29)


def text(words: Words) -> Narrative:
    return Narrative(CANDOUR, words, KeyId(UUID(int=7)))


def named(words: Words) -> Personal:
    return Personal(PERSON, words, KeyId(an_id(8)))


def _on(days: float) -> Envelope:
    return {"originator_id": CANDOUR, "originator_version": 2, "timestamp": a_stamp(days=days).at}


def identified() -> RelevantPersonIdentified:
    return RelevantPersonIdentified(
        **first(Candour, CANDOUR, a_stamp()),
        incident=INCIDENT,
        person=PERSON,
        name=named("A Daughter"),
        contact=named("01632 960001"),
        relationship=Code("child"),
        acts_for=PATIENT,
        consents=(Consent(named("A Solicitor"), given=True),),
        channel=Code("telephone"),
        language=Code("cy"),
        format=None,
    )


def promised(on: date = PROMISED, days: float = 0) -> TimeframeAgreed:
    return TimeframeAgreed(**_on(days), person=PERSON, promised_on=on, reason=None)


def talked(*, apology: bool = True, in_person: bool = True, days: float = 0) -> ConversationHeld:
    return ConversationHeld(
        **_on(days),
        conversation=RECORD,
        person=PERSON,
        channel=Code("in_person" if in_person else "telephone"),
        in_person=in_person,
        facts_known=text("A swab was left behind"),
        apology_given=apology,
        next_enquiries=text("An investigation"),
        support_offered=None,
    )


def wrote(kind: LetterKind = LetterKind.NOTIFICATION, days: float = 0) -> LetterSent:
    return LetterSent(
        **_on(days), letter=RECORD, person=PERSON, kind=kind, apology_given=True, outcome=None, contents=None
    )


def attempted(outcome: str = "no_answer", days: float = 0) -> ContactAttempted:
    return ContactAttempted(
        **_on(days), attempt=RECORD, person=PERSON, channel=Code("telephone"), outcome=Code(outcome), note=None
    )


def declined(days: float = 0) -> ContactDeclined:
    return ContactDeclined(**_on(days), attempt=RECORD, person=PERSON, wishes=text("Please leave us alone"))


def asked(question: QuestionId = QUESTION, days: float = 0) -> QuestionAsked:
    return QuestionAsked(**_on(days), question=question, person=PERSON, words=text("Who counted?"))


def answered(answer: Words | None = "Two nurses", reason: Words | None = None) -> QuestionAnswered:
    return QuestionAnswered(
        **_on(0),
        question=QUESTION,
        person=PERSON,
        answer=None if answer is None else text(answer),
        no_answer_because=None if reason is None else text(reason),
    )


def shared(
    stage: SharedStage = SharedStage.FINAL, response: ResponseId = RESPONSE, *, acknowledged: bool = False
) -> FindingsShared:
    return FindingsShared(
        **_on(0),
        share=RECORD,
        person=PERSON,
        response=response,
        stage=stage,
        channel=Code("in_person"),
        acknowledged=acknowledged,
    )


STATES: Final[dict[str, tuple[Any, ...]]] = {
    "identified": (identified(),),
    "promised": (identified(), promised()),
    "tried for": (identified(), attempted()),
    "out of reach": (identified(), attempted("cannot_be_contacted")),
    "declined": (identified(), declined()),
    "asked after declining": (identified(), declined(), asked()),
    "talked without apology": (identified(), talked(apology=False)),
    "notified": (identified(), talked()),
    "notified in writing": (identified(), talked(), wrote()),
    "question open": (identified(), talked(), asked()),
    "question answered": (identified(), talked(), asked(), answered()),
    "draft shared": (identified(), talked(), shared(SharedStage.DRAFT)),
    "results given": (identified(), talked(), wrote(), wrote(LetterKind.RESULTS), shared()),
    "declined after results": (identified(), talked(), wrote(), shared(), declined()),
}
"""Every state that matters to a command, by the shortest history that leads there."""
