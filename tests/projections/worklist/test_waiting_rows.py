"""The rows of the worklist: what each case, learning response and action waits for, and what it waits for no longer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.incident.events import (
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    RedecisionPrompted,
    ThresholdAssessed,
    ThresholdDecided,
)
from domain.incident.words import RecordType
from domain.kernel.words import ActorId, OdsCode
from domain.learning_response.events import (
    DraftPutForward,
    DraftReturned,
    FindingMade,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
)
from domain.policy.clocks import end_of_day
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.worklist.model import MODEL
from projections.worklist.rows import WaitingRow
from tests.projections.worklist.waiting_stories import fact
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import MONDAY, kind_of

CASE, STREAM = an_id(1), an_id(2)
OLIVE, PETRA = ActorId(an_id(11)), ActorId(an_id(12))


def the_rows(*facts: Any) -> dict[str, WaitingRow]:
    story = Story()
    for each in facts:
        story.tell(each, kind=kind_of(type(each)), cases=(CASE,))
    return shown(MODEL, story.events).rows


def told(event: type[Any], hours: int = 0, **changes: Any) -> Any:
    stream = CASE if kind_of(event) == "incident" else STREAM
    return fact(event, stream=stream, hours=hours, **changes)


def reported(**changes: Any) -> Any:
    return told(IncidentReported, **{"patients": None, **changes})


def decided(question: Question, outcome: Outcome, hours: int = 1, decision: UUID = STREAM) -> Any:
    return told(ThresholdDecided, hours, question=question, outcome=outcome, decision=decision)


def prompted(question: Question, *facts: FactName, hours: int = 2) -> Any:
    return told(RedecisionPrompted, hours, question=question, facts=facts)


def asked(*facts: Any) -> dict[str, str]:
    """The questions that wait, each with its kind."""
    return {str(row.question): row.kind for row in the_rows(*facts).values() if row.question}


@pytest.mark.parametrize(
    ("changes", "questions"),
    [
        ({}, {"never_event", "national_response", "plan_priority", "notifiable_safety_incident"}),
        ({"patients": ()}, {"plan_priority"}),
        ({"regime": "sif-2015"}, {"serious_incident", "never_event", "notifiable_safety_incident"}),
        ({"regime": "sif-2015", "patients": ()}, {"serious_incident"}),
        ({"record_type": RecordType.RISK}, set()),
        ({"record_type": RecordType.GOOD_CARE}, set()),
    ],
)
def test_every_question_that_must_be_answered_waits_from_the_report(
    changes: dict[str, Any], questions: set[str]
) -> None:
    assert asked(reported(**changes)) == dict.fromkeys(questions, "undecided")


def test_an_answer_ends_the_waiting_and_under_psirf_that_of_the_later_questions() -> None:
    told_so = asked(reported(), decided(Question.NEVER_EVENT, Outcome.MET))
    denied = asked(reported(), decided(Question.NEVER_EVENT, Outcome.NOT_MET))

    assert told_so == {"notifiable_safety_incident": "undecided"}
    assert sorted(denied) == ["national_response", "notifiable_safety_incident", "plan_priority"]


def assessed(question: Question, outcome: Outcome, hours: int = 1) -> Any:
    said = replace(told(ThresholdAssessed).assessed, outcome=outcome)
    return told(ThresholdAssessed, hours, question=question, assessed=said)


def test_what_the_rules_say_is_met_waits_for_a_decision_though_the_regime_does_not_ask_for_one() -> None:
    history = [reported(), assessed(Question.CQC_NOTIFICATION, Outcome.MET, hours=3)]
    row = the_rows(*history, assessed(Question.CQC_NOTIFICATION, Outcome.MET, hours=4))[f"{CASE}:cqc_notification"]

    assert (row.kind, row.outcome, row.decision_id) == ("assessed_met", "met", None)
    assert row.waiting_since == NOON + timedelta(hours=3)
    assert "cqc_notification" not in asked(*history, assessed(Question.CQC_NOTIFICATION, Outcome.NOT_MET))
    assert "cqc_notification" not in asked(*history, decided(Question.CQC_NOTIFICATION, Outcome.NOT_MET))
    assert "cqc_notification" not in asked(*history, told(IncidentClosed))


def test_a_question_that_is_asked_and_that_the_rules_say_is_met_waits_once() -> None:
    waiting = asked(reported(), assessed(Question.NEVER_EVENT, Outcome.MET))
    assert waiting["never_event"] == "assessed_met"


def test_an_unclear_answer_waits_since_it_was_given() -> None:
    rows = the_rows(reported(), decided(Question.NEVER_EVENT, Outcome.UNCLEAR, hours=5))
    row = rows[f"{CASE}:never_event"]

    assert (row.kind, row.outcome, row.decision_id) == ("unclear", "unclear", STREAM)
    assert row.waiting_since == NOON + timedelta(hours=5)


def test_changed_facts_prompt_the_decision_again_and_are_named_until_it_is_made() -> None:
    decision = decided(Question.NEVER_EVENT, Outcome.NOT_MET)
    first = prompted(Question.NEVER_EVENT, FactName.PHYSICAL_HARM, hours=2)
    second = prompted(Question.NEVER_EVENT, FactName.DIED, FactName.PHYSICAL_HARM, hours=3)
    key = f"{CASE}:never_event"

    row = the_rows(reported(), decision, first, second)[key]
    again = the_rows(reported(), decision, first, second, decided(Question.NEVER_EVENT, Outcome.NOT_MET, hours=4))

    assert (row.kind, row.outcome) == ("decide_again", "not_met")
    assert row.changed_facts == (FactName.DIED, FactName.PHYSICAL_HARM)
    assert row.waiting_since == NOON + timedelta(hours=2)
    assert key not in again


def test_a_prompt_is_about_one_question_only() -> None:
    answers = (decided(Question.NEVER_EVENT, Outcome.NOT_MET), decided(Question.NATIONAL_RESPONSE, Outcome.MET))
    prompts = (prompted(Question.NEVER_EVENT, FactName.DIED), prompted(Question.NATIONAL_RESPONSE, FactName.DIED))

    waiting = asked(reported(), *answers, *prompts, decided(Question.NEVER_EVENT, Outcome.NOT_MET, hours=9))

    assert waiting == {"national_response": "decide_again", "notifiable_safety_incident": "undecided"}


def test_a_closed_case_waits_for_what_must_be_decided_again_and_for_no_first_answer() -> None:
    story = (reported(), decided(Question.NEVER_EVENT, Outcome.NOT_MET), told(IncidentClosed))
    prompt = prompted(Question.NEVER_EVENT, FactName.DIED)

    assert asked(*story) == {}
    assert asked(*story, prompt) == {"never_event": "decide_again"}
    assert "plan_priority" in asked(*story, prompt, told(IncidentReopened))


def test_a_report_entered_in_error_waits_for_nothing() -> None:
    answer = decided(Question.NEVER_EVENT, Outcome.UNCLEAR)

    assert the_rows(reported(), answer, told(IncidentEnteredInError)) == {}


STEPS = (LeadAppointed, FindingMade, ResponseApproved, ResponseSubmitted, ResponseReceived)


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        (0, "response_without_lead"),
        (1, None),
        (2, "response_to_approve"),
        (3, "response_to_submit"),
        (4, "response_to_receive"),
        (5, None),
    ],
)
def test_a_learning_response_waits_for_its_next_step(steps: int, kind: str | None) -> None:
    begun = told(ResponseCommissioned, incidents=(CASE,))
    taken = [told(step, number + 1) for number, step in enumerate(STEPS[:steps])]

    found = [(row.kind, row.waiting_since, row.incident_id) for row in the_rows(begun, *taken).values()]

    assert found == ([(kind, NOON + timedelta(hours=steps), CASE)] if kind else [])


def test_a_draft_that_its_approver_gave_back_waits_for_them_no_longer_until_it_comes_again() -> None:
    story = [told(ResponseCommissioned, incidents=(CASE,)), told(LeadAppointed, 1), told(FindingMade, 2)]
    story += [told(DraftPutForward, 3), told(DraftReturned, 4)]

    assert the_rows(*story) == {}
    (row,) = the_rows(*story, told(DraftPutForward, 5)).values()
    assert (row.kind, row.waiting_since) == ("response_to_approve", NOON + timedelta(hours=5))


def test_what_is_submitted_again_waits_for_its_new_receipt() -> None:
    story = [told(each) for each in STEPS]
    again = told(ResponseSubmitted, to=OdsCode("ZZP"))

    row = the_rows(told(ResponseCommissioned, incidents=(CASE,)), *story, again)[str(STREAM)]

    assert (row.kind, row.submitted_to) == ("response_to_receive", "ZZP")


def the_action(*facts: Any) -> WaitingRow | None:
    return the_rows(told(ActionAgreed, incidents=(CASE, STREAM), due_on=MONDAY), *facts).get(str(STREAM))


ACCEPTED, COMPLETED = told(ActionAccepted, accepted_by=OLIVE), told(ActionCompleted, completed_by=PETRA)


@pytest.mark.parametrize(
    ("facts", "kind", "accepted_by", "hands"),
    [
        ((), "action_to_accept", None, ()),
        ((ACCEPTED,), "action", OLIVE, (OLIVE,)),
        ((ACCEPTED, COMPLETED), "action_to_verify", OLIVE, (OLIVE, PETRA)),
        ((ACCEPTED, COMPLETED, told(ActionRejected)), "action", OLIVE, (OLIVE, PETRA)),
        ((ACCEPTED, told(ActionHandedOver)), "action_to_accept", None, (OLIVE,)),
    ],
)
def test_an_action_waits_for_its_next_hand(facts: Any, kind: str, accepted_by: Any, hands: Any) -> None:
    row = the_action(*facts)

    assert row is not None
    assert (row.kind, row.accepted_by, row.hands, row.incident_id) == (kind, accepted_by, hands, CASE)
    assert row.due_at == end_of_day(MONDAY)


def test_a_later_due_day_is_the_one_that_counts() -> None:
    later = MONDAY + timedelta(days=7)

    row = the_action(told(ActionExtended, due_on=later))

    assert row is not None
    assert row.due_at == end_of_day(later)


@pytest.mark.parametrize("end", [ActionVerified, ActionWithdrawn])
def test_an_action_that_is_verified_or_withdrawn_waits_for_nobody(end: type[Any]) -> None:
    assert the_action(ACCEPTED, COMPLETED, told(end)) is None
