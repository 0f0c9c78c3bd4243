"""What would have been owed: duties of one list of editions only, the same ones with other terms, and the reasons."""

from datetime import UTC, datetime, timedelta

from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.what_if.comparing import Difference, compare
from domain.incident.what_if.past import Moment
from domain.kernel.words import Code, OdsCode
from domain.policy.edition import Force, Unit
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from domain.policy.status import ClockStatus
from tests.domain.what_if.cases import (
    AN_INVESTIGATION,
    MARY_IS_TOLD,
    NEW,
    OLD,
    PLAN,
    Decided,
    Known,
    Step,
    ToldOf,
    a_change,
    compared,
    moments,
    of_rule,
    policy,
    reported,
)
from tests.support.decisions import NOON
from tests.support.incidents import PLANNED_TRUST, SIF_TRUST, name, words

TO_NEW, TO_OLD = a_change(NEW), a_change(OLD)
NEVER_EVENT = Decided(1)
SERIOUS = Decided(1, Question.SERIOUS_INCIDENT)
NOTIFIABLE = Decided(1, Question.NOTIFIABLE_SAFETY_INCIDENT)


def end_of(day: int) -> datetime:
    return datetime(2026, 3, day, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_duty_that_the_other_edition_does_not_know_is_owed_only_under_its_own() -> None:
    found = of_rule(compared(TO_OLD, NEVER_EVENT), "P-TELL")

    assert (found.difference, found.other) == (Difference.ONLY_UNDER_OWN, None)
    assert found.why == ("P-TELL is no rule of sif-2015.",)
    assert found.own is not None
    assert (found.own.due_at, found.own.status) == (end_of(4), ClockStatus.OVERDUE)
    assert found.own.missed


def test_a_decision_of_the_past_opens_what_the_other_edition_asks_for() -> None:
    found = of_rule(compared(TO_OLD, SERIOUS), "S-TELL")

    assert (found.difference, found.own) == (Difference.ONLY_UNDER_OTHER, None)
    assert found.why == ("S-TELL is no rule of psirf-2022.",)
    assert found.other is not None
    assert (found.other.started_at, found.other.due_at) == (SERIOUS.at, end_of(4))
    assert (found.other.edition, found.other.assessed) == (policy().named(OLD).reference, False)


def test_the_same_rule_with_another_limit_and_force_is_changed() -> None:
    found = of_rule(compared(TO_NEW, NEVER_EVENT), "P-TELL")

    assert found.difference is Difference.CHANGED
    assert found.why == (
        "The limit is 1 working days instead of 2 working days.",
        "The force is contract instead of national.",
    )
    assert found.own is not None
    assert found.other is not None
    assert (found.own.length, found.own.force, found.own.due_at) == (2, Force.NATIONAL, end_of(4))
    assert (found.other.length, found.other.force, found.other.due_at) == (1, Force.CONTRACT, end_of(3))


def test_what_met_the_duty_is_late_where_the_limit_is_shorter() -> None:
    told = ToldOf(40, "incident.notified:commissioner")
    found = of_rule(compared(TO_NEW, NEVER_EVENT, told), "P-TELL")

    assert found.own is not None
    assert found.other is not None
    assert (found.own.status, found.other.status) == (ClockStatus.MET, ClockStatus.MET_LATE)
    assert found.own.met_at == found.other.met_at == told.at


def test_only_the_text_and_whether_it_was_checked_being_another_is_no_change() -> None:
    found = compared(TO_NEW)

    assert found.same == ("P-SAFE",)
    assert found.differences == ()


def test_a_rule_that_is_switched_off_says_so() -> None:
    found = of_rule(compared(TO_NEW, Known(1)), "P-CONCERN")

    assert found.why == ("regime-2030 shows P-CONCERN switched off: it opens nothing.",)


def test_an_exception_that_holds_is_the_reason() -> None:
    found = of_rule(compared(TO_NEW, Known(1), Decided(2)), "P-TELL")

    assert found.why == ("In regime-2030, P-TELL makes an exception where public concern, which holds.",)


def test_a_circumstance_that_does_not_hold_is_the_reason() -> None:
    commissioned = ToldOf(3, "learning_response.commissioned:psii", response=AN_INVESTIGATION)
    found = of_rule(compared(TO_NEW, commissioned), "P-PSII")

    assert found.why == ("In regime-2030, P-PSII asks that never event is met, which does not hold.",)


def test_a_start_that_nothing_gave_is_the_reason() -> None:
    found = of_rule(compared(a_change(NEW, without=[PLAN]), provider=PLANNED_TRUST), "L-PANEL")

    assert found.why == ("In regime-2030, nothing has started the clock of L-PANEL (incident.notified:commissioner).",)


def test_an_edition_more_is_the_reason_for_what_it_asks() -> None:
    found = compared(a_change(PLAN), NEVER_EVENT)

    assert {each.rule: each.why for each in found.differences} == dict.fromkeys(
        ("L-HOURS", "L-PANEL"), ("No edition of the family local-plan governs the case.",)
    )


def test_a_family_done_without_is_the_reason() -> None:
    found = compared(a_change(without=["candour"]), NOTIFIABLE)

    assert of_rule(found, "C-TELL").why == ("No edition of the family candour governs the case.",)
    assert found.same == ("P-SAFE",)


def test_a_rule_that_moves_to_another_family_is_compared_with_itself() -> None:
    found = of_rule(compared(a_change(NEW, without=["candour"]), NOTIFIABLE), "C-TELL")

    assert found.difference is Difference.CHANGED
    assert found.why[:2] == (
        "The limit is 10 working days instead of without a number.",
        "The force is national instead of law.",
    )


def test_a_rule_that_a_second_edition_has_too_is_owed_twice() -> None:
    found = of_rule(compared(TO_NEW, NOTIFIABLE), "C-TELL")

    assert (found.difference, found.own) == (Difference.ONLY_UNDER_OTHER, None)
    assert found.other is not None
    assert (found.other.unit, found.other.length) == (Unit.WORKING_DAYS, 10)


def test_a_duty_is_one_for_each_person_and_what_was_handed_over_counts_for_them() -> None:
    noticed = ToldOf(3, "candour.notice_given", MARY_IS_TOLD)
    found = compared(a_change(without=["candour"]), NOTIFIABLE, noticed)

    assert [(each.rule, each.person) for each in found.differences] == [
        ("C-TELL", MARY_IS_TOLD),
        ("C-WRITE", MARY_IS_TOLD),
    ]


def test_what_lapsed_is_still_part_of_the_past() -> None:
    found = of_rule(compared(TO_OLD, SERIOUS, Decided(5, Question.SERIOUS_INCIDENT, Outcome.NOT_MET)), "S-TELL")

    assert found.other is not None
    assert (found.other.lapsed, found.other.status) == (True, ClockStatus.NOT_APPLICABLE)


def test_what_was_done_after_it_lapsed_was_not_done_for_it() -> None:
    lapsed = Decided(24 * 10, Question.SERIOUS_INCIDENT, Outcome.NOT_MET)
    sent = ToldOf(24 * 11, "incident.submitted_externally:steis")
    found = of_rule(compared(TO_OLD, SERIOUS, lapsed, sent), "S-TELL")

    assert found.other is not None
    assert (found.other.met_at, found.other.status) == (None, ClockStatus.SET_ASIDE_LATE)


def test_what_lapsed_after_it_was_due_was_missed() -> None:
    late = Decided(24 * 10, Question.SERIOUS_INCIDENT, Outcome.NOT_MET)
    found = of_rule(compared(TO_OLD, SERIOUS, late), "S-TELL")

    assert found.other is not None
    assert (found.other.status, found.other.missed) == (ClockStatus.SET_ASIDE_LATE, True)


def test_a_person_who_declined_is_owed_nothing_more_under_either() -> None:
    declined = ToldOf(3, "candour.contact_declined", MARY_IS_TOLD)
    found = of_rule(compared(a_change(without=["candour"]), NOTIFIABLE, declined), "C-TELL")

    assert found.own is not None
    assert found.own.status is ClockStatus.NOT_APPLICABLE


def test_an_answer_that_nobody_gave_is_assessed_from_the_facts_and_marked() -> None:
    died = Known(5, FactName.DIED, value=True, patient=1)
    found = compared(TO_NEW, died)
    refer = of_rule(found, "N-REFER")

    assert found.assessed == ((Question.NATIONAL_RESPONSE, Outcome.MET),)
    assert refer.other is not None
    assert (refer.other.assessed, refer.other.started_at) == (True, died.at)
    assert refer.why == (
        "N-REFER is no rule of psirf-2022.",
        "Nobody was asked whether national response is met; from the facts, regime-2030 says that it is.",
    )


def test_a_fact_that_is_taken_back_takes_the_assessed_answer_with_it() -> None:
    steps = (Known(5, FactName.DIED, value=True, patient=1), Known(6, FactName.DIED, value=False, patient=1))
    found = compared(TO_NEW, *steps)
    refer = of_rule(found, "N-REFER").other

    assert found.assessed == ((Question.NATIONAL_RESPONSE, Outcome.NOT_MET),)
    assert refer is not None
    assert (refer.lapsed, refer.status) == (True, ClockStatus.NOT_APPLICABLE)


def test_what_people_decided_stands_before_what_would_be_assessed() -> None:
    steps = (
        Known(5, FactName.DIED, value=True, patient=1),
        Decided(6, Question.NATIONAL_RESPONSE, Outcome.NOT_MET),
    )
    found = compared(TO_NEW, *steps)

    assert found.assessed == ()
    refer = of_rule(found, "N-REFER").other
    assert refer is not None
    assert refer.lapsed


def test_a_question_that_its_own_editions_put_to_people_too_is_not_answered_for_them() -> None:
    """Duties of regulation 20 follow from the answer, though only the newest regime has criteria for it."""
    found = compared(TO_NEW, Known(5, FactName.DIED, value=True, patient=1))

    assert [question for question, _ in found.assessed] == [Question.NATIONAL_RESPONSE]
    assert "C-TELL" not in {each.rule for each in found.differences}


def test_an_unclear_assessment_opens_nothing() -> None:
    found = compared(TO_NEW)

    assert found.assessed == ((Question.NATIONAL_RESPONSE, Outcome.UNCLEAR),)
    assert found.differences == ()


def test_back_under_psirf_a_case_of_the_older_framework_loses_its_sixty_days() -> None:
    commissioned = ToldOf(3, "learning_response.commissioned:concise", response=AN_INVESTIGATION)
    sent = ToldOf(2, "incident.submitted_externally:steis")
    psirf = a_change(Code("psirf-2022"))
    found = compared(psirf, SERIOUS, sent, commissioned, provider=SIF_TRUST)

    assert {each.rule: each.difference for each in found.differences} == {
        "S-TELL": Difference.ONLY_UNDER_OWN,
        "S-CONCISE": Difference.ONLY_UNDER_OWN,
        "P-SAFE": Difference.ONLY_UNDER_OTHER,
    }
    assert (found.own_editions[0], found.other_editions[0]) == (
        policy().named(OLD).reference,
        policy().named(Code("psirf-2022")).reference,
    )


def test_an_agreed_later_day_stays_with_the_rule_where_it_may_be_extended() -> None:
    case = reported()
    case.take(NEVER_EVENT)
    (tell,) = [held for held in case.incident.duties.values() if held.terms.rule == "P-TELL"]
    later = ExtendDuty(
        duty=tell.duty, due_at=end_of(20), reason=words(), agreed_by=name(), agreed_by_organisation=OdsCode("ZZQ")
    )
    extend_duty(case.incident, later, Step(2).stamp, commissioners=frozenset({OdsCode("ZZQ")}))
    moment = Moment(case.incident, case.told, NOON, NOON)
    found = compare([moment], TO_NEW, policy(), facts=case.facts, as_of=NOON)

    assert found is not None
    tell_again = of_rule(found, "P-TELL")
    assert tell_again.own is not None
    assert tell_again.other is not None
    assert (tell_again.own.due_at, tell_again.other.due_at) == (end_of(20), end_of(3))


def test_what_a_person_takes_as_not_applicable_stays_so_under_other_editions() -> None:
    case = reported()
    case.take(NEVER_EVENT)
    (tell,) = [held for held in case.incident.duties.values() if held.terms.rule == "P-TELL"]
    set_duty_aside(case.incident, SetDutyAside(duty=tell.duty, reason=words()), Step(2).stamp)
    moment = Moment(case.incident, case.told, NOON, Step(2).at)
    found = compare([moment], TO_NEW, policy(), facts=case.facts, as_of=NOON + timedelta(days=9))

    assert found is not None
    difference = of_rule(found, "P-TELL")
    assert difference.own is not None
    assert difference.other is not None
    assert {difference.own.status, difference.other.status} == {ClockStatus.NOT_APPLICABLE}


def test_a_case_entered_in_error_is_no_case() -> None:
    case = reported()
    enter_in_error(case.incident, EnterInError(reason=words()), Step(1).stamp)
    moment = Moment(case.incident, case.told, NOON, NOON)

    assert compare([moment], TO_NEW, policy(), facts=(), as_of=NOON) is None


def test_no_moments_are_no_case() -> None:
    assert compare([], TO_NEW, policy(), facts=(), as_of=NOON) is None


def test_a_plan_that_is_taken_away_leaves_the_rest() -> None:
    found = compared(a_change(without=[PLAN]), NEVER_EVENT, provider=PLANNED_TRUST)

    assert {each.rule for each in found.differences} == {"L-HOURS", "L-PANEL"}
    assert set(found.same) == {"P-SAFE", "P-TELL"}


def test_the_case_itself_is_left_as_it_was() -> None:
    case = reported()
    before = (case.incident.editions, case.incident.regime, dict(case.incident.duties), case.incident.version)
    compare(moments([NEVER_EVENT], reported()), TO_OLD, policy(), facts=(), as_of=NOON)
    compare([Moment(case.incident, case.told, NOON, NOON)], TO_OLD, policy(), facts=(), as_of=NOON)

    assert before == (case.incident.editions, case.incident.regime, dict(case.incident.duties), case.incident.version)
    assert not case.incident.pending_events
