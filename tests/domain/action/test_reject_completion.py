"""Rejecting a completion."""

from typing import Any

from domain.action.commands.reject_completion import RejectCompletion, reject_completion
from domain.action.events import ActionRejected
from domain.action.refusals import ActionNotCompleted
from domain.action.state import Status
from tests.domain.action.facts import STATES, VERIFIER, accepted, agreed, completed, extended, rejected, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def reject(*history: Any) -> Outcome:
    command = RejectCompletion(reason=text("Two theatres have none"))
    return given(*history).when(reject_completion, command, a_stamp(days=1, by=VERIFIER))


@over_every_state(
    STATES,
    {
        "agreed": ActionNotCompleted,
        "accepted": ActionNotCompleted,
        "extended": ActionNotCompleted,
        "handed over": ActionNotCompleted,
        "monitored": ActionNotCompleted,
        "completed": ActionRejected,
        "rejected": ActionNotCompleted,
        "verified": ActionNotCompleted,
        "withdrawn": ActionNotCompleted,
        "withdrawn after completion": ActionNotCompleted,
    },
)
def test_rejecting_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(reject(*history), expected)


def test_a_rejection_says_why_and_by_whom() -> None:
    reject(agreed(), accepted(), completed()).then(
        ActionRejected, reason=text("Two theatres have none"), rejected_by=VERIFIER.id
    )


def test_a_rejected_action_is_open_again_with_its_owner_and_due_day() -> None:
    action = given(agreed(), accepted(), extended(), completed(), rejected()).aggregate()

    assert (action.status, action.has_accepted_owner, action.due_on) == (Status.OPEN, True, extended().due_on)
    assert (action.evidence, action.summary, action.completed_at, action.completed_by) == ((), None, None, None)
