"""Withdrawing an action."""

from typing import Any

from domain.action.commands.withdraw_action import WithdrawAction, withdraw_action
from domain.action.events import ActionWithdrawn
from domain.action.refusals import ActionNotOpen
from tests.domain.action.facts import STATES, agreed, text, withdrawn
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def withdraw(*history: Any, reason: str = "The theatre is closed for good") -> Outcome:
    return given(*history).when(withdraw_action, WithdrawAction(reason=text(reason)))


@over_every_state(
    STATES,
    {
        "agreed": ActionWithdrawn,
        "accepted": ActionWithdrawn,
        "extended": ActionWithdrawn,
        "handed over": ActionWithdrawn,
        "monitored": ActionWithdrawn,
        "completed": ActionWithdrawn,
        "rejected": ActionWithdrawn,
        "verified": ActionNotOpen,
        "withdrawn": NOTHING,
        "withdrawn after completion": NOTHING,
    },
)
def test_withdrawing_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(withdraw(*history), expected)


def test_a_withdrawal_says_why() -> None:
    withdraw(agreed()).then(ActionWithdrawn, reason=text("The theatre is closed for good"))


def test_an_action_is_not_withdrawn_again_for_another_reason() -> None:
    withdraw(agreed(), withdrawn(), reason="Too dear").then_refused(ActionNotOpen, "withdrawn")


def test_a_withdrawn_action_will_not_be_done() -> None:
    action = given(agreed(), withdrawn()).aggregate()

    assert action.is_withdrawn
