"""Candour towards each relevant person of a case, told from its own streams: what was said, sent, asked and answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from domain.candour.events import (
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
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from projections.engine.reading import Found
from service.reading.forms import Form, the_case_asked_for
from service.reading.stories import Story, stories_of
from service.store.codec import Codec
from service.store.ledger import LedgerEvent

AnyFact = TypeVar("AnyFact")


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """Whether the person allows that somebody else be told."""

    to_tell: Personal
    given: bool


@dataclass(frozen=True, slots=True)
class PromisedDay:
    """A day that was promised for the findings."""

    promised_on: date
    reason: Narrative | None
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class HeldConversation:
    """What the person was told, and what was offered."""

    id: UUID
    held_at: datetime
    channel: str
    in_person: bool
    facts_known: Narrative
    apology_given: bool
    next_enquiries: Narrative
    support_offered: Narrative | None


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter to the person."""

    id: UUID
    sent_at: datetime
    kind: LetterKind
    apology_given: bool
    outcome: str | None
    contents: Narrative | None


@dataclass(frozen=True, slots=True)
class TriedContact:
    """An attempt that did not reach the person; `declined`: their wish not to be contacted, in their own words."""

    id: UUID
    attempted_at: datetime
    declined: bool
    channel: str | None
    outcome: str | None
    note: Narrative | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer, or the reason why there is none."""

    answer: Narrative | None
    no_answer_because: Narrative | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """A question of the person, what they were told last, and what they were told before that."""

    id: UUID
    asked_at: datetime
    words: Narrative
    answer: Narrative | None
    no_answer_because: Narrative | None
    answered_at: datetime | None
    earlier_answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class SharedFindings:
    """Findings of a learning response that the person was given."""

    id: UUID
    shared_at: datetime
    learning_response_id: UUID
    stage: SharedStage
    channel: str
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class RelevantPerson:
    """Candour towards one person as it stands. `id` is what commands take as `relevant_person`."""

    organisation: str
    id: UUID
    stream_version: int
    person_id: UUID
    name: Personal
    contact: Personal | None
    relationship: str
    acts_for: UUID | None
    channel: str | None
    language: str | None
    format: str | None
    identified_at: datetime
    promised_on: date | None
    notice_given_at: datetime | None
    declined: bool
    cannot_be_contacted: bool
    open_questions: int
    consents: tuple[GivenConsent, ...]
    promises: tuple[PromisedDay, ...]
    conversations: tuple[HeldConversation, ...]
    letters: tuple[SentLetter, ...]
    contact_attempts: tuple[TriedContact, ...]
    questions: tuple[PutQuestion, ...]
    shares: tuple[SharedFindings, ...]


CANDOUR: Final = Form(RelevantPerson, the_case_asked_for)


def candour_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[RelevantPerson]]:
    """The relevant persons of a case whose events these are, in the order in which they were identified."""
    told = stories_of(events, Kind.CANDOUR, Candour, codec)
    return [Found(str(story.stream), _person(story), story.position) for story in told]


def _person(story: Story[Candour]) -> RelevantPerson:
    candour, begun = story.aggregate, next(_only(story, RelevantPersonIdentified))
    return RelevantPerson(
        organisation=story.organisation,
        id=story.stream,
        stream_version=story.version,
        person_id=begun.person,
        name=begun.name,
        contact=begun.contact,
        relationship=begun.relationship,
        acts_for=begun.acts_for,
        channel=begun.channel,
        language=begun.language,
        format=begun.format,
        identified_at=begun.timestamp,
        promised_on=candour.promised_on,
        notice_given_at=candour.notice_given_at,
        declined=candour.has_declined,
        cannot_be_contacted=candour.cannot_be_contacted,
        open_questions=len(candour.open_questions),
        consents=tuple(GivenConsent(each.to_tell, each.given) for each in begun.consents),
        promises=tuple(_promise(fact) for fact in _only(story, TimeframeAgreed)),
        conversations=tuple(_conversation(fact) for fact in _only(story, ConversationHeld)),
        letters=tuple(_letter(fact) for fact in _only(story, LetterSent)),
        contact_attempts=tuple(_attempts(story)),
        questions=tuple(_question(story, fact) for fact in _only(story, QuestionAsked)),
        shares=tuple(_share(fact) for fact in _only(story, FindingsShared)),
    )


def _only(story: Story[Candour], kind: type[AnyFact]) -> Iterator[AnyFact]:
    return (fact for fact in story.facts if isinstance(fact, kind))


def _promise(fact: TimeframeAgreed) -> PromisedDay:
    return PromisedDay(fact.promised_on, fact.reason, fact.timestamp)


def _conversation(fact: ConversationHeld) -> HeldConversation:
    return HeldConversation(
        id=fact.conversation,
        held_at=fact.timestamp,
        channel=fact.channel,
        in_person=fact.in_person,
        facts_known=fact.facts_known,
        apology_given=fact.apology_given,
        next_enquiries=fact.next_enquiries,
        support_offered=fact.support_offered,
    )


def _letter(fact: LetterSent) -> SentLetter:
    return SentLetter(fact.letter, fact.timestamp, fact.kind, fact.apology_given, fact.outcome, fact.contents)


def _attempts(story: Story[Candour]) -> Iterator[TriedContact]:
    for fact in story.facts:
        match fact:
            case ContactAttempted():
                yield TriedContact(fact.attempt, fact.timestamp, False, fact.channel, fact.outcome, fact.note)
            case ContactDeclined():
                yield TriedContact(fact.attempt, fact.timestamp, True, None, None, fact.wishes)


def _question(story: Story[Candour], asked: QuestionAsked) -> PutQuestion:
    given = [
        GivenAnswer(fact.answer, fact.no_answer_because, fact.timestamp)
        for fact in _only(story, QuestionAnswered)
        if fact.question == asked.question
    ]
    last = given[-1] if given else None
    return PutQuestion(
        id=asked.question,
        asked_at=asked.timestamp,
        words=asked.words,
        answer=last.answer if last else None,
        no_answer_because=last.no_answer_because if last else None,
        answered_at=last.answered_at if last else None,
        earlier_answers=tuple(given[:-1]),
    )


def _share(fact: FindingsShared) -> SharedFindings:
    return SharedFindings(fact.share, fact.timestamp, fact.response, fact.stage, fact.channel, fact.acknowledged)
