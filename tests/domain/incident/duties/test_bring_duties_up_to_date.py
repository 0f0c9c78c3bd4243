"""Duties that other streams of the case start, that pass to named persons, or that a changed calendar dates anew."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutyOpened, DutyRedated, DutySetAside
from domain.incident.words import PausingBody, SetAside
from domain.kernel.done import Done
from domain.kernel.words import Code, OdsCode, PauseId, PersonId, RecordId
from domain.kernel.working_days import Calendar
from domain.policy.library import Policy
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import NOON, Outcome, a_stamp, an_id, given
from tests.support.incidents import JOHN, MARY, PLANNED_TRUST, POLICY, SIF_TRUST, Story, done, name, words

COMMISSIONED = done("learning_response.commissioned:psii")
NOTIFIABLE = Question.NOTIFIABLE_SAFETY_INCIDENT


def bring(story: Story, *starts: Done, persons: tuple[PersonId, ...] = (), methods: tuple[str, ...] = ()) -> Outcome:
    command = BringDutiesUpToDate(starts=starts, persons=persons, methods=tuple(map(Code, methods)))
    outcome: Outcome = story.when(bring_duties_up_to_date, command, policy=POLICY)
    return outcome


def test_a_commissioned_response_starts_its_clock() -> None:
    outcome = bring(Story(), COMMISSIONED).then(DutyOpened)
    opened = outcome.events[0]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.started_at) == ("P-PSII", NOON)


def test_being_told_nothing_records_nothing() -> None:
    bring(Story()).then_nothing()


def test_being_told_twice_records_nothing() -> None:
    bring(Story().told(COMMISSIONED), COMMISSIONED).then_nothing()


def test_a_start_corrected_in_another_stream_redates_the_clock() -> None:
    earlier = NOON - timedelta(days=1)
    outcome = bring(Story().told(COMMISSIONED), Done(COMMISSIONED.code, earlier), COMMISSIONED)
    outcome.then(DutyRedated, started_at=earlier)


def test_candour_owed_to_nobody_yet_passes_to_each_person_from_the_same_start() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET)
    owed = story.duty("C-TELL")
    outcome = bring(story, persons=(MARY, JOHN)).then(DutySetAside, DutyOpened, DutyOpened)
    aside, *opened = outcome.events
    assert isinstance(aside, DutySetAside)
    assert (aside.duty, aside.because) == (owed.duty, SetAside.OWED_TO_NAMED_PERSONS)
    terms = [event.terms for event in opened if isinstance(event, DutyOpened)]
    assert [(each.person, each.started_at) for each in terms] == [(MARY, owed.started_at), (JOHN, owed.started_at)]


def test_a_person_named_later_is_owed_it_from_the_same_start() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY,))
    bring(story, persons=(MARY, JOHN)).then(DutyOpened)
    story.told(persons=(MARY, JOHN))
    assert story.duty("C-TELL", JOHN).started_at == story.duty("C-TELL", MARY).started_at


def test_persons_who_were_named_once_need_not_be_named_again() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY,))
    bring(story).then_nothing()


def test_what_was_done_for_one_person_starts_a_clock_for_that_person_only() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY, JOHN))
    outcome = bring(story, done("candour.notice_given", person=MARY)).then(DutyOpened)
    opened = outcome.events[0]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.person) == ("C-WRITE", MARY)


def test_what_an_earlier_decision_identified_is_not_heard_again() -> None:
    """Whoever tells the whole case's past tells answers that were corrected since."""
    story = Story().decided(Question.NEVER_EVENT, Answer.MET)
    past = story.incident.decisions[Question.NEVER_EVENT].done()
    story.decided(Question.NEVER_EVENT, Answer.MET, number=2, identified_at=NOON)
    bring(story, *past).then_nothing()
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, number=3)
    bring(story, *past).then_nothing()


def test_each_duty_has_an_id_that_a_repeated_decision_draws_again() -> None:
    """The decision is pure: the same case and rule give the same duty."""
    first, second = Story().told(COMMISSIONED), Story().told(COMMISSIONED)
    assert first.incident.duties.keys() == second.incident.duties.keys()
    assert len(first.incident.duties) == 2


def with_holidays(*days: int, version: str = "test-2") -> Policy:
    """The same editions, and a calendar in which these days of March 2026 are bank holidays."""
    holidays = frozenset(date(2026, 3, day) for day in days)
    return replace(POLICY, calendar=Calendar(Code(version), POLICY.calendar.holidays | holidays))


PROCLAIMED = with_holidays(3)
PAUSED = PauseId(an_id(600))
SUBMITTED = done("incident.submitted_externally:steis")


def end_of(day: int) -> datetime:
    """The last instant of a day of March 2026, before the clocks change."""
    return NOON.replace(day=day, hour=23, minute=59, second=59, microsecond=999999)


def never_event() -> Story:
    """Identified on Monday 2 March: P-TELL is due at the end of Wednesday 4 March."""
    return Story(PLANNED_TRUST).decided(Question.NEVER_EVENT, Answer.MET)


def proclaimed(story: Story, *starts: Done, policy: Policy = PROCLAIMED, days: float = 1) -> Outcome:
    command = BringDutiesUpToDate(starts=starts, persons=(), methods=())
    outcome: Outcome = story.when(bring_duties_up_to_date, command, a_stamp(days=days), policy=policy)
    return outcome


def followed(story: Story, policy: Policy = PROCLAIMED, *starts: Done) -> Story:
    command = BringDutiesUpToDate(starts=starts, persons=(), methods=())
    return story.then(bring_duties_up_to_date, command, policy=policy)


def stopped(story: Story, days: float) -> Story:
    command = PauseDuty(
        pause=PAUSED,
        duty=story.duty("P-TELL").duty,
        body=PausingBody.CORONER,
        reason=words(),
        approver=name(),
        approver_organisation=OdsCode("ZZ1"),
        requested_on=date(2026, 3, 2),
        review_on=date(2026, 3, 31),
    )
    return story.then(pause_duty, command, a_stamp(days=days))


@pytest.mark.parametrize("days", [1, 30], ids=["still running", "missed before"])
def test_a_proclaimed_holiday_moves_what_is_counted_in_working_days_and_both_moments_stand(days: float) -> None:
    story = never_event()
    proclaimed(story, days=days).then(
        DutyRedated,
        rule="P-TELL",
        duty=story.duty("P-TELL").duty,
        previous_started_at=story.duty("P-TELL").started_at,
        started_at=story.duty("P-TELL").started_at,
        previous_due_at=end_of(4),
        due_at=end_of(5),
        calendar="test-2",
        because="calendar",
    )


def test_a_calendar_is_followed_once_and_followed_back_when_the_proclamation_is_withdrawn() -> None:
    story = followed(never_event())
    proclaimed(story).then_nothing()
    proclaimed(story, policy=POLICY).then(DutyRedated, previous_due_at=end_of(5), due_at=end_of(4), calendar="test-1")


def test_a_day_that_ceases_to_be_a_holiday_brings_the_moment_forward() -> None:
    story = followed(never_event(), with_holidays(3, 4, version="before"))
    proclaimed(story, policy=with_holidays(4)).then(DutyRedated, previous_due_at=end_of(6), due_at=end_of(5))


def test_a_holiday_outside_its_span_records_nothing_and_the_clock_keeps_the_version_that_gave_its_moment() -> None:
    story = followed(never_event(), with_holidays(5))
    proclaimed(story, policy=with_holidays(5)).then_nothing()
    assert story.duty("P-TELL").calendar == "test-1"


def test_what_is_not_counted_in_working_days_is_left_alone_even_if_an_earlier_build_summed_it_otherwise() -> None:
    """L-PANEL is due in seven calendar days, L-HOURS in 72 hours."""
    facts = [
        replace(fact, terms=replace(fact.terms, due_at=end_of(20)))
        if isinstance(fact, DutyOpened) and fact.terms.rule in {"L-PANEL", "L-HOURS"}
        else fact
        for fact in never_event().facts
    ]
    command = BringDutiesUpToDate(starts=(), persons=(), methods=())
    outcome = given(*facts).when(bring_duties_up_to_date, command, policy=PROCLAIMED)
    outcome.then(DutyRedated, rule="P-TELL")


def test_the_same_version_is_not_asked_again_whatever_it_holds() -> None:
    proclaimed(never_event(), policy=with_holidays(3, version="test-1")).then_nothing()


def test_a_duty_that_was_met_keeps_its_dates_even_if_it_was_met_late() -> None:
    notice = NotifyBody(
        notification=RecordId(an_id(500)),
        recipient=Code("commissioner"),
        organisation=None,
        purpose=Code("never_event"),
        channel=Code("telephone"),
        receipt=None,
    )
    story = never_event().then(notify_body, notice, a_stamp(days=2.9), policy=POLICY)
    proclaimed(story, days=10).then_nothing()


def test_a_duty_that_another_stream_has_met_keeps_its_dates() -> None:
    story = Story(SIF_TRUST).decided(Question.SERIOUS_INCIDENT, Answer.MET)
    proclaimed(story).then(DutyRedated, rule="S-TELL")
    proclaimed(story, SUBMITTED).then_nothing()


def test_a_duty_that_was_set_aside_keeps_its_dates() -> None:
    story = never_event()
    aside = SetDutyAside(duty=story.duty("P-TELL").duty, reason=words())
    proclaimed(story.then(set_duty_aside, aside)).then_nothing()


def test_an_agreed_moment_stands_whatever_is_proclaimed() -> None:
    story = never_event()
    more = ExtendDuty(
        duty=story.duty("P-TELL").duty,
        due_at=end_of(9),
        reason=words(),
        agreed_by=name(),
        agreed_by_organisation=OdsCode("ZZ1"),
    )
    proclaimed(story.then(extend_duty, more, commissioners=frozenset())).then_nothing()


def test_a_clock_that_stands_still_is_dated_by_the_new_calendar_when_it_runs_again() -> None:
    story = followed(stopped(never_event(), days=0.1))
    resumed = ResumeDuty(pause=PAUSED)
    assert story.duty("P-TELL").due_at == end_of(4)
    story.then(resume_duty, resumed, a_stamp(days=0.2), policy=PROCLAIMED)
    assert (story.duty("P-TELL").due_at, story.duty("P-TELL").calendar) == (end_of(5), "test-2")


def test_the_days_of_an_earlier_pause_still_do_not_count() -> None:
    """Stopped from Monday to Thursday: its two days are Thursday and Friday, and with that Thursday off, the Monday."""
    story = stopped(never_event(), days=0.1)
    story.then(resume_duty, ResumeDuty(pause=PAUSED), a_stamp(days=3), policy=POLICY)
    assert story.duty("P-TELL").due_at == end_of(6)
    proclaimed(story, policy=with_holidays(5)).then(DutyRedated, previous_due_at=end_of(6), due_at=end_of(9))
