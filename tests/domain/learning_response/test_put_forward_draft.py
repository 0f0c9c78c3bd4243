"""Putting the draft of a report forward to its approver."""

from typing import Any

from domain.learning_response.commands.put_forward_draft import PutForwardDraft, put_forward_draft
from domain.learning_response.events import DraftPutForward
from domain.learning_response.refusals import AlreadyApproved, NotReadyForApproval
from tests.domain.learning_response.facts import DRAFT, STATES, commissioned, found, led, put_forward, returned, text
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def forward(*history: Any) -> Outcome:
    return given(*history).when(put_forward_draft, PutForwardDraft(draft=DRAFT, summary=text("For signing off")))


@over_every_state(
    STATES,
    dict.fromkeys(STATES, DraftPutForward)
    | dict.fromkeys(("commissioned", "led", "found without lead"), NotReadyForApproval)
    | dict.fromkeys(("approved", "submitted", "received"), AlreadyApproved)
    | {"put forward": NOTHING},
)
def test_putting_a_draft_forward_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(forward(*history), expected)


def test_a_draft_that_was_returned_can_be_put_forward_again() -> None:
    forward(commissioned(), led(), found(), put_forward(), returned()).then(DraftPutForward, draft=DRAFT)


def test_what_was_put_forward_is_done_by_this_response_alone() -> None:
    (done,) = put_forward().done()
    assert (done.code, done.response) == ("learning_response.draft_put_forward", put_forward().originator_id)
