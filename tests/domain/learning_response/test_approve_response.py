"""Signing a learning response off."""

from typing import Any

from domain.learning_response.commands.approve_response import ApproveResponse, approve_response
from domain.learning_response.events import ResponseApproved
from domain.learning_response.refusals import NotReadyForApproval
from tests.domain.learning_response.facts import STATES, approved, commissioned, found, led, named
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given

NO_LEAD = "Nobody has been appointed to lead it."
NO_FINDING = "It has made no finding."


def approve(*history: Any) -> Outcome:
    return given(*history).when(approve_response, ApproveResponse(approver=named("A Director")))


@over_every_state(
    STATES,
    {
        "commissioned": NotReadyForApproval,
        "led": NotReadyForApproval,
        "found without lead": NotReadyForApproval,
        "found": ResponseApproved,
        "put forward": ResponseApproved,
        "returned": ResponseApproved,
        "area named": ResponseApproved,
        "finding left": ResponseApproved,
        "sharing waived": ResponseApproved,
        "approved": NOTHING,
        "submitted": NOTHING,
        "received": NOTHING,
    },
)
def test_approving_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(approve(*history), expected)


def test_every_reason_against_approval_is_listed() -> None:
    for history, reasons in (
        ((commissioned(),), (NO_LEAD, NO_FINDING)),
        ((commissioned(), led()), (NO_FINDING,)),
        ((commissioned(), found()), (NO_LEAD,)),
    ):
        refused = approve(*history).then_refused(NotReadyForApproval)
        assert refused.refusal is not None
        assert refused.refusal.reasons == reasons


def test_an_approval_names_who_signed() -> None:
    approve(commissioned(), led(), found()).then(ResponseApproved, approver=named("A Director"))

    response = given(commissioned(), led(), found(), approved()).aggregate()
    assert response.is_approved
    assert response.approved_at == a_stamp().at
