"""Agreeing a later moment before a duty is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.incident.commands.extend_duty import (
    DutyHeldByPause,
    DutyNotExtendable,
    ExtendDuty,
    ExtendedTooLate,
    ExtensionIsTheCommissioners,
    ExtensionNotLater,
    extend_duty,
)
from domain.incident.commands.pause_duty import PauseDuty, pause_duty
from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutyExtended, DutyRedated
from domain.incident.finding_duties import DutyNotStanding, DutyUnknown
from domain.incident.standing import ReasonMissing
from domain.incident.words import PausingBody
from domain.kernel.words import DutyId, OdsCode, PauseId
from domain.policy.facts import FactName
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import NOON, Outcome, a_stamp, an_id
from tests.support.incidents import SIF_TRUST, Story, a_fact, name, words

DUE = NOON.replace(day=4, hour=23, minute=59, second=59, microsecond=999999)
LATER = DUE + timedelta(days=14)
ICB = frozenset({OdsCode("ZZQ")})


def never_event() -> Story:
    """Due at the end of Wednesday 4 March."""
    return Story().decided(Question.NEVER_EVENT, Answer.MET)


def serious() -> Story:
    return Story(SIF_TRUST).decided(Question.SERIOUS_INCIDENT, Answer.MET)


def asking(story: Story, rule: str = "P-TELL", to: datetime = LATER, by: str = "ZZ1") -> ExtendDuty:
    return ExtendDuty(
        duty=story.duty(rule).duty,
        due_at=to,
        reason=words("New information."),
        agreed_by=name(),
        agreed_by_organisation=OdsCode(by),
    )


def extend(story: Story, command: ExtendDuty, days: float = 0) -> Outcome:
    outcome: Outcome = story.when(extend_duty, command, a_stamp(days=days), commissioners=ICB)
    return outcome


def test_a_later_moment_is_agreed_and_the_earlier_one_kept() -> None:
    story = never_event()
    extend(story, asking(story)).then(DutyExtended, previous_due_at=DUE, due_at=LATER)
    held = story.then(extend_duty, asking(story), commissioners=ICB).duty("P-TELL")
    assert (held.due_at, held.terms.due_at) == (LATER, DUE)


def test_it_can_be_agreed_again_from_the_moment_agreed_before() -> None:
    story = never_event()
    story.then(extend_duty, asking(story), commissioners=ICB)
    further = LATER + timedelta(days=1)
    extend(story, asking(story, to=further), days=10).then(DutyExtended, previous_due_at=LATER, due_at=further)
    extend(story, asking(story)).then_nothing()


@pytest.mark.parametrize(("due", "now", "taken"), [(DUE, 0, False), (DUE + timedelta(microseconds=1), 0, True)])
def test_an_extension_gives_a_later_moment(due: datetime, now: float, *, taken: bool) -> None:
    story = never_event()
    outcome = extend(story, asking(story, to=due), days=now)
    if taken:
        outcome.then(DutyExtended)
    else:
        outcome.then_refused(ExtensionNotLater)


def test_nothing_is_extended_once_it_was_due() -> None:
    """Whatever moment the agreement is dated to: a missed moment stays missed."""
    story = never_event()
    extend(story, asking(story), days=3).then_refused(ExtendedTooLate)
    dated_back = replace(a_stamp(days=3), at=NOON)
    story.when(extend_duty, asking(story), dated_back, commissioners=ICB).then_refused(ExtendedTooLate)


def test_what_its_rule_does_not_let_be_extended_is_refused() -> None:
    """It has a time limit, and the rule says that it stays as it is."""
    story = Story(SIF_TRUST).decided(Question.SERIOUS_INCIDENT, Answer.UNCLEAR)
    assert story.duty("S-ASK").due_at is not None
    extend(story, asking(story, "S-ASK", by="ZZQ")).then_refused(DutyNotExtendable, "is not extended")


def test_a_duty_without_a_number_has_no_limit_to_extend() -> None:
    story = Story().known(a_fact(FactName.PUBLIC_CONCERN, True))
    extend(story, asking(story, "P-CONCERN")).then_refused(DutyNotExtendable, "has no time limit")


def test_an_extension_without_a_reason_is_refused() -> None:
    story = never_event()
    extend(story, replace(asking(story), reason=words(""))).then_refused(ReasonMissing)


def test_an_unknown_duty_is_refused() -> None:
    story = never_event()
    extend(story, replace(asking(story), duty=DutyId(an_id(999)))).then_refused(DutyUnknown)


def test_a_duty_that_was_set_aside_is_not_extended() -> None:
    story = never_event()
    story.then(set_duty_aside, SetDutyAside(duty=story.duty("P-TELL").duty, reason=words()))
    extend(story, asking(story)).then_refused(DutyNotStanding)


def test_a_stopped_clock_is_not_extended() -> None:
    story = never_event()
    pause = PauseDuty(
        pause=PauseId(an_id(600)),
        duty=story.duty("P-TELL").duty,
        body=PausingBody.HSE,
        reason=words(),
        approver=name(),
        approver_organisation=OdsCode("ZZ1"),
        requested_on=date(2026, 3, 2),
        review_on=date(2026, 3, 31),
    )
    story.then(pause_duty, pause)
    extend(story, asking(story)).then_refused(DutyHeldByPause)


@pytest.mark.parametrize(("by", "taken"), [("ZZQ", True), ("ZZ1", False), ("ZZR", False)])
def test_under_sif_the_commissioner_agrees(by: str, *, taken: bool) -> None:
    """SIF-08, and only a commissioner of this very provider."""
    story = serious()
    outcome = extend(story, asking(story, "S-TELL", by=by))
    if taken:
        outcome.then(DutyExtended, agreed_by_organisation=by)
    else:
        outcome.then_refused(ExtensionIsTheCommissioners)


def test_an_agreed_moment_survives_a_corrected_start() -> None:
    story = never_event()
    story.then(extend_duty, asking(story), commissioners=ICB)
    story.decided(Question.NEVER_EVENT, Answer.MET, number=2, identified_at=NOON - timedelta(hours=2))
    assert any(isinstance(fact, DutyRedated) for fact in story.facts)
    assert story.duty("P-TELL").due_at == LATER
