"""Closing a case: whose decision it is, and every reason against it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.incident.closing import (
    ActionAtClosing,
    CaseAtClosing,
    FindingAtClosing,
    PersonAtClosing,
    ResponseAtClosing,
    questions_to_answer,
)
from domain.incident.commands.close_incident import (
    CaseNotReady,
    CloseIncident,
    ClosureIsTheCommissioners,
    ClosureIsTheProviders,
    close_incident,
)
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutyOpened
from domain.incident.events import IncidentClosed
from domain.incident.standing import CaseClosed
from domain.incident.words import Ending, PausingBody, RecordType
from domain.kernel.actor import Actor
from domain.kernel.words import ActionId, Code, FindingId, OdsCode, PauseId, QuestionId, ResponseId
from domain.policy.facts import FactName
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import Outcome, a_stamp, an_actor, an_id
from tests.support.incidents import (
    COMMISSIONER,
    JOHN,
    MARY,
    POLICY,
    PSIRF_TRUST,
    SIF_TRUST,
    Story,
    a_fact,
    done,
    name,
    words,
)

NEVER, NATIONAL, PLAN = Question.NEVER_EVENT, Question.NATIONAL_RESPONSE, Question.PLAN_PRIORITY
SERIOUS, NOTIFIABLE = Question.SERIOUS_INCIDENT, Question.NOTIFIABLE_SAFETY_INCIDENT

PERSON = PersonAtClosing(
    MARY, has_declined=False, has_notice=True, has_letter=True, has_results=True, open_questions=()
)
ACTION = ActionAtClosing(
    ActionId(an_id(700)),
    is_accepted=True,
    has_due_day=True,
    has_monitoring_group=True,
    is_verified=False,
    is_withdrawn=False,
)
FINDING = FindingAtClosing(FindingId(an_id(720)), is_answered=True)
RESPONSE = ResponseAtClosing(
    ResponseId(an_id(710)),
    method=Code("psii"),
    is_approved=True,
    is_submitted=True,
    is_received=True,
    shared_final_with=frozenset({MARY}),
    is_sharing_waived=False,
    findings=(FINDING,),
)
CANDOUR_DONE = (done("candour.notice_given", person=MARY), done("candour.letter_sent:notification", person=MARY))
CASE = CaseAtClosing(responses=(RESPONSE,), persons=(PERSON,), actions=(ACTION,), dones=CANDOUR_DONE)


def ready() -> Story:
    """A Never Event under PSIRF with candour owed to one person: nothing is left to do but to close."""
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.MET, number=2)
    return story.told(*CANDOUR_DONE, persons=(MARY,))


def close(story: Story, case: CaseAtClosing = CASE, *, reason: str | None = None, by: Actor | None = None) -> Outcome:
    command = CloseIncident(reason=None if reason is None else words(reason))
    stamp = a_stamp(days=1, by=by)
    outcome: Outcome = story.when(close_incident, command, stamp, case=case, policy=POLICY)
    return outcome


def codes(outcome: Outcome) -> tuple[str, ...]:
    outcome.then_refused(CaseNotReady)
    refusal = outcome.refusal
    assert isinstance(refusal, CaseNotReady)
    assert len(refusal.codes) == len(refusal.reasons)
    return refusal.codes


def test_a_case_whose_response_is_complete_closes_with_its_actions_open() -> None:
    close(ready()).then(
        IncidentClosed,
        ending=Ending.RESPONSE_COMPLETE,
        actions_open=1,
        responses=(RESPONSE.response,),
        organisation="ZZ1",
        reason=None,
    )


def test_a_report_that_met_nothing_closes_with_a_reason_and_no_response() -> None:
    story = Story()
    for number, question in enumerate((NEVER, NATIONAL, PLAN, NOTIFIABLE)):
        story.decided(question, Answer.NOT_MET, number=number)
    close(story, CaseAtClosing(), reason="Improvement is under way.").then(
        IncidentClosed, ending=Ending.NO_RESPONSE, actions_open=0
    )
    assert codes(close(story, CaseAtClosing())) == ("reason-missing",)
    assert codes(close(story, CaseAtClosing(), reason=" ")) == ("reason-missing",)


def with_person(**changes: Any) -> CaseAtClosing:
    return replace(CASE, persons=(replace(PERSON, **changes),))


def with_response(**changes: Any) -> CaseAtClosing:
    return replace(CASE, responses=(replace(RESPONSE, **changes),))


def with_action(**changes: Any) -> CaseAtClosing:
    return replace(CASE, actions=(replace(ACTION, **changes),))


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (with_person(has_notice=False), "person-without-notice"),
        (with_person(has_letter=False), "person-without-letter"),
        (with_person(has_results=False), "person-without-results"),
        (with_person(open_questions=(QuestionId(an_id(1)),)), "question-unanswered"),
        (with_person(has_declined=True, open_questions=(QuestionId(an_id(1)),)), "question-unanswered"),
        (with_response(is_approved=False), "response-not-approved"),
        (with_response(shared_final_with=frozenset()), "response-not-shared"),
        (with_response(shared_final_with=frozenset({JOHN})), "response-not-shared"),
        (with_response(findings=(FINDING, replace(FINDING, is_answered=False))), "finding-unanswered"),
        (with_action(is_accepted=False), "action-not-accepted"),
        (with_action(has_due_day=False), "action-without-due-day"),
        (with_action(has_monitoring_group=False), "action-not-monitored"),
        (replace(CASE, dones=CANDOUR_DONE[:1]), "legal-duty-unmet"),
    ],
)
def test_each_thing_left_undone_is_a_reason_of_its_own(case: CaseAtClosing, code: str) -> None:
    assert codes(close(ready(), case)) == (code,)


@pytest.mark.parametrize(
    "case",
    [
        with_action(is_verified=True),
        with_action(is_withdrawn=True, is_accepted=False, has_due_day=False, has_monitoring_group=False),
        with_person(has_declined=True, has_notice=False, has_letter=False, has_results=False),
        with_response(is_sharing_waived=True, shared_final_with=frozenset()),
        with_response(is_submitted=False, is_received=False),
        replace(CASE, actions=()),
    ],
)
def test_what_does_not_stand_in_the_way(case: CaseAtClosing) -> None:
    close(ready(), case).then(IncidentClosed)


@pytest.mark.parametrize(
    ("changes", "open_after"),
    [({}, 1), ({"is_verified": True}, 0), ({"is_withdrawn": True}, 0)],
)
def test_actions_that_are_neither_verified_nor_withdrawn_stay_on_the_board(
    changes: dict[str, Any], open_after: int
) -> None:
    close(ready(), with_action(**changes)).then(IncidentClosed, actions_open=open_after)


def test_nobody_who_declined_needs_to_be_shared_with() -> None:
    case = with_response(shared_final_with=frozenset())
    case = replace(case, persons=(replace(PERSON, has_declined=True),))
    close(ready(), case).then(IncidentClosed)


def test_a_response_that_nobody_is_named_for_is_shared_or_a_reason_is_given() -> None:
    """A patient was involved, and nobody affected is on record: silence is neither sharing nor a reason."""
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.NOT_MET, number=2)
    alone = replace(with_response(shared_final_with=frozenset()), persons=())
    assert codes(close(story, alone)) == ("response-not-shared",)
    waived = replace(with_response(shared_final_with=frozenset(), is_sharing_waived=True), persons=())
    close(story, waived).then(IncidentClosed)
    nobody = Story(patients=()).decided(PLAN, Answer.MET)
    close(nobody, alone).then(IncidentClosed)


@pytest.mark.parametrize(
    "changes", [{"record_type": RecordType.RISK}, {"record_type": RecordType.GOOD_CARE}, {"patients": ()}]
)
def test_where_nobody_asks_whether_candour_is_owed_nobody_lacks_it(changes: dict[str, Any]) -> None:
    story = Story(**changes)
    if "patients" in changes:
        story.decided(PLAN, Answer.NOT_MET)
    bare = replace(PERSON, has_notice=False, has_letter=False, has_results=False)
    close(story, CaseAtClosing(persons=(bare,)), reason="Told in passing.").then(IncidentClosed)


def test_every_reason_is_listed_at_once() -> None:
    case = CaseAtClosing(
        responses=(replace(RESPONSE, is_approved=False, shared_final_with=frozenset()),),
        persons=(replace(PERSON, has_notice=False, open_questions=(QuestionId(an_id(1)), QuestionId(an_id(2)))),),
        actions=(replace(ACTION, has_monitoring_group=False),),
    )
    assert codes(close(Story(), case)) == (
        "decision-missing",
        "decision-missing",
        "decision-missing",
        "decision-missing",
        "person-without-notice",
        "question-unanswered",
        "question-unanswered",
        "response-not-approved",
        "response-not-shared",
        "action-not-monitored",
    )


def test_no_reason_names_anybody() -> None:
    case = replace(CASE, persons=(replace(PERSON, has_notice=False),))
    refusal = close(ready(), case).refusal
    assert isinstance(refusal, CaseNotReady)
    assert refusal.reasons == (f"The relevant person {MARY} has not been told in a conversation with an apology.",)


@pytest.mark.parametrize("question", [NEVER, Question.SAFEGUARDING])
def test_an_unclear_answer_blocks_whatever_the_question(question: Question) -> None:
    story = ready().decided(question, Answer.UNCLEAR, number=5)
    assert "decision-unclear" in codes(close(story))


def test_a_decision_that_must_be_made_again_blocks() -> None:
    story = ready().decided(NEVER, Answer.MET, number=5, rests_on=(FactName.SERVICE_STOPPED,))
    story.known(a_fact(FactName.SERVICE_STOPPED, True))
    assert codes(close(story)) == ("decision-prompted",)


def test_a_legal_duty_that_a_person_set_aside_does_not_block() -> None:
    story = ready()
    aside = SetDutyAside(duty=story.duty("C-WRITE", MARY).duty, reason=words())
    story.then(set_duty_aside, aside)
    close(story, replace(CASE, dones=CANDOUR_DONE[:1])).then(IncidentClosed)


def test_a_legal_duty_that_no_reaction_has_opened_yet_blocks_all_the_same() -> None:
    """Reactions may lag; closing must not slip through before them."""
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.MET, number=2)
    assert codes(close(story, replace(CASE, dones=CANDOUR_DONE[:1]))) == ("legal-duty-unmet",)
    assert codes(close(story, replace(CASE, dones=()))) == ("legal-duty-unmet",)


def test_a_legal_duty_owed_to_somebody_not_yet_identified_blocks() -> None:
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.MET, number=2)
    case = replace(CASE, persons=(), dones=())
    assert codes(close(story, case)) == ("legal-duty-unmet", "response-not-shared")


def test_a_legal_duty_falls_away_while_the_person_declines() -> None:
    declined = with_person(has_declined=True, has_notice=False, has_letter=False, has_results=False)
    close(ready(), replace(declined, dones=(done("candour.contact_declined", person=MARY),))).then(IncidentClosed)


def test_what_was_done_for_another_person_meets_nothing() -> None:
    case = replace(CASE, dones=(done("candour.notice_given", person=JOHN), *CANDOUR_DONE[1:]))
    assert codes(close(ready(), case)) == ("legal-duty-unmet",)


def test_duties_that_are_not_law_never_block() -> None:
    assert {duty.terms.rule for duty in ready().incident.duties.values()} >= {"P-SAFE", "P-TELL"}
    close(ready()).then(IncidentClosed)


@pytest.mark.parametrize(
    ("body", "blocks"),
    [(PausingBody.POLICE, True), (PausingBody.CORONER, True), (PausingBody.HSE, False), (PausingBody.COURT, False)],
)
def test_a_pause_for_police_or_coroner_blocks_until_it_ends(body: PausingBody, *, blocks: bool) -> None:
    story = ready()
    pause = PauseDuty(
        pause=PauseId(an_id(600)),
        duty=story.duty("P-TELL").duty,
        body=body,
        reason=words(),
        approver=name(),
        approver_organisation=OdsCode("ZZ1"),
        requested_on=date(2026, 3, 2),
        review_on=date(2026, 3, 31),
    )
    story.then(pause_duty, pause)
    if blocks:
        assert codes(close(story)) == ("clock-paused",)
        story.then(resume_duty, ResumeDuty(pause=pause.pause), a_stamp(days=0.5), policy=POLICY)
    close(story).then(IncidentClosed)


def test_where_candour_is_not_owed_a_person_needs_no_letter_but_their_answers() -> None:
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.NOT_MET, number=2)
    bare = replace(PERSON, has_notice=False, has_letter=False, has_results=False)
    close(story, replace(CASE, persons=(bare,))).then(IncidentClosed)
    asking = replace(bare, open_questions=(QuestionId(an_id(1)),))
    assert codes(close(story, replace(CASE, persons=(asking,)))) == ("question-unanswered",)


@pytest.mark.parametrize(
    ("trust", "changes", "met", "expected"),
    [
        (PSIRF_TRUST, {}, (), (NEVER, NATIONAL, PLAN, NOTIFIABLE)),
        (PSIRF_TRUST, {}, (NEVER,), (NEVER, NOTIFIABLE)),
        (PSIRF_TRUST, {}, (NATIONAL,), (NEVER, NATIONAL, NOTIFIABLE)),
        (PSIRF_TRUST, {"patients": ()}, (), (PLAN,)),
        (PSIRF_TRUST, {"patients": None}, (), (NEVER, NATIONAL, PLAN, NOTIFIABLE)),
        (PSIRF_TRUST, {"record_type": RecordType.RISK}, (), ()),
        (PSIRF_TRUST, {"record_type": RecordType.OUTCOME}, (), ()),
        (PSIRF_TRUST, {"record_type": RecordType.GOOD_CARE}, (), ()),
        (SIF_TRUST, {}, (), (SERIOUS, NEVER, NOTIFIABLE)),
        (SIF_TRUST, {}, (SERIOUS,), (SERIOUS, NEVER, NOTIFIABLE)),
        (SIF_TRUST, {"patients": ()}, (), (SERIOUS,)),
        (SIF_TRUST, {"record_type": RecordType.RISK}, (), ()),
    ],
)
def test_which_questions_must_be_answered(
    trust: Any, changes: dict[str, Any], met: tuple[Question, ...], expected: tuple[Question, ...]
) -> None:
    story = Story(trust, **changes)
    for question in met:
        story.decided(question, Answer.MET)
    assert questions_to_answer(story.incident) == expected


def serious() -> Story:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.MET).decided(NEVER, Answer.NOT_MET, number=2)
    return story.decided(NOTIFIABLE, Answer.NOT_MET, number=3)


def test_under_sif_the_commissioner_closes_a_serious_incident() -> None:
    close(serious()).then_refused(ClosureIsTheCommissioners)
    close(serious(), by=COMMISSIONER).then(IncidentClosed, organisation="ZZQ")


def test_under_sif_the_commissioner_closes_a_never_event() -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.NOT_MET).decided(NEVER, Answer.MET, number=2)
    close(story.decided(NOTIFIABLE, Answer.NOT_MET, number=3)).then_refused(ClosureIsTheCommissioners)


def test_under_sif_the_report_must_have_been_submitted() -> None:
    unsent = with_response(is_submitted=False)
    assert codes(close(serious(), unsent, by=COMMISSIONER)) == ("response-not-submitted",)


def test_under_sif_a_serious_incident_without_a_response_closes_for_a_reason() -> None:
    assert codes(close(serious(), CaseAtClosing(), by=COMMISSIONER)) == ("reason-missing",)
    outcome = close(serious(), CaseAtClosing(), by=COMMISSIONER, reason="Investigated by another provider.")
    outcome.then(IncidentClosed, ending=Ending.NO_RESPONSE)


@pytest.mark.parametrize("by", [an_actor(), COMMISSIONER])
def test_under_sif_what_is_no_serious_incident_may_be_closed_by_either(by: Actor) -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.NOT_MET).decided(NEVER, Answer.NOT_MET, number=2)
    story.decided(NOTIFIABLE, Answer.NOT_MET, number=3)
    close(story, with_response(is_submitted=False), by=by).then(IncidentClosed)


def test_under_psirf_no_commissioner_signs_off() -> None:
    close(ready(), by=COMMISSIONER).then_refused(ClosureIsTheProviders)


def test_closing_opens_what_no_reaction_has_opened_yet() -> None:
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.NOT_MET, number=2)
    commissioned = replace(CASE, dones=(done("learning_response.commissioned:psii"),))
    close(story, commissioned).then(IncidentClosed, DutyOpened)


def test_a_closed_case_is_not_closed_again() -> None:
    close(Story().closed()).then_refused(CaseClosed)
