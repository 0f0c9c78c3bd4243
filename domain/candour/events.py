"""All facts about being open with one relevant person (regulation 20 of SI 2014/2936)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.candour.words import ContactOutcome
from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, IncidentId, PersonId, QuestionId, RecordId, ResponseId


class LetterKind(StrEnum):
    """What a letter gives: the account after the first conversation (20(4)), or the results of the enquiries."""

    NOTIFICATION = "notification"
    RESULTS = "results"


class SharedStage(StrEnum):
    """How far findings were when they were shared."""

    DRAFT = "draft"
    INTERIM = "interim"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Consent:
    """The person allowed, or did not allow, that somebody else be told."""

    to_tell: Personal
    given: bool


@dataclass(frozen=True)
class RelevantPersonIdentified(FirstFact):
    """Somebody is owed candour for an incident: the patient, or a person lawfully acting for them.

    `channel`, `language` and `format` are how they wish to be reached.
    """

    incident: IncidentId
    person: PersonId
    name: Personal
    contact: Personal | None
    relationship: Code
    acts_for: PersonId | None
    consents: tuple[Consent, ...]
    channel: Code | None
    language: Code | None
    format: Code | None

    def done(self) -> tuple[Done, ...]:
        """From here on the duties are owed to a named person."""
        return (Done(Code("candour.relevant_person_identified"), self.timestamp, self.person),)


@dataclass(frozen=True)
class TimeframeAgreed(Fact):
    """A day was promised to the person for the findings; agreed again with a reason when it changes."""

    person: PersonId
    promised_on: date
    reason: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """PSIRF-07 asks for it."""
        return (Done(Code("candour.timeframe_agreed"), self.timestamp, self.person),)


@dataclass(frozen=True)
class ConversationHeld(Fact):
    """The person was spoken to: facts known then, an apology, the enquiries to follow, support (20(3))."""

    conversation: RecordId
    person: PersonId
    channel: Code
    in_person: bool
    facts_known: Narrative
    apology_given: bool
    next_enquiries: Narrative
    support_offered: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """A conversation in which an apology was given is the first notification."""
        held = [Code("candour.conversation_held")]
        if self.apology_given:
            held.append(Code("candour.notice_given"))
            if self.in_person:
                held.append(Code("candour.notice_given:in_person"))
        if self.support_offered is not None:
            held.append(Code("candour.support_offered"))
        return tuple(Done(code, self.timestamp, self.person) for code in held)


@dataclass(frozen=True)
class LetterSent(Fact):
    """A letter went to the person."""

    letter: RecordId
    person: PersonId
    kind: LetterKind
    apology_given: bool
    outcome: Code | None
    contents: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """Each kind of letter meets its own duty."""
        return (Done(Code(f"candour.letter_sent:{self.kind}"), self.timestamp, self.person),)


@dataclass(frozen=True)
class ContactAttempted(Fact):
    """Somebody tried to reach the person, and did not."""

    attempt: RecordId
    person: PersonId
    channel: Code
    outcome: Code
    note: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """The record of attempts is a duty of its own; the last one in vain ends those of notification (20(5))."""
        codes = [Code("candour.contact_attempted")]
        if self.outcome == ContactOutcome.CANNOT_BE_CONTACTED.value:
            codes.append(Code("candour.cannot_be_contacted"))
        return tuple(Done(code, self.timestamp, self.person) for code in codes)


@dataclass(frozen=True)
class ContactDeclined(Fact):
    """The person declined contact; their own words are kept. They may change their mind at any time."""

    attempt: RecordId
    person: PersonId
    wishes: Narrative

    def done(self) -> tuple[Done, ...]:
        """While this stands, the paragraphs on notification fall away (20(5))."""
        return (Done(Code("candour.contact_declined"), self.timestamp, self.person),)


@dataclass(frozen=True)
class QuestionAsked(Fact):
    """The person asked a question, kept word for word."""

    question: QuestionId
    person: PersonId
    words: Narrative

    def done(self) -> tuple[Done, ...]:
        """Whoever asks wishes to be in touch."""
        return (Done(Code("candour.question_asked"), self.timestamp, self.person),)


@dataclass(frozen=True)
class QuestionAnswered(Fact):
    """The question was answered, or a reason was given why it cannot be; one of the two is there."""

    question: QuestionId
    person: PersonId
    answer: Narrative | None
    no_answer_because: Narrative | None

    def done(self) -> tuple[Done, ...]:
        """An answer may meet a duty."""
        return (Done(Code("candour.question_answered"), self.timestamp, self.person),)


@dataclass(frozen=True)
class FindingsShared(Fact):
    """Findings of a learning response were shared with the person."""

    share: RecordId
    person: PersonId
    response: ResponseId
    stage: SharedStage
    channel: Code
    acknowledged: bool

    def done(self) -> tuple[Done, ...]:
        """Each stage meets its own duty; a duty that one response has is moved by its own findings only."""
        return (Done(Code(f"candour.findings_shared:{self.stage}"), self.timestamp, self.person, self.response),)
