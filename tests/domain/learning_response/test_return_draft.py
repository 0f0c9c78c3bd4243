"""Giving a draft back for more work."""

from typing import Any

from domain.learning_response.commands.return_draft import NoDraftWaiting, ReturnDraft, return_draft
from domain.learning_response.events import DraftReturned
from domain.learning_response.refusals import AlreadyApproved
from tests.domain.learning_response.facts import DRAFT, STATES, approved, commissioned, found, led, put_forward, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, given


def give_back(*history: Any) -> Outcome:
    return given(*history).when(return_draft, ReturnDraft(reason=text("The staffing is not looked at")))


@over_every_state(
    STATES,
    dict.fromkeys(STATES, NoDraftWaiting)
    | dict.fromkeys(("approved", "submitted", "received"), AlreadyApproved)
    | {"put forward": DraftReturned},
)
def test_returning_a_draft_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(give_back(*history), expected)


def test_the_return_names_the_draft_and_says_why() -> None:
    history = (commissioned(), led(), found(), put_forward())
    give_back(*history).then(DraftReturned, draft=DRAFT, reason=text("The staffing is not looked at"))


def test_what_was_approved_waits_for_nobody() -> None:
    assert given(commissioned(), led(), found(), put_forward(), approved()).aggregate().draft_waiting is None
