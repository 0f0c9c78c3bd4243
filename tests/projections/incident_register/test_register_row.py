"""The register's row of a case, as the facts of all its streams leave it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.candour.events import ContactDeclined, QuestionAnswered, QuestionAsked, RelevantPersonIdentified
from domain.evidence.events import EvidencePreserved
from domain.incident.events import (
    FactsAdded,
    IncidentAssigned,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    RedecisionPrompted,
    SafetySecured,
    ThresholdDecided,
)
from domain.incident.words import AddedFact, Assignment
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.words import Code, QuestionId
from domain.learning_response.events import Method, ResponseApproved, ResponseCommissioned
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.incident_register.model import MODEL
from projections.incident_register.rows import IncidentRow
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import kind_of, sample

CASE = an_id(1)
STREAMS = {
    "incident": CASE,
    "action": an_id(2),
    "evidence": an_id(3),
    "candour": an_id(4),
    "learning_response": an_id(5),
}
SEVERE, LOW = Harm(Code("2"), Code("lfpse-5")), Harm(Code("4"), Code("lfpse-5"))


def told(event: type[Any], *, stream: UUID | None = None, at: datetime = NOON, **changes: Any) -> Any:
    """A sample of an event, in its stream of the case."""
    return replace(sample(event), originator_id=stream or STREAMS[kind_of(event)], timestamp=at, **changes)


def the_row(*chapters: Any, report: Any = None) -> IncidentRow:
    story = Story()
    for fact in (report or told(IncidentReported, patients=None), *chapters):
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,))
    (row,) = shown(MODEL, story.events).rows.values()
    return row


def harmed(*facts: tuple[FactName, int | None, Any]) -> FactsAdded:
    added: FactsAdded = told(FactsAdded, facts=tuple(AddedFact(*fact, judge=None) for fact in facts))
    return added


def decided(question: Question, outcome: Outcome) -> Any:
    return told(ThresholdDecided, question=question, outcome=outcome)


def test_a_report_fills_the_row() -> None:
    report = told(IncidentReported, discovered_at=datetime(2026, 4, 1, 0, 30, tzinfo=UTC))

    row = the_row(report=report)

    assert (row.organisation, row.id, row.stream_version, row.status) == ("ZZ1", CASE, 1, "open")
    assert (row.source_system, row.local_reference) == (report.source_system, report.local_reference)
    assert (row.site, row.division, row.specialty) == ("site", "division", "specialty")
    assert (row.financial_year, row.quarter) == ("2026/27", "Q1")
    assert (row.occurred_from, row.occurred_to) == (report.occurred.earliest, report.occurred.latest)
    assert row.what_happened == report.what_happened
    assert row.patients == 2
    assert row.never_event is None


@pytest.mark.parametrize(("patients", "count"), [(None, None), ((), 0), ((PatientHarm(1, LOW, None),), 1)])
def test_nobody_known_is_not_nobody(patients: Any, count: int | None) -> None:
    assert the_row(report=told(IncidentReported, patients=patients)).patients == count


@pytest.mark.parametrize(
    ("facts", "worst"),
    [
        ([], None),
        ([(FactName.PHYSICAL_HARM, 1, LOW)], "low"),
        ([(FactName.PHYSICAL_HARM, 1, LOW), (FactName.PSYCHOLOGICAL_HARM, 1, SEVERE)], "moderate"),
        ([(FactName.PHYSICAL_HARM, 1, LOW), (FactName.PHYSICAL_HARM, 2, SEVERE)], "severe"),
        ([(FactName.PHYSICAL_HARM, 1, SEVERE), (FactName.PHYSICAL_HARM, 1, LOW)], "low"),
        ([(FactName.PHYSICAL_HARM, 1, SEVERE), (FactName.PHYSICAL_HARM, 1, None)], None),
        ([(FactName.PHYSICAL_HARM, 1, LOW), (FactName.DIED, 1, True)], "fatal"),
        ([(FactName.DIED, 1, True), (FactName.DIED, 1, False)], None),
        ([(FactName.DIED, 1, True), (FactName.DIED, 1, None), (FactName.PHYSICAL_HARM, 1, LOW)], "low"),
        ([(FactName.DIED, 1, True), (FactName.DIED, 2, False)], "fatal"),
        ([(FactName.RETURN_TO_THEATRE, None, True)], None),
    ],
)
def test_the_worst_harm_is_the_worst_of_what_is_known_now(facts: Iterable[Any], worst: str | None) -> None:
    assert the_row(*(harmed(fact) for fact in facts)).worst_harm == worst


def test_harm_in_the_report_counts_until_a_fact_says_otherwise() -> None:
    report = told(IncidentReported, patients=(PatientHarm(1, SEVERE, None),))

    assert the_row(report=report).worst_harm == "severe"
    assert the_row(harmed((FactName.PHYSICAL_HARM, 1, LOW)), report=report).worst_harm == "low"


def test_the_last_answer_to_a_question_counts_and_settles_the_prompt() -> None:
    asked = told(RedecisionPrompted, question=Question.NEVER_EVENT)
    first, again = decided(Question.NEVER_EVENT, Outcome.NOT_MET), decided(Question.NEVER_EVENT, Outcome.MET)

    prompted = the_row(first, asked, asked)
    settled = the_row(first, asked, again)

    assert (prompted.never_event, prompted.decide_again) == ("not_met", ("never_event",))
    assert (settled.never_event, settled.decide_again) == ("met", ())
    assert the_row(first, asked, decided(Question.MNSI, Outcome.MET)).decide_again == ("never_event",)


def test_a_case_closes_and_opens_again() -> None:
    closed = the_row(told(IncidentClosed, at=NOON + timedelta(days=1)))
    reopened = the_row(told(IncidentClosed), told(IncidentReopened))

    assert (closed.status, closed.closed_at, closed.ending) == ("closed", NOON + timedelta(days=1), "response_complete")
    assert (reopened.status, reopened.closed_at, reopened.ending, reopened.times_reopened) == ("open", None, None, 1)


def test_a_report_entered_in_error_stays_and_says_so() -> None:
    assert the_row(told(IncidentClosed), told(IncidentEnteredInError)).status == "entered_in_error"


def test_who_is_asked_for_what_is_said_once() -> None:
    handler = told(IncidentAssigned, assignment=Assignment.HANDLER)
    lead = told(IncidentAssigned, assignment=Assignment.ENGAGEMENT_LEAD)

    assert the_row(handler, lead, handler).assigned == ("engagement_lead", "handler")


def test_people_were_safe_when_they_first_were() -> None:
    later = told(SafetySecured, at=NOON + timedelta(hours=1))

    assert the_row(told(SafetySecured), later).safety_secured_at == NOON


def test_questions_stay_open_until_each_is_answered() -> None:
    asked = [told(QuestionAsked, question=QuestionId(an_id(number))) for number in (11, 12)]
    answered = told(QuestionAnswered, question=QuestionId(an_id(11)))

    row = the_row(told(RelevantPersonIdentified), told(ContactDeclined), *asked, answered)

    assert (row.relevant_persons, row.contact_declined) == (1, 1)
    assert (row.questions_asked, row.questions_open) == (2, 1)


def test_evidence_and_learning_responses_are_counted() -> None:
    other = told(ResponseCommissioned, stream=an_id(6), method=Method.SWARM)

    row = the_row(told(EvidencePreserved), told(ResponseCommissioned), other, told(ResponseApproved))

    assert (row.evidence_items, row.learning_responses) == (1, ("psii", "swarm"))
    assert row.learning_responses_approved == 1


@pytest.mark.parametrize(
    ("facts", "is_open", "verified"),
    [
        ([], 1, 0),
        ([ActionAccepted, ActionHandedOver, ActionMonitored], 1, 0),
        ([ActionAccepted, ActionCompleted], 1, 0),
        ([ActionAccepted, ActionCompleted, ActionRejected], 1, 0),
        ([ActionAccepted, ActionCompleted, ActionVerified], 0, 1),
        ([ActionWithdrawn], 0, 0),
    ],
)
def test_actions_are_open_until_they_are_verified_or_withdrawn(
    facts: list[type[Any]], is_open: int, verified: int
) -> None:
    row = the_row(told(ActionAgreed), *(told(fact) for fact in facts))

    assert (row.actions, row.actions_open, row.actions_verified) == (1, is_open, verified)


def test_the_version_is_that_of_the_incidents_own_stream() -> None:
    assert the_row(told(ActionAgreed), told(SafetySecured), told(EvidencePreserved)).stream_version == 2


def test_what_is_told_of_a_case_that_was_never_reported_leaves_no_row() -> None:
    story = Story()
    story.tell(told(SafetySecured), cases=(CASE,))

    assert shown(MODEL, story.events).rows == {}
