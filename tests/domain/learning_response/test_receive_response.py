"""The commissioner receives a learning response."""

from typing import Any

from domain.kernel.actor import Role
from domain.kernel.words import Reference
from domain.learning_response.commands.receive_response import (
    NotSubmitted,
    NotTheRecipient,
    ReceiveResponse,
    receive_response,
)
from domain.learning_response.events import ResponseReceived
from tests.domain.learning_response.facts import ICB, STATES, approved, commissioned, found, led, received, submitted
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, an_actor, given

APPROVED = (commissioned(), led(), found(), approved())


def receive(*history: Any, organisation: str = "ZZQ", days: float = 1) -> Outcome:
    stamp = a_stamp(days=days, by=an_actor(Role.COMMISSIONER, number=5, organisation=organisation))
    return given(*history).when(receive_response, ReceiveResponse(receipt=Reference("ICB-1")), stamp)


@over_every_state(STATES, dict.fromkeys(STATES, NotSubmitted) | {"submitted": ResponseReceived, "received": NOTHING})
def test_receiving_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(receive(*history), expected)


def test_a_receipt_says_who_has_the_report_and_its_number_there() -> None:
    receive(*APPROVED, submitted()).then(ResponseReceived, by=ICB, receipt="ICB-1")

    response = given(*APPROVED, submitted(), received()).aggregate()
    assert (response.is_received, response.received_at, response.receipt) == (True, a_stamp().at, "ICB-1")


def test_only_the_recipient_confirms_the_receipt() -> None:
    """The provider cannot start the commissioner's clock, nor can another commissioner."""
    receive(*APPROVED, submitted(), organisation="ZZ1").then_refused(NotTheRecipient, "ZZQ")
    receive(*APPROVED, submitted(), organisation="ZZR").then_refused(NotTheRecipient)


def test_a_receipt_from_before_the_submission_is_refused() -> None:
    receive(*APPROVED, submitted(days=2), days=1.9).then_refused(NotSubmitted)
    receive(*APPROVED, submitted(days=2), days=2).then(ResponseReceived)
