"""The commissioner confirms that it has the report: its own clock runs from here (SIF-07)."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Reference
from domain.learning_response.events import ResponseReceived
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveResponse:
    """The commissioner's own number for it, where there is one."""

    receipt: Reference | None


class NotSubmitted(Refusal):
    """A learning response is received after it was submitted."""

    code: ClassVar[str] = "learning_response.not-submitted"


class NotTheRecipient(Refusal):
    """Only the organisation to which the learning response was submitted confirms that it has it."""

    code: ClassVar[str] = "learning_response.not-the-recipient"


def receive_response(response: LearningResponse, command: ReceiveResponse, stamp: Stamp) -> None:
    """Record the receipt once for each submission; what is confirmed again records nothing new.

    Raises:
        NotSubmitted: it was not submitted by then.
        NotTheRecipient: it was submitted to another organisation than the actor's.
    """
    if response.submitted_at is None or stamp.at < response.submitted_at:
        raise NotSubmitted("It was not submitted by then.")
    if stamp.by.organisation != response.submitted_to:
        raise NotTheRecipient(f"It was submitted to {response.submitted_to}.")
    if response.is_received:
        return
    received = ResponseReceived(
        **after(response, stamp), method=response.method, by=stamp.by.organisation, receipt=command.receipt
    )
    record(response, received)
