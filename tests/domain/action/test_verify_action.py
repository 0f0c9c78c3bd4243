"""Verifying an action."""

from typing import Any

import pytest

from domain.action.commands.verify_action import OwnVerification, VerifyAction, verify_action
from domain.action.events import ActionVerified
from domain.action.refusals import ActionNotCompleted
from domain.action.state import Status
from domain.kernel.actor import Actor
from tests.domain.action.facts import (
    OTHER_OWNER,
    OWNER,
    STATES,
    VERIFIER,
    accepted,
    agreed,
    completed,
    handed_over,
    rejected,
    text,
    verified,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def verify(*history: Any, by: Actor = VERIFIER, days: float = 1) -> Outcome:
    command = VerifyAction(seen=text("Saw six boards in use"))
    return given(*history).when(verify_action, command, a_stamp(days=days, by=by))


@over_every_state(
    STATES,
    {
        "agreed": ActionNotCompleted,
        "accepted": ActionNotCompleted,
        "extended": ActionNotCompleted,
        "handed over": ActionNotCompleted,
        "monitored": ActionNotCompleted,
        "completed": ActionVerified,
        "rejected": ActionNotCompleted,
        "verified": NOTHING,
        "withdrawn": ActionNotCompleted,
        "withdrawn after completion": ActionNotCompleted,
    },
)
def test_verifying_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(verify(*history), expected)


def test_a_verification_says_what_was_seen_and_by_whom() -> None:
    verify(agreed(), accepted(), completed()).then(
        ActionVerified, seen=text("Saw six boards in use"), verified_by=VERIFIER.id
    )


def test_a_verified_action_leaves_the_board() -> None:
    action = given(agreed(), accepted(), completed(), verified()).aggregate()

    assert (action.status, action.verified_by) == (Status.VERIFIED, VERIFIER.id)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param((agreed(), accepted(OWNER), completed(OWNER)), id="accepted-and-completed"),
        pytest.param((agreed(), accepted(OWNER), completed(OTHER_OWNER)), id="accepted-only"),
        pytest.param((agreed(), accepted(OTHER_OWNER), completed(OWNER)), id="completed-only"),
        pytest.param(
            (agreed(), accepted(OWNER), handed_over(), accepted(OTHER_OWNER), completed(OTHER_OWNER)),
            id="accepted-before-a-handover",
        ),
        pytest.param(
            (agreed(), accepted(OTHER_OWNER), completed(OWNER), rejected(), completed(OTHER_OWNER)),
            id="completed-before-a-rejection",
        ),
    ],
)
def test_an_owner_never_verifies_their_own_action(history: tuple[Any, ...]) -> None:
    verify(*history, by=OWNER).then_refused(OwnVerification)


def test_an_action_verified_by_one_is_not_verified_by_another() -> None:
    verify(agreed(), accepted(), completed(), verified(VERIFIER), by=OTHER_OWNER).then_refused(ActionNotCompleted)


def test_a_verification_from_before_the_completion_is_refused() -> None:
    history = (agreed(), accepted(), completed(stamp=a_stamp(days=3)))

    verify(*history, days=2).then_refused(ActionNotCompleted, "only later")
    verify(*history, days=3).then(ActionVerified)
