"""Stopping a clock at somebody's written request."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.incident.commands.pause_duty import (
    DutyNotPausable,
    DutyPausedAlready,
    PausedTooLate,
    PauseDuty,
    PauseIsTheCommissioners,
    RequestedAfterPause,
    ReviewDayInvalid,
    pause_duty,
)
from domain.incident.commands.resume_duty import ResumeDuty, resume_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutyPaused
from domain.incident.finding_duties import DutyNotStanding, DutyUnknown
from domain.incident.standing import ReasonMissing
from domain.incident.words import PausingBody
from domain.kernel.words import DutyId, OdsCode, PauseId
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp, an_id
from tests.support.incidents import POLICY, SIF_TRUST, Story, done, name, words


def never_event() -> Story:
    return Story().decided(Question.NEVER_EVENT, Outcome.MET)


STORY = never_event()
TELL = STORY.duty("P-TELL").duty
SAFE = STORY.duty("P-SAFE").duty
PAUSE = PauseDuty(
    pause=PauseId(an_id(600)),
    duty=TELL,
    body=PausingBody.POLICE,
    reason=words("The police asked in writing."),
    approver=name(),
    approver_organisation=OdsCode("ZZ1"),
    requested_on=date(2026, 3, 2),
    review_on=date(2026, 3, 3),
)
OTHER = replace(PAUSE, pause=PauseId(an_id(601)))


@pytest.mark.parametrize("body", list(PausingBody))
def test_a_clock_stops_for_each_body_that_may_ask(body: PausingBody) -> None:
    outcome = never_event().when(pause_duty, replace(PAUSE, body=body), a_stamp())
    outcome.then(DutyPaused, body=body, duty=TELL, review_on=date(2026, 3, 3))


def test_a_paused_duty_knows_who_stopped_it_and_when() -> None:
    pause = never_event().then(pause_duty, PAUSE).duty("P-TELL").running_pause
    assert pause is not None
    assert (pause.body, pause.from_at) == (PausingBody.POLICE, NOON)


def test_safety_is_never_stopped() -> None:
    never_event().when(pause_duty, replace(PAUSE, duty=SAFE), a_stamp()).then_refused(DutyNotPausable)


def test_candour_is_never_stopped() -> None:
    story = never_event().decided(Question.NOTIFIABLE_SAFETY_INCIDENT, Outcome.MET)
    command = replace(PAUSE, duty=story.duty("C-TELL").duty)
    story.when(pause_duty, command, a_stamp()).then_refused(DutyNotPausable)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": words(" ")}, ReasonMissing),
        ({"requested_on": date(2026, 3, 3)}, RequestedAfterPause),
        ({"review_on": None}, ReviewDayInvalid),
        ({"review_on": date(2026, 3, 2)}, ReviewDayInvalid),
        ({"duty": DutyId(an_id(999))}, DutyUnknown),
    ],
)
def test_a_pause_without_what_must_stand_on_record_is_refused(changes: dict[str, Any], refusal: type) -> None:
    never_event().when(pause_duty, replace(PAUSE, **changes), a_stamp()).then_refused(refusal)


def test_one_clock_has_one_pause_at_a_time() -> None:
    story = never_event().then(pause_duty, PAUSE)
    story.when(pause_duty, replace(OTHER, body=PausingBody.HSE), a_stamp()).then_refused(DutyPausedAlready)
    story.when(pause_duty, OTHER, a_stamp(days=0.5)).then_refused(DutyPausedAlready)


def test_repeating_the_same_pause_records_nothing() -> None:
    never_event().then(pause_duty, PAUSE).when(pause_duty, OTHER, a_stamp()).then_nothing()


def test_a_second_pause_cannot_reach_back_into_the_first() -> None:
    story = never_event().then(pause_duty, PAUSE)
    story.then(resume_duty, ResumeDuty(pause=PAUSE.pause), a_stamp(days=2), policy=POLICY)
    overlapping = replace(a_stamp(days=3), at=NOON + timedelta(days=1))
    story.when(pause_duty, OTHER, overlapping).then_refused(DutyPausedAlready)
    later = replace(OTHER, review_on=date(2026, 3, 9))
    story.when(pause_duty, later, a_stamp(days=3)).then(DutyPaused, pause=OTHER.pause)


def test_a_duty_that_was_set_aside_has_no_clock_to_stop() -> None:
    story = never_event().then(set_duty_aside, SetDutyAside(duty=TELL, reason=words()))
    story.when(pause_duty, PAUSE, a_stamp()).then_refused(DutyNotStanding)


def test_a_pause_is_never_dated_back_over_a_missed_moment() -> None:
    """Due on Wednesday 4 March: a pause from Tuesday that is entered on Thursday would turn late into in time."""
    entered_late = replace(a_stamp(days=3), at=NOON + timedelta(days=1))
    never_event().when(pause_duty, PAUSE, entered_late).then_refused(PausedTooLate)
    later = replace(PAUSE, review_on=date(2026, 3, 31))
    never_event().when(pause_duty, later, a_stamp(days=3)).then(DutyPaused)
    in_time = replace(a_stamp(days=2), at=NOON + timedelta(days=1))
    never_event().when(pause_duty, later, in_time).then(DutyPaused)


@pytest.mark.parametrize(("by", "taken"), [("ZZQ", True), ("ZZ1", False), ("ZZR", False)])
def test_under_sif_the_commissioner_agrees_to_a_pause(by: str, *, taken: bool) -> None:
    """SIF-09, and only a commissioner of this very provider."""
    steis = done("incident.submitted_externally:steis")
    story = Story(SIF_TRUST).decided(Question.SERIOUS_INCIDENT, Outcome.MET).told(steis, methods=("concise",))
    command = replace(PAUSE, duty=story.duty("S-CONCISE").duty, approver_organisation=OdsCode(by))
    outcome = story.when(pause_duty, command, a_stamp(), commissioners=frozenset({OdsCode("ZZQ")}))
    if taken:
        outcome.then(DutyPaused, approver_organisation=by, rule="S-CONCISE")
    else:
        outcome.then_refused(PauseIsTheCommissioners)
