"""Taking an erasure back."""

from typing import Any

import pytest

from domain.erasure.commands.withdraw_erasure import ErasureOver, WithdrawErasure, withdraw_erasure
from domain.erasure.events import ErasureWithdrawn
from domain.erasure.refusals import ErasureReasonsMissing
from domain.kernel.actor import Actor
from tests.domain.erasure.facts import OFFICER, PAT, SECOND, STAGES, requested, words
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def withdrawing(*history: Any, by: Actor = OFFICER, reasons: str = "The request was a mistake.") -> Outcome:
    command = WithdrawErasure(person=PAT, reasons=words(reasons))
    return given(*history).when(withdraw_erasure, command, a_stamp(days=2, by=by))


@over_every_state(
    STAGES,
    {
        "requested": ErasureWithdrawn,
        "approved": ErasureWithdrawn,
        "held": ErasureWithdrawn,
        "refused": ErasureOver,
        "withdrawn": NOTHING,
        "carried out": ErasureOver,
    },
)
def test_withdrawing_at_every_stage(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(withdrawing(*history), expected)


@pytest.mark.parametrize("by", [OFFICER, SECOND])
def test_whoever_decided_about_it_may_take_it_back(by: Actor) -> None:
    withdrawing(*STAGES["approved"], by=by).then(ErasureWithdrawn, withdrawn_by=by.id)


def test_it_is_said_why() -> None:
    withdrawing(requested(), reasons="").then_refused(ErasureReasonsMissing)
