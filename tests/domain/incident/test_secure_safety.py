"""Making people safe at once."""

import pytest

from domain.incident.commands.secure_safety import SecureSafety, StepsMissing, secure_safety
from domain.incident.events import SafetySecured
from domain.kernel.done import Done
from domain.kernel.words import Code, RecordId
from tests.support.decisions import NOON, an_id
from tests.support.incidents import POLICY, Story, words

STEP = SecureSafety(step=RecordId(an_id(500)), steps_taken=words("The list was stopped and all swabs counted."))


def test_the_steps_taken_are_recorded_and_meet_the_duty() -> None:
    Story().when(secure_safety, STEP, policy=POLICY).then(SafetySecured, step=STEP.step)
    story = Story().then(secure_safety, STEP, policy=POLICY)
    assert Done(Code("incident.safety_secured"), NOON) in story.incident.dones


@pytest.mark.parametrize("text", ["", " "])
def test_saying_nothing_is_refused(text: str) -> None:
    command = SecureSafety(step=STEP.step, steps_taken=words(text))
    Story().when(secure_safety, command, policy=POLICY).then_refused(StepsMissing)


def test_the_same_words_again_record_nothing_and_others_do() -> None:
    story = Story().then(secure_safety, STEP, policy=POLICY)
    again = SecureSafety(step=RecordId(an_id(501)), steps_taken=STEP.steps_taken)
    story.when(secure_safety, again, policy=POLICY).then_nothing()
    other = SecureSafety(step=RecordId(an_id(501)), steps_taken=words("The theatre was closed."))
    story.when(secure_safety, other, policy=POLICY).then(SafetySecured)
