"""Submitting a learning response to the commissioner."""

from typing import Any

import pytest

from domain.kernel.words import OdsCode
from domain.learning_response.commands.submit_response import (
    NotApproved,
    NotItsCommissioner,
    SubmitResponse,
    submit_response,
)
from domain.learning_response.events import ResponseSubmitted
from tests.domain.learning_response.facts import (
    ICB,
    STATES,
    approved,
    commissioned,
    found,
    led,
    received,
    submitted,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given

BEGUN = (commissioned(), led(), found())
OTHER = OdsCode("ZZR")


def submit(*history: Any, to: OdsCode = ICB, days: float = 1) -> Outcome:
    command, commissioners = SubmitResponse(to=to), frozenset({ICB, OTHER})
    return given(*history).when(submit_response, command, a_stamp(days=days), commissioners=commissioners)


@over_every_state(
    STATES,
    dict.fromkeys(STATES, NotApproved) | {"approved": ResponseSubmitted, "submitted": NOTHING, "received": NOTHING},
)
def test_submitting_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(submit(*history), expected)


def test_a_submission_says_to_whom() -> None:
    submit(*BEGUN, approved()).then(ResponseSubmitted, to=ICB, timestamp=a_stamp(days=1).at)


@pytest.mark.parametrize("to", ["ZZ1", "ZZS"])
def test_a_report_that_goes_to_somebody_else_is_not_submitted(to: str) -> None:
    submit(*BEGUN, approved(), to=OdsCode(to)).then_refused(NotItsCommissioner)


def test_a_submission_from_before_the_sign_off_is_refused() -> None:
    submit(*BEGUN, approved(days=2), days=1.9).then_refused(NotApproved)
    submit(*BEGUN, approved(days=2), days=2).then(ResponseSubmitted)


def test_another_commissioner_gets_a_submission_and_a_receipt_of_its_own() -> None:
    history = (*BEGUN, approved(), submitted(), received())

    submit(*history, to=OTHER).then(ResponseSubmitted, to=OTHER)
    response = given(*history, submitted(OTHER)).aggregate()
    assert (response.submitted_to, response.is_submitted, response.is_received) == (OTHER, True, False)
