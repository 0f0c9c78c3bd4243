"""Bodies of the commands on incidents, but the report, the facts and the clocks."""

from pydantic import Field

from domain.incident.commands.add_person import AddPerson
from domain.incident.commands.assign_incident import AssignIncident
from domain.incident.commands.close_incident import CloseIncident
from domain.incident.commands.decide_threshold import DecideThreshold
from domain.incident.commands.enter_in_error import EnterInError
from domain.incident.commands.make_initial_review import MakeInitialReview
from domain.incident.commands.notify_body import NotifyBody
from domain.incident.commands.reopen_incident import ReopenIncident
from domain.incident.commands.secure_safety import SecureSafety
from domain.incident.commands.submit_externally import SubmitExternally
from domain.incident.words import (
    Assignment,
    ExternalSystem,
    NotificationChannel,
    PersonKind,
    Recipient,
    SubmissionStatus,
)
from domain.kernel.words import Code, DecisionId, Label, OdsCode, RecordId, Reference
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from service.api.commands.body import CommandBody
from service.api.fields import CodeText, Day, Instant, LongText, NhsNumber, Ods, ShortText
from service.handling.pen import Pen


class Person(CommandBody):
    """Somebody involved: a patient (by the number used in the report), a member of staff, a witness. All of it sealed."""

    kind: PersonKind = Field(strict=False)
    patient: int | None = Field(default=None, ge=1, le=1000)
    name: ShortText
    nhs_number: NhsNumber | None = None
    born_on: Day | None = None

    def command(self, pen: Pen) -> AddPerson:
        """Name the person under a new id."""
        person = pen.new_person()
        return AddPerson(
            person=person,
            kind=self.kind,
            patient=self.patient,
            name=pen.personal(person, self.name),
            nhs_number=pen.maybe_personal(person, self.nhs_number),
            born_on=pen.maybe_personal(person, None if self.born_on is None else self.born_on.isoformat()),
        )


class AssignmentBody(CommandBody):
    """Who handles the case, leads its learning response or leads the engagement."""

    assignment: Assignment = Field(strict=False)
    name: ShortText
    role: ShortText | None = None

    def command(self, pen: Pen) -> AssignIncident:
        """Assign it under a new person's id."""
        person = pen.new_person()
        return AssignIncident(
            assignment=self.assignment,
            person=person,
            name=pen.personal(person, self.name),
            role=None if self.role is None else Label(self.role),
        )


class Decision(CommandBody):
    """The answer to one threshold question: met, not met or unclear; which criteria, which facts, why, and by whom.

    `edition` names one of the case's editions; `identified_at` is when the incident was recognised as (possibly)
    meeting the threshold (default: when the decision became true): clocks run from it. Where the rules give a clear
    answer from the known facts and this is another, `departure` says why (`POST /v1/assessments` says what they give).
    """

    question: Question = Field(strict=False)
    outcome: Outcome = Field(strict=False)
    criteria: list[CodeText] = Field(default_factory=list, max_length=30)
    reasons: LongText
    rests_on: list[FactName] = Field(default_factory=list, max_length=len(FactName), strict=False)
    edition: CodeText
    identified_at: Instant | None = None
    decided_by: ShortText | None = None
    departure: LongText | None = None

    def command(self, pen: Pen) -> DecideThreshold:
        """Decide under a new id."""
        return DecideThreshold(
            decision=DecisionId(pen.new_id()),
            question=self.question,
            outcome=self.outcome,
            criteria=tuple(Code(criterion) for criterion in self.criteria),
            reasons=pen.narrative(self.reasons),
            rests_on=tuple(self.rests_on),
            edition=Code(self.edition),
            identified_at=self.identified_at or self.effective_at or pen.now,
            decider=pen.maybe_personal(pen.new_person(), self.decided_by),
            departure=pen.maybe_narrative(self.departure),
        )


class SafetyStep(CommandBody):
    """What was done at once to make people safe."""

    steps_taken: LongText

    def command(self, pen: Pen) -> SecureSafety:
        """Record the steps."""
        return SecureSafety(step=RecordId(pen.new_id()), steps_taken=pen.narrative(self.steps_taken))


class InitialReview(CommandBody):
    """The first review where an edition asks for one, and the organisation it was sent to."""

    summary: LongText
    submitted_to: Ods | None = None

    def command(self, pen: Pen) -> MakeInitialReview:
        """Record the review."""
        return MakeInitialReview(
            review=RecordId(pen.new_id()),
            summary=pen.narrative(self.summary),
            submitted_to=None if self.submitted_to is None else OdsCode(self.submitted_to),
        )


class Notification(CommandBody):
    """Who was told (a kind of body, and which organisation), what for, how, and their receipt."""

    recipient: Recipient = Field(strict=False)
    organisation: Ods | None = None
    purpose: CodeText
    channel: NotificationChannel = Field(strict=False)
    receipt: ShortText | None = None

    def command(self, pen: Pen) -> NotifyBody:
        """Record the notification."""
        return NotifyBody(
            notification=RecordId(pen.new_id()),
            recipient=Code(self.recipient.value),
            organisation=None if self.organisation is None else OdsCode(self.organisation),
            purpose=Code(self.purpose),
            channel=Code(self.channel.value),
            receipt=None if self.receipt is None else Reference(self.receipt),
        )


class ExternalSubmission(CommandBody):
    """The record as it was sent to another system: which, what for, its reference there, revision and status."""

    system: ExternalSystem = Field(strict=False)
    purpose: CodeText
    reference: ShortText | None = None
    revision: int = Field(default=1, ge=1, le=100_000)
    status: SubmissionStatus = Field(strict=False)

    def command(self, pen: Pen) -> SubmitExternally:
        """Record the submission."""
        return SubmitExternally(
            submission=RecordId(pen.new_id()),
            system=Code(self.system.value),
            purpose=Code(self.purpose),
            reference=None if self.reference is None else Reference(self.reference),
            revision=self.revision,
            status=Code(self.status.value),
        )


class Closure(CommandBody):
    """The case is closed; where there was no learning response, the reason why not."""

    reason: LongText | None = None

    def command(self, pen: Pen) -> CloseIncident:
        """Close it."""
        return CloseIncident(reason=pen.maybe_narrative(self.reason))


class Reopening(CommandBody):
    """Why the closed case is opened again."""

    reason: LongText

    def command(self, pen: Pen) -> ReopenIncident:
        """Reopen it."""
        return ReopenIncident(reason=pen.narrative(self.reason))


class EnteredInError(CommandBody):
    """Why the report should never have been made."""

    reason: LongText

    def command(self, pen: Pen) -> EnterInError:
        """Mark it."""
        return EnterInError(reason=pen.narrative(self.reason))
