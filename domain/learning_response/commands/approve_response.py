"""Sign a learning response off for the provider's board."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Personal
from domain.learning_response.events import ResponseApproved
from domain.learning_response.refusals import check_ready
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveResponse:
    """Who signs it off, by name where the board keeps it."""

    approver: Personal | None


def approve_response(response: LearningResponse, command: ApproveResponse, stamp: Stamp) -> None:
    """Record the approval: the response is complete. Approving again records nothing new.

    Raises:
        NotReadyForApproval: it has no lead, or no finding; every reason is listed.
    """
    if response.is_approved:
        return
    check_ready(response)
    record(response, ResponseApproved(**after(response, stamp), method=response.method, approver=command.approver))
