"""Letting a stopped clock run again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.incident.commands.extend_duty import ExtendDuty, extend_duty
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.resume_duty import ResumedBeforePaused, ResumeDuty, resume_duty
from domain.incident.duty_events import DutyRedated, DutyResumed
from domain.incident.finding_duties import PauseUnknown
from domain.incident.words import PausingBody
from domain.kernel.words import OdsCode, PauseId
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp, an_id
from tests.support.incidents import PLANNED_TRUST, POLICY, Story, name, words
from tests.support.small_policy import CALENDAR

PAUSED = PauseId(an_id(600))
RESUME = ResumeDuty(pause=PAUSED)


def end_of(day: int) -> datetime:
    """The last instant of a day of March 2026, before the clocks change."""
    return NOON.replace(day=day, hour=23, minute=59, second=59, microsecond=999999)


def never_event() -> Story:
    """Identified on Monday 2 March: due at the end of Wednesday 4 March."""
    return Story().decided(Question.NEVER_EVENT, Outcome.MET)


def paused(story: Story, days: float = 0, rule: str = "P-TELL") -> Story:
    command = PauseDuty(
        pause=PAUSED,
        duty=story.duty(rule).duty,
        body=PausingBody.CORONER,
        reason=words(),
        approver=name(),
        approver_organisation=OdsCode("ZZ1"),
        requested_on=date(2026, 3, 2),
        review_on=date(2026, 3, 31),
    )
    return story.then(pause_duty, command, a_stamp(days=days))


def extended(story: Story, to: datetime, rule: str = "P-TELL") -> Story:
    command = ExtendDuty(
        duty=story.duty(rule).duty,
        due_at=to,
        reason=words(),
        agreed_by=name(),
        agreed_by_organisation=OdsCode("ZZ1"),
    )
    return story.then(extend_duty, command, commissioners=frozenset())


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, end_of(4)),
        (1, end_of(4)),
        (2, end_of(5)),
        (7, end_of(10)),
    ],
)
def test_the_days_of_a_pause_do_not_count(days: int, due: datetime) -> None:
    """Stopped on Monday at noon. Tuesday and Wednesday are its two working days, unless it was stopped on them."""
    story = paused(never_event())
    outcome = story.when(resume_duty, RESUME, a_stamp(days=days), policy=POLICY)
    outcome.then(DutyResumed, due_at=due, calendar=CALENDAR.version)


def test_after_the_pause_the_clock_runs_and_the_original_moment_is_kept() -> None:
    story = paused(never_event()).then(resume_duty, RESUME, a_stamp(days=7), policy=POLICY)
    held = story.duty("P-TELL")
    assert held.running_pause is None
    assert (held.due_at, held.terms.due_at) == (end_of(10), end_of(4))


def test_two_pauses_add_up() -> None:
    story = paused(never_event()).then(resume_duty, RESUME, a_stamp(days=7), policy=POLICY)
    command = PauseDuty(
        pause=PauseId(an_id(601)),
        duty=story.duty("P-TELL").duty,
        body=PausingBody.POLICE,
        reason=words(),
        approver=name(),
        approver_organisation=OdsCode("ZZ1"),
        requested_on=date(2026, 3, 9),
        review_on=date(2026, 3, 31),
    )
    story.then(pause_duty, command, a_stamp(days=7.1))
    outcome = story.when(resume_duty, ResumeDuty(pause=command.pause), a_stamp(days=9), policy=POLICY)
    outcome.then(DutyResumed, due_at=end_of(12))


def test_a_pause_after_the_duty_was_due_changes_nothing() -> None:
    story = paused(never_event(), days=5)
    story.when(resume_duty, RESUME, a_stamp(days=9), policy=POLICY).then(DutyResumed, due_at=end_of(4))


def test_an_agreed_moment_moves_with_the_pause() -> None:
    """Due on Monday 9 March by agreement; stopped on the 2nd, running again on the 5th: three days on."""
    story = paused(extended(never_event(), end_of(9)))
    story.when(resume_duty, RESUME, a_stamp(days=3.3), policy=POLICY).then(DutyResumed, due_at=end_of(12))
    story.then(resume_duty, RESUME, a_stamp(days=3.3), policy=POLICY)
    assert story.duty("P-TELL").extended_to == end_of(12)


def test_an_agreed_moment_of_a_clock_in_hours_moves_by_hours() -> None:
    agreed = NOON.replace(day=6, hour=9)
    story = Story(PLANNED_TRUST).decided(Question.NEVER_EVENT, Outcome.MET)
    story = paused(extended(story, agreed, "L-HOURS"), rule="L-HOURS")
    outcome = story.when(resume_duty, RESUME, a_stamp(days=0.25), policy=POLICY)
    outcome.then(DutyResumed, due_at=agreed + timedelta(hours=6))


def test_an_agreed_moment_on_the_very_day_of_the_pause_moves_too() -> None:
    story = paused(extended(never_event(), end_of(9)), days=7)
    story.when(resume_duty, RESUME, a_stamp(days=10), policy=POLICY).then(DutyResumed, due_at=end_of(12))


def test_an_agreed_moment_before_the_pause_stays() -> None:
    story = paused(extended(never_event(), end_of(9)), days=12)
    story.when(resume_duty, RESUME, a_stamp(days=14), policy=POLICY).then(DutyResumed, due_at=end_of(9))


def test_a_start_corrected_after_a_pause_still_leaves_its_days_out() -> None:
    story = paused(never_event()).then(resume_duty, RESUME, a_stamp(days=7), policy=POLICY)
    story.decided(Question.NEVER_EVENT, Outcome.MET, number=2, identified_at=NOON - timedelta(days=3))
    redated = [fact for fact in story.facts if isinstance(fact, DutyRedated)]
    assert [fact.due_at for fact in redated] == [end_of(10)]


def test_ending_a_pause_again_records_nothing() -> None:
    story = paused(never_event()).then(resume_duty, RESUME, a_stamp(days=7), policy=POLICY)
    story.when(resume_duty, RESUME, a_stamp(days=8), policy=POLICY).then_nothing()


def test_an_unknown_pause_is_refused() -> None:
    command = replace(RESUME, pause=PauseId(an_id(999)))
    paused(never_event()).when(resume_duty, command, policy=POLICY).then_refused(PauseUnknown)


def test_a_pause_does_not_end_before_it_began() -> None:
    story = paused(never_event(), days=1)
    story.when(resume_duty, RESUME, a_stamp(days=0.5), policy=POLICY).then_refused(ResumedBeforePaused)
