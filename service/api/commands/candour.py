"""Bodies of the commands on candour: being open with one relevant person."""

from typing import Self

from pydantic import Field, model_validator

from domain.candour.commands.agree_timeframe import AgreeTimeframe
from domain.candour.commands.answer_question import AnswerQuestion
from domain.candour.commands.ask_question import AskQuestion
from domain.candour.commands.hold_conversation import HoldConversation
from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson
from domain.candour.commands.record_contact_attempt import RecordContactAttempt
from domain.candour.commands.record_declined_contact import RecordDeclinedContact
from domain.candour.commands.send_letter import SendLetter
from domain.candour.commands.share_findings import ShareFindings
from domain.candour.events import Consent, LetterKind, SharedStage
from domain.candour.words import Channel, ContactOutcome, Relationship
from domain.kernel.words import CandourId, Code, IncidentId, PersonId, QuestionId, RecordId, ResponseId
from service.api.bodies import StrictModel
from service.api.commands.body import CommandBody
from service.api.fields import CodeText, Day, LongText, ShortText, Uuid
from service.api.refusing.invalid import field_refusal
from service.handling.pen import Pen


class ConsentBody(StrictModel):
    """Whether somebody else may be told."""

    to_tell: ShortText
    given: bool


class RelevantPerson(CommandBody):
    """Who is owed candour: the patient, or a person lawfully acting for them, and how they wish to be reached."""

    person: Uuid | None = Field(default=None, description="The person's id, where they are named in the case already.")
    name: ShortText
    contact: ShortText | None = None
    relationship: Relationship = Field(strict=False)
    acts_for: Uuid | None = None
    consents: list[ConsentBody] = Field(default_factory=list, max_length=20)
    channel: Channel | None = Field(default=None, strict=False)
    language: CodeText | None = None
    format: CodeText | None = None

    def persons(self) -> tuple[PersonId, ...]:
        """The person may have a key already."""
        return () if self.person is None else (PersonId(self.person),)

    def command(self, pen: Pen) -> IdentifyRelevantPerson:
        """Identify the person under a new stream."""
        person = PersonId(self.person or pen.stream)  # one id for both where they are named here for the first time
        return IdentifyRelevantPerson(
            candour=CandourId(pen.stream),
            incident=IncidentId(pen.path["incident"]),
            person=person,
            name=pen.personal(person, self.name),
            contact=pen.maybe_personal(person, self.contact),
            relationship=Code(self.relationship.value),
            acts_for=None if self.acts_for is None else PersonId(self.acts_for),
            consents=tuple(
                Consent(pen.personal(pen.new_person(), consent.to_tell), consent.given) for consent in self.consents
            ),
            channel=_code(self.channel),
            language=_code(self.language),
            format=_code(self.format),
        )


class TowardsPerson(CommandBody):
    """A step towards one relevant person, by the id that identifying them gave."""

    relevant_person: Uuid


class AgreementWithPerson(TowardsPerson):
    """The day by which findings are promised; a change needs a reason."""

    promised_on: Day
    reason: LongText | None = None

    def command(self, pen: Pen) -> AgreeTimeframe:
        """Promise the day."""
        return AgreeTimeframe(promised_on=self.promised_on, reason=pen.maybe_narrative(self.reason))


class Conversation(TowardsPerson):
    """What was said: all facts known then, whether an apology was given, the enquiries to follow, support offered."""

    channel: Channel = Field(strict=False)
    facts_known: LongText
    apology_given: bool
    next_enquiries: LongText
    support_offered: LongText | None = None

    def command(self, pen: Pen) -> HoldConversation:
        """Record the conversation."""
        return HoldConversation(
            conversation=RecordId(pen.new_id()),
            channel=Code(self.channel.value),
            facts_known=pen.narrative(self.facts_known),
            apology_given=self.apology_given,
            next_enquiries=pen.narrative(self.next_enquiries),
            support_offered=pen.maybe_narrative(self.support_offered),
        )


class Letter(TowardsPerson):
    """A letter to the person: the account after the first conversation, or the results of the enquiries."""

    kind: LetterKind = Field(strict=False)
    apology_given: bool
    outcome: CodeText | None = None
    contents: LongText | None = None

    def command(self, pen: Pen) -> SendLetter:
        """Record the letter."""
        return SendLetter(
            letter=RecordId(pen.new_id()),
            kind=self.kind,
            apology_given=self.apology_given,
            outcome=_code(self.outcome),
            contents=pen.maybe_narrative(self.contents),
        )


class Contact(TowardsPerson):
    """An attempt that did not reach the person (`channel`, `outcome`), or (`declined`) their wish not to be contacted.

    `note` is what happened; where declined, the person's own words. They may change their mind at any time.
    """

    declined: bool = False
    channel: Channel | None = Field(default=None, strict=False)
    outcome: ContactOutcome | None = Field(default=None, strict=False)
    note: LongText | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.declined and self.note is None:
            raise field_refusal("note-missing", "A declined contact needs the person's own words in `note`.")
        if not self.declined and (self.channel is None or self.outcome is None):
            raise field_refusal("attempt-incomplete", "An attempt needs `channel` and `outcome`.")
        return self

    def chosen_task(self) -> int:
        """An attempt, or the wish not to be contacted."""
        return int(self.declined)

    def command(self, pen: Pen) -> RecordContactAttempt | RecordDeclinedContact:
        """Record the attempt, or the wish."""
        attempt = RecordId(pen.new_id())
        if self.declined or self.channel is None or self.outcome is None:
            return RecordDeclinedContact(attempt=attempt, wishes=pen.narrative(self.note or ""))
        return RecordContactAttempt(
            attempt=attempt,
            channel=Code(self.channel.value),
            outcome=Code(self.outcome.value),
            note=pen.maybe_narrative(self.note),
        )


class QuestionBody(TowardsPerson):
    """A question of the person, word for word."""

    words: LongText

    def command(self, pen: Pen) -> AskQuestion:
        """Ask the question under a new id."""
        return AskQuestion(question=QuestionId(pen.new_id()), words=pen.narrative(self.words))


class Answer(CommandBody):
    """The answer, or the reason why there is none: one of the two."""

    answer: LongText | None = None
    no_answer_because: LongText | None = None

    def command(self, pen: Pen) -> AnswerQuestion:
        """Answer the question named in the path."""
        return AnswerQuestion(
            question=QuestionId(pen.path["question"]),
            answer=pen.maybe_narrative(self.answer),
            no_answer_because=pen.maybe_narrative(self.no_answer_because),
        )


class Share(TowardsPerson):
    """Findings of a learning response, shared as a draft, an interim update or the final report."""

    learning_response: Uuid
    stage: SharedStage = Field(strict=False)
    channel: Channel = Field(strict=False)
    acknowledged: bool = False

    def command(self, pen: Pen) -> ShareFindings:
        """Record the sharing."""
        return ShareFindings(
            share=RecordId(pen.new_id()),
            response=ResponseId(self.learning_response),
            stage=self.stage,
            channel=Code(self.channel.value),
            acknowledged=self.acknowledged,
        )


def _code(text: str | None) -> Code | None:
    return None if text is None else Code(str(text))
