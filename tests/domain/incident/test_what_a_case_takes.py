"""Every command on an incident, over every state of its case."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.access.incident import TABLE
from domain.incident.closing import CaseAtClosing
from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.add_person import AddPerson, add_person
from domain.incident.commands.assign_incident import AssignIncident, assign_incident
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.close_incident import CloseIncident, close_incident
from domain.incident.commands.decide_threshold import DecideThreshold, decide_threshold
from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.make_initial_review import MakeInitialReview, make_initial_review
from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.place_legal_hold import PlaceLegalHold, place_legal_hold
from domain.incident.commands.release_legal_hold import ReleaseLegalHold, release_legal_hold
from domain.incident.commands.reopen_incident import CaseNotClosed, ReopenIncident, reopen_incident
from domain.incident.commands.report_incident import ReportIncident
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.secure_safety import SecureSafety, secure_safety
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.commands.submit_externally import SubmitExternally, submit_externally
from domain.incident.standing import CaseClosed, CaseEnteredInError
from domain.incident.state import Status
from domain.incident.words import Assignment, HoldAuthority, PausingBody, PersonKind
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, HoldId, OdsCode, PauseId, RecordId
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp, an_actor, an_id
from tests.support.incidents import MARY, PLANNED_TRUST, POLICY, Story, a_decision, a_fact, done, name, words

RECORD = RecordId(an_id(500))
STOPPED, RUNNING = PauseId(an_id(600)), PauseId(an_id(601))
WITH_POLICY = {"policy": POLICY}
COMMISSIONED = done("learning_response.commissioned:psii")
PANEL, PSII, SAFE = "L-PANEL", "P-PSII", "P-SAFE"

STORY = Story(PLANNED_TRUST).told(COMMISSIONED)
PAUSE = PauseDuty(
    pause=STOPPED,
    duty=STORY.duty(PANEL).duty,
    body=PausingBody.HSE,
    reason=words(),
    approver=name(),
    approver_organisation=OdsCode("ZZ1"),
    requested_on=date(2026, 3, 2),
    review_on=date(2026, 3, 31),
)

KEPT = HoldId(an_id(700))
HOLD = PlaceLegalHold(hold=KEPT, authority=HoldAuthority.POLICE, reference=None, reason=words())

COMMANDS: dict[type[Any], tuple[Any, Any, dict[str, Any]]] = {
    AddFacts: (add_facts, AddFacts(facts=(a_fact(FactName.DIED, True, patient=1),)), WITH_POLICY),
    AddPerson: (
        add_person,
        AddPerson(person=MARY, kind=PersonKind.STAFF, patient=None, name=name(), nhs_number=None, born_on=None),
        {},
    ),
    AssignIncident: (
        assign_incident,
        AssignIncident(assignment=Assignment.HANDLER, person=MARY, name=name(), role=None),
        {},
    ),
    DecideThreshold: (decide_threshold, a_decision(Question.SAFEGUARDING, Outcome.NOT_MET), WITH_POLICY),
    SecureSafety: (secure_safety, SecureSafety(step=RECORD, steps_taken=words()), WITH_POLICY),
    MakeInitialReview: (
        make_initial_review,
        MakeInitialReview(review=RECORD, summary=words(), submitted_to=None),
        WITH_POLICY,
    ),
    NotifyBody: (
        notify_body,
        NotifyBody(
            notification=RECORD,
            recipient=Code("cqc"),
            organisation=None,
            purpose=Code("death"),
            channel=Code("portal"),
            receipt=None,
        ),
        WITH_POLICY,
    ),
    SubmitExternally: (
        submit_externally,
        SubmitExternally(
            submission=RECORD,
            system=Code("lfpse"),
            purpose=Code("report"),
            reference=None,
            revision=1,
            status=Code("sent"),
        ),
        WITH_POLICY,
    ),
    BringDutiesUpToDate: (
        bring_duties_up_to_date,
        BringDutiesUpToDate(starts=(replace(COMMISSIONED, at=NOON.replace(hour=11)),), persons=(), methods=()),
        WITH_POLICY,
    ),
    PauseDuty: (pause_duty, replace(PAUSE, pause=RUNNING, duty=STORY.duty(PSII).duty), {}),
    ResumeDuty: (resume_duty, ResumeDuty(pause=STOPPED), WITH_POLICY),
    ExtendDuty: (
        extend_duty,
        ExtendDuty(
            duty=STORY.duty(PSII).duty,
            due_at=NOON.replace(year=2027),
            reason=words(),
            agreed_by=name(),
            agreed_by_organisation=OdsCode("ZZ1"),
        ),
        {"commissioners": frozenset()},
    ),
    SetDutyAside: (set_duty_aside, SetDutyAside(duty=STORY.duty(SAFE).duty, reason=words()), {}),
    CloseIncident: (
        close_incident,
        CloseIncident(reason=words()),
        {"case": CaseAtClosing(), "policy": POLICY},
    ),
    ReopenIncident: (reopen_incident, ReopenIncident(reason=words()), {}),
    EnterInError: (enter_in_error, EnterInError(reason=words()), {}),
    PlaceLegalHold: (place_legal_hold, replace(HOLD, authority=HoldAuthority.CORONER), {}),
    ReleaseLegalHold: (release_legal_hold, ReleaseLegalHold(hold=KEPT, reason=words()), {}),
}

TAKEN_WHEN_CLOSED = {
    AddFacts,
    AddPerson,
    NotifyBody,
    SubmitExternally,
    BringDutiesUpToDate,
    SetDutyAside,
    ReopenIncident,
    PlaceLegalHold,
    ReleaseLegalHold,
}
TAKEN_IN_ERROR = {PlaceLegalHold, ReleaseLegalHold}


def undecided() -> Story:
    """Open, with one clock stopped, and kept for the police; nothing is left to decide but what the tests decide."""
    story = Story(PLANNED_TRUST).told(COMMISSIONED).then(pause_duty, PAUSE)
    story.then(place_legal_hold, HOLD, a_stamp(by=an_actor(number=2)))
    for question in (Question.NEVER_EVENT, Question.NATIONAL_RESPONSE, Question.PLAN_PRIORITY):
        story.decided(question, Outcome.NOT_MET)
    return story.decided(Question.NOTIFIABLE_SAFETY_INCIDENT, Outcome.NOT_MET)


def a_case(status: Status) -> Story:
    match status:
        case Status.OPEN:
            return undecided()
        case Status.CLOSED:
            return undecided().closed()
        case Status.ENTERED_IN_ERROR:
            return undecided().entered_in_error()


def expected_refusal(command: type[Any], status: Status) -> type[Refusal] | None:
    match status:
        case Status.OPEN:
            return CaseNotClosed if command is ReopenIncident else None
        case Status.CLOSED:
            return None if command in TAKEN_WHEN_CLOSED else CaseClosed
        case Status.ENTERED_IN_ERROR:
            return None if command in TAKEN_IN_ERROR else CaseEnteredInError


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", list(COMMANDS), ids=lambda kind: kind.__name__)
def test_every_command_over_every_state(kind: type[Any], status: Status) -> None:
    decide, command, context = COMMANDS[kind]
    story = a_case(status)
    assert story.incident.status is status
    outcome = story.when(decide, command, a_stamp(days=1), **context)
    refusal = expected_refusal(kind, status)
    if refusal is None:
        assert outcome.refusal is None, outcome.refusal
        assert outcome.events
    else:
        outcome.then_refused(refusal)


def test_the_table_holds_every_command_on_an_incident_that_stands() -> None:
    assert {*COMMANDS, ReportIncident} == set(TABLE)


@pytest.mark.parametrize("kind", list(COMMANDS), ids=lambda kind: kind.__name__)
def test_every_answer_is_about_the_fact_that_was_ordered_and_not_about_what_follows(kind: type[Any]) -> None:
    """The first event of an append names what the command added; duties that follow come after it."""
    decide, command, context = COMMANDS[kind]
    state = Status.CLOSED if kind is ReopenIncident else Status.OPEN
    first = a_case(state).when(decide, command, a_stamp(days=1), **context).events[0]
    is_about_duty = "Duty" in type(first).__name__
    assert is_about_duty is ("Dut" in kind.__name__)
