"""The fields of the facts about candour and about evidence."""

from typing import Final

from domain.candour import events
from domain.catalogue.fields.described import Fields, composite, kept, narrative, personal, pseudonym, working
from domain.evidence import events as evidence
from domain.kernel.actor import Role

_LEAD: Final = Role.ENGAGEMENT_LEAD
_PERSON: Final = pseudonym("with which relevant person, without naming them")

FIELDS: Final[Fields] = {
    events.RelevantPersonIdentified: kept(
        _LEAD,
        incident=pseudonym("which case they are owed candour about"),
        person=_PERSON,
        name=personal("to address them"),
        contact=personal("to reach them in the way they wish"),
        relationship=working("whether it is the patient, or who acts for the patient"),
        acts_for=pseudonym("for which patient they act"),
        consents=composite("whom they allow to be told"),
        channel=working("how they wish to be reached"),
        language=working("in which language"),
        format=working("in which format"),
    ),
    events.Consent: kept(
        _LEAD,
        to_tell=personal("who may, or may not, be told"),
        given=working("whether the person allows it"),
    ),
    events.TimeframeAgreed: kept(
        _LEAD,
        person=_PERSON,
        promised_on=working("by which day they were promised an answer: a promise has a clock"),
        reason=narrative("why this day, or why another than before"),
    ),
    events.ConversationHeld: kept(
        _LEAD,
        conversation=pseudonym("lets later facts speak of this one"),
        person=_PERSON,
        channel=working("how it was held"),
        in_person=working("whether they met, as the regulation asks"),
        facts_known=narrative("what they were told was known then"),
        apology_given=working("whether somebody said sorry"),
        next_enquiries=narrative("what they were told would be looked into"),
        support_offered=narrative("what help they were offered"),
    ),
    events.LetterSent: kept(
        _LEAD,
        letter=pseudonym("lets later facts speak of this one"),
        person=_PERSON,
        kind=working("which of the letters that are owed it is"),
        apology_given=working("whether it says sorry"),
        outcome=working("whether it reached them"),
        contents=narrative("what it told them"),
    ),
    events.ContactAttempted: kept(
        _LEAD,
        attempt=pseudonym("lets later facts speak of this one"),
        person=_PERSON,
        channel=working("how they were tried"),
        outcome=working("what came of it"),
        note=narrative("what was noted of it"),
    ),
    events.ContactDeclined: kept(
        _LEAD,
        attempt=pseudonym("lets later facts speak of this one"),
        person=_PERSON,
        wishes=narrative("what they wish instead"),
    ),
    events.QuestionAsked: kept(
        _LEAD,
        question=pseudonym("lets the answer speak of this question"),
        person=_PERSON,
        words=narrative("what they asked, in their own words"),
    ),
    events.QuestionAnswered: kept(
        _LEAD,
        question=pseudonym("which question was answered"),
        person=_PERSON,
        answer=narrative("what they were answered"),
        no_answer_because=narrative("why there is no answer, where there is none"),
    ),
    events.FindingsShared: kept(
        _LEAD,
        share=pseudonym("lets later facts speak of this one"),
        person=_PERSON,
        response=pseudonym("of which learning response the findings are"),
        stage=working("whether it was a draft, an update or the end"),
        channel=working("how they were shared"),
        acknowledged=working("whether the person said that they have them"),
    ),
    evidence.EvidencePreserved: kept(
        Role.PATIENT_SAFETY_MANAGER,
        incident=pseudonym("which case it is evidence of"),
        item=narrative("what it is"),
        sha256=working("proves that a file is the one that was secured"),
        custodian=personal("who keeps it and answers for it"),
        place=narrative("where it is kept"),
    ),
    evidence.CustodyTransferred: kept(
        Role.PATIENT_SAFETY_MANAGER,
        custodian=personal("who keeps it now"),
        place=narrative("where it is kept now"),
        reason=narrative("why it was handed on"),
    ),
}
