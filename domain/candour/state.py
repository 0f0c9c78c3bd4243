"""Candour towards one relevant person as its facts leave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from eventsourcing.domain import Aggregate

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
from domain.candour.words import ContactOutcome
from domain.kernel.envelope import Fact, evolves
from domain.kernel.personal import Narrative
from domain.kernel.words import IncidentId, PersonId, QuestionId, ResponseId

Moment = tuple[datetime, int]
"""When something became true, and its place in the stream: facts of one instant stand in the order of recording."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What the person asked, and what they were told last: an answer, or why there is none."""

    words: Narrative
    answer: Narrative | None = None
    no_answer_because: Narrative | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has neither an answer nor a reason."""
        return self.answer is None and self.no_answer_because is None


class Candour(Aggregate):
    """What one person is owed for one incident, and what was done."""

    incident: IncidentId = field(init=False)
    person: PersonId = field(init=False)
    promised_on: date | None = field(init=False)
    approached_at: datetime | None = field(init=False)
    """The earliest moment at which the person was given notice, declined, or was tried for in vain (20(2) to 20(5))."""
    notice_given_at: datetime | None = field(init=False)
    """The earliest conversation in which an apology was given."""
    letters: frozenset[LetterKind] = field(init=False)
    contact_attempts: int = field(init=False)
    questions: Mapping[QuestionId, AskedQuestion] = field(init=False)
    final_shares: Mapping[ResponseId, bool] = field(init=False)
    """The responses whose final findings were shared, and whether the person acknowledged them."""
    in_touch: Moment | None = field(init=False)
    declining: Moment | None = field(init=False)
    out_of_reach: Moment | None = field(init=False)

    @property
    def has_declined(self) -> bool:
        """Whether the person declined contact and has neither talked nor asked anything since."""
        return _is_later(self.declining, self.in_touch)

    @property
    def cannot_be_contacted(self) -> bool:
        """Whether it was recorded that the person cannot be contacted, and they were not in touch since."""
        return _is_later(self.out_of_reach, self.in_touch)

    @property
    def is_released(self) -> bool:
        """Whether the paragraphs on notification fall away for now (20(5)): declined, or cannot be contacted."""
        return self.has_declined or self.cannot_be_contacted

    @property
    def notice_given(self) -> bool:
        """Whether a conversation with an apology was held (20(3))."""
        return self.notice_given_at is not None

    @property
    def notification_letter_sent(self) -> bool:
        """Whether the written notification was sent (20(4))."""
        return LetterKind.NOTIFICATION in self.letters

    @property
    def results_given(self) -> bool:
        """Whether the person has the results of the enquiries in a letter (20(4)(c)); a shared report is no letter."""
        return LetterKind.RESULTS in self.letters

    @property
    def open_questions(self) -> tuple[QuestionId, ...]:
        """Questions that have neither an answer nor a reason, in the order in which they were asked."""
        return tuple(number for number, question in self.questions.items() if question.is_open)

    def shared_final(self, response: ResponseId) -> bool:
        """Whether the final findings of this response were shared with the person."""
        return response in self.final_shares


def _is_later(one: Moment | None, other: Moment | None) -> bool:
    return one is not None and (other is None or other < one)


def _latest(standing: Moment | None, event: Fact) -> Moment:
    moment = (event.timestamp, event.originator_version)
    return moment if standing is None else max(standing, moment)


def _earliest(standing: datetime | None, event: Fact) -> datetime:
    return event.timestamp if standing is None else min(standing, event.timestamp)


@evolves(RelevantPersonIdentified)
def _identified(candour: Candour, event: RelevantPersonIdentified) -> None:
    candour.incident = event.incident
    candour.person = event.person
    candour.promised_on = None
    candour.approached_at = None
    candour.notice_given_at = None
    candour.letters = frozenset()
    candour.contact_attempts = 0
    candour.questions = MappingProxyType({})
    candour.final_shares = MappingProxyType({})
    candour.in_touch = None
    candour.declining = None
    candour.out_of_reach = None


@evolves(TimeframeAgreed)
def _agreed(candour: Candour, event: TimeframeAgreed) -> None:
    candour.promised_on = event.promised_on


@evolves(ConversationHeld)
def _talked(candour: Candour, event: ConversationHeld) -> None:
    candour.in_touch = _latest(candour.in_touch, event)
    if event.apology_given:
        candour.notice_given_at = _earliest(candour.notice_given_at, event)
        candour.approached_at = _earliest(candour.approached_at, event)


@evolves(LetterSent)
def _sent(candour: Candour, event: LetterSent) -> None:
    candour.letters |= {event.kind}


@evolves(ContactAttempted)
def _attempted(candour: Candour, event: ContactAttempted) -> None:
    candour.contact_attempts += 1
    candour.approached_at = _earliest(candour.approached_at, event)
    if event.outcome == ContactOutcome.CANNOT_BE_CONTACTED.value:
        candour.out_of_reach = _latest(candour.out_of_reach, event)


@evolves(ContactDeclined)
def _declined(candour: Candour, event: ContactDeclined) -> None:
    candour.declining = _latest(candour.declining, event)
    candour.approached_at = _earliest(candour.approached_at, event)


@evolves(QuestionAsked)
def _asked(candour: Candour, event: QuestionAsked) -> None:
    candour.in_touch = _latest(candour.in_touch, event)
    candour.questions = MappingProxyType({**candour.questions, event.question: AskedQuestion(event.words)})


@evolves(QuestionAnswered)
def _answered(candour: Candour, event: QuestionAnswered) -> None:
    told = AskedQuestion(candour.questions[event.question].words, event.answer, event.no_answer_because)
    candour.questions = MappingProxyType({**candour.questions, event.question: told})


@evolves(FindingsShared)
def _shared(candour: Candour, event: FindingsShared) -> None:
    if event.stage is not SharedStage.FINAL:
        return
    acknowledged = event.acknowledged or candour.final_shares.get(event.response, False)
    candour.final_shares = MappingProxyType({**candour.final_shares, event.response: acknowledged})
