"""A whole case under the released editions: its streams decided command by command, its clocks as the board shows them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.action.commands.agree_action import AgreeAction, agree_action
from domain.action.events import Strength
from domain.candour.commands.hold_conversation import HoldConversation, hold_conversation
from domain.candour.commands.identify_relevant_person import IdentifyRelevantPerson, identify_relevant_person
from domain.candour.commands.record_contact_attempt import RecordContactAttempt, record_contact_attempt
from domain.candour.commands.record_declined_contact import RecordDeclinedContact, record_declined_contact
from domain.candour.commands.send_letter import SendLetter, send_letter
from domain.candour.commands.share_findings import ShareFindings, share_findings
from domain.candour.events import LetterKind, SharedStage
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.close_incident import CaseNotReady, CloseIncident, close_incident
from domain.incident.commands.decide_threshold import decide_threshold
from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.commands.report_incident import ProviderAtReport, report_incident
from domain.incident.commands.submit_externally import SubmitExternally, submit_externally
from domain.kernel.actor import Actor, Stamp
from domain.kernel.streams import Kind
from domain.kernel.words import Code, DecisionId, Label, OdsCode, PersonId, RecordId
from domain.learning_response.commands.appoint_lead import AppointLead, appoint_lead
from domain.learning_response.commands.approve_response import ApproveResponse, approve_response
from domain.learning_response.commands.commission_response import CommissionResponse, commission_response
from domain.learning_response.commands.leave_finding_without_action import (
    LeaveFindingWithoutAction,
    leave_finding_without_action,
)
from domain.learning_response.commands.make_finding import MakeFinding, make_finding
from domain.learning_response.commands.receive_response import ReceiveResponse, receive_response
from domain.learning_response.commands.submit_response import SubmitResponse, submit_response
from domain.learning_response.events import Factor, Method
from domain.policy.questions import Outcome, Question
from domain.reactions.told_by import told_by
from projections.timeliness.model import MODEL
from projections.timeliness.queries import status_of
from projections.timeliness.rows import ClockRow
from service.handling.closing import case_of
from service.handling.loading import Loaded
from service.policy import read_policy
from tests.support.decisions import an_actor, an_id
from tests.support.incidents import COMMISSIONER, INCIDENT, PSIRF_TRUST, REPORT, a_decision, name, words
from tests.support.read_models.projections import Story, shown

POLICY = read_policy()


class WholeCase:
    """An incident and the other streams of its case; after each command its duties are brought up to date."""

    def __init__(self, at: datetime, provider: ProviderAtReport = PSIRF_TRUST, **changes: Any) -> None:
        self.story = Story()
        self.others: dict[UUID, Loaded] = {}
        self._drawn = 0x1000
        command = replace(REPORT, discovered_at=at, **changes)
        self.incident = report_incident(command, self._stamp(at), provider=provider, policy=POLICY)
        self._tell(self.incident, Kind.INCIDENT, at)

    def decided(
        self, question: Question, outcome: Outcome, at: datetime, *, by: Actor | None = None, **changes: Any
    ) -> None:
        """A threshold question was answered, and identified at the same moment."""
        candour = question is Question.NOTIFIABLE_SAFETY_INCIDENT
        edition = Code("candour-regulation-20") if candour else self.incident.regime
        command = a_decision(question, outcome, edition=edition, identified_at=at)
        command = replace(command, decision=DecisionId(self._new()), **changes)
        self.changed(decide_threshold, command, at, by=by, policy=POLICY, told=self.told())

    def changed(
        self, decide: Callable[..., None], command: Any, at: datetime, *, by: Actor | None = None, **context: Any
    ) -> None:
        """The incident took a command."""
        decide(self.incident, command, self._stamp(at, by), **context)
        self._tell(self.incident, Kind.INCIDENT, at)
        self._react(at)

    def submitted_to(self, system: str, at: datetime) -> None:
        """The record went to a national system, which took it."""
        record = RecordId(self._new())
        command = SubmitExternally(
            submission=record,
            system=Code(system),
            purpose=Code("report"),
            reference=None,
            revision=1,
            status=Code("accepted"),
        )
        self.changed(submit_externally, command, at, policy=POLICY)

    def told_commissioner(self, at: datetime) -> None:
        """The commissioner was told."""
        command = NotifyBody(
            notification=RecordId(self._new()),
            recipient=Code("commissioner"),
            organisation=OdsCode("ZZQ"),
            purpose=Code("report"),
            channel=Code("email"),
            receipt=None,
        )
        self.changed(notify_body, command, at, policy=POLICY)

    def commissioned(self, method: Method, at: datetime) -> Any:
        """A learning response with a lead was commissioned."""
        command = CommissionResponse(
            response=self._new(), incidents=(INCIDENT,), method=method, reason=words(), alternatives=()
        )
        response = self._begun(
            commission_response, command, Kind.LEARNING_RESPONSE, at, regimes=frozenset({self.incident.regime})
        )
        lead = AppointLead(lead=name(), role=Label("Lead"), independent_of_service=True)
        self.other(response, appoint_lead, lead, at)
        return response

    def approved(self, response: Any, at: datetime) -> None:
        """It made a finding from which, for a reason, no action follows; and was signed off."""
        finding = self._new()
        made = MakeFinding(finding=finding, words=words(), evidence=(), factors=(Factor(Code("tasks"), None),))
        self.other(response, make_finding, made, at, known_evidence=())
        left = LeaveFindingWithoutAction(finding=finding, reason=words())
        self.other(response, leave_finding_without_action, left, at)
        self.other(response, approve_response, ApproveResponse(approver=None), at)

    def submitted(self, response: Any, at: datetime, received_at: datetime | None = None) -> None:
        """The report went to the commissioner, who confirmed receipt where a moment is given."""
        self.other(
            response, submit_response, SubmitResponse(to=OdsCode("ZZQ")), at, commissioners=frozenset({OdsCode("ZZQ")})
        )
        if received_at is not None:
            self.other(response, receive_response, ReceiveResponse(receipt=None), received_at, by=COMMISSIONER)

    def identified(self, at: datetime) -> Any:
        """Somebody is owed candour."""
        command = IdentifyRelevantPerson(
            candour=self._new(),
            incident=INCIDENT,
            person=PersonId(self._new()),
            name=name(),
            contact=None,
            relationship=Code("patient"),
            acts_for=None,
            consents=(),
            channel=None,
            language=None,
            format=None,
        )
        return self._begun(identify_relevant_person, command, Kind.CANDOUR, at, already_identified=())

    def talked(self, person: Any, at: datetime, *, channel: str = "in_person") -> None:
        """The person was given notice, with an apology and an offer of support."""
        command = HoldConversation(
            conversation=RecordId(self._new()),
            channel=Code(channel),
            facts_known=words(),
            apology_given=True,
            next_enquiries=words(),
            support_offered=words(),
        )
        self.other(person, hold_conversation, command, at)

    def wrote(self, person: Any, kind: LetterKind, at: datetime) -> None:
        """A letter went to the person."""
        letter = SendLetter(letter=RecordId(self._new()), kind=kind, apology_given=True, outcome=None, contents=None)
        self.other(person, send_letter, letter, at)

    def shared(self, person: Any, response: Any, at: datetime, *, channel: str = "letter") -> None:
        """The final findings were shared with the person."""
        command = ShareFindings(
            share=RecordId(self._new()),
            response=response.id,
            stage=SharedStage.FINAL,
            channel=Code(channel),
            acknowledged=True,
        )
        self.other(person, share_findings, command, at, known_responses=(response.id,))

    def declined(self, person: Any, at: datetime) -> None:
        """The person does not wish to be contacted."""
        command = RecordDeclinedContact(attempt=RecordId(self._new()), wishes=words())
        self.other(person, record_declined_contact, command, at)

    def out_of_reach(self, person: Any, at: datetime) -> None:
        """Nobody expects to reach the person."""
        command = RecordContactAttempt(
            attempt=RecordId(self._new()), channel=Code("telephone"), outcome=Code("cannot_be_contacted"), note=None
        )
        self.other(person, record_contact_attempt, command, at)

    def agreed(self, at: datetime, **changes: Any) -> Any:
        """An action was agreed that answers the incident."""
        command = AgreeAction(
            action=self._new(),
            incidents=(INCIDENT,),
            response=None,
            findings=(),
            areas=(),
            change=words(),
            owner=PersonId(self._new()),
            owner_name=name(),
            owner_role=Label("Ward manager"),
            due_on=at.date(),
            strength=Strength.STRONGER,
            measure=None,
            expected_effect=None,
        )
        command = replace(command, **changes)
        return self._begun(agree_action, command, Kind.ACTION, at, known_findings=(), known_areas=())

    def other(
        self,
        aggregate: Any,
        decide: Callable[..., None],
        command: Any,
        at: datetime,
        *,
        by: Actor | None = None,
        **context: Any,
    ) -> None:
        """Another stream of the case took a command."""
        decide(aggregate, command, self._stamp(at, by), **context)
        self._tell(aggregate, self.others[aggregate.id].kind, at)
        self._react(at)

    def told(self) -> Any:
        """What the other streams tell the incident."""
        return told_by(fact for loaded in self.others.values() for fact in loaded.facts)

    def closing(self, at: datetime, *, by: Actor | None = None, reason: str | None = None) -> tuple[str, ...]:
        """The code of each obstacle to closing now; none: it was closed."""
        command = CloseIncident(reason=None if reason is None else words(reason))
        case = case_of([*self.others.values()])
        try:
            self.changed(close_incident, command, at, by=by, case=case, policy=POLICY)
        except CaseNotReady as refusal:
            return refusal.codes
        return ()

    def clocks(self, rule: str) -> list[ClockRow]:
        """The clocks of a rule, in the order in which they were opened."""
        return [row for row in shown(MODEL, self.story.events).rows.values() if row.rule == rule]

    def status(self, rule: str, as_of: datetime) -> str:
        """The word for the one clock of a rule that was not handed over to named persons."""
        [row] = [row for row in self.clocks(rule) if row.set_aside_because != "owed_to_named_persons"]
        return status_of(row, as_of).value

    def _begun(self, decide: Callable[..., Any], command: Any, kind: Kind, at: datetime, **context: Any) -> Any:
        aggregate = decide(command, self._stamp(at), **context)
        self._tell(aggregate, kind, at)
        self._react(at)
        return aggregate

    def _tell(self, aggregate: Any, kind: Kind, at: datetime) -> None:
        facts = tuple(aggregate.collect_events())
        for fact in facts:
            self.story.tell(fact, kind=kind.value, cases=(INCIDENT,), recorded_at=at)
        if kind is not Kind.INCIDENT:
            earlier = self.others.get(aggregate.id)
            told = (*(earlier.facts if earlier else ()), *facts)
            self.others[aggregate.id] = Loaded(
                aggregate.id, kind, OdsCode("ZZ1"), aggregate.version, 0, (INCIDENT,), aggregate, told
            )

    def _react(self, at: datetime) -> None:
        if self.incident.is_entered_in_error:
            return
        told = self.told()
        command = BringDutiesUpToDate(starts=told.starts, persons=told.persons, methods=told.methods)
        bring_duties_up_to_date(self.incident, command, self._stamp(at), policy=POLICY)
        self._tell(self.incident, Kind.INCIDENT, at)

    def _new(self) -> Any:
        self._drawn += 1
        return an_id(self._drawn)

    def _stamp(self, at: datetime, by: Actor | None = None) -> Stamp:
        return Stamp(by=by or an_actor(), at=at, now=at)


def utc(text: str) -> datetime:
    """An instant in UTC, written `YYYY-MM-DD HH:MM`."""
    return datetime.fromisoformat(f"{text}:00+00:00")
