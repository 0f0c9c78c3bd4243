"""Accepting an action."""

from typing import Any

from domain.action.commands.accept_action import AcceptAction, AlreadyAccepted, accept_action
from domain.action.events import ActionAccepted
from domain.action.refusals import ActionNotOpen
from domain.kernel.actor import Actor
from tests.domain.action.facts import OTHER_OWNER, OWNER, STATES, accepted, agreed, handed_over
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def accept(*history: Any, by: Actor = OWNER) -> Outcome:
    return given(*history).when(accept_action, AcceptAction(), a_stamp(days=1, by=by))


@over_every_state(
    STATES,
    {
        "agreed": ActionAccepted,
        "accepted": NOTHING,
        "extended": NOTHING,
        "handed over": ActionAccepted,
        "monitored": NOTHING,
        "completed": ActionNotOpen,
        "rejected": NOTHING,
        "verified": ActionNotOpen,
        "withdrawn": ActionNotOpen,
        "withdrawn after completion": ActionNotOpen,
    },
)
def test_accepting_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(accept(*history), expected)


def test_whoever_accepts_is_the_accepted_owner() -> None:
    accept(agreed()).then(ActionAccepted, accepted_by=OWNER.id)

    assert given(agreed(), accepted()).aggregate().has_accepted_owner


def test_an_action_that_somebody_accepted_is_not_accepted_by_another() -> None:
    accept(agreed(), accepted(OWNER), by=OTHER_OWNER).then_refused(AlreadyAccepted)


def test_after_a_handover_the_next_owner_accepts() -> None:
    accept(agreed(), accepted(OWNER), handed_over(), by=OTHER_OWNER).then(ActionAccepted, accepted_by=OTHER_OWNER.id)
