"""Recording that a duty does not apply."""

from dataclasses import replace

from domain.incident.commands.set_duty_aside import SetDutyAside, set_duty_aside
from domain.incident.duty_events import DutySetAside
from domain.incident.finding_duties import DutyUnknown
from domain.incident.standing import ReasonMissing
from domain.incident.words import SetAside
from domain.kernel.words import DutyId
from domain.policy.questions import Outcome, Question
from tests.support.decisions import an_id
from tests.support.incidents import Story, words

STORY = Story()
ASIDE = SetDutyAside(duty=STORY.duty("P-SAFE").duty, reason=words("Nobody was near."))


def test_a_duty_is_set_aside_with_the_reason() -> None:
    Story().when(set_duty_aside, ASIDE).then(DutySetAside, because=SetAside.NOT_APPLICABLE, reason=ASIDE.reason)


def test_without_a_reason_it_is_refused() -> None:
    Story().when(set_duty_aside, replace(ASIDE, reason=words(" "))).then_refused(ReasonMissing)


def test_an_unknown_duty_is_refused() -> None:
    Story().when(set_duty_aside, replace(ASIDE, duty=DutyId(an_id(999)))).then_refused(DutyUnknown)


def test_setting_it_aside_again_records_nothing() -> None:
    Story().then(set_duty_aside, ASIDE).when(set_duty_aside, ASIDE).then_nothing()


def test_what_a_person_set_aside_is_not_opened_again_by_itself() -> None:
    story = Story().decided(Question.NEVER_EVENT, Outcome.MET)
    story.then(set_duty_aside, replace(ASIDE, duty=story.duty("P-TELL").duty))
    story.decided(Question.NEVER_EVENT, Outcome.MET, number=2, criteria=("other",))
    assert ("P-TELL", None) not in story.standing()
