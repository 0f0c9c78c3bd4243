"""Put the draft of a report forward to its approver: from now on the response waits for them."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import RecordId
from domain.learning_response.events import DraftPutForward
from domain.learning_response.refusals import AlreadyApproved, check_ready
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class PutForwardDraft:
    """The draft, and what the approver should know of it."""

    draft: RecordId
    summary: Narrative | None


def put_forward_draft(response: LearningResponse, command: PutForwardDraft, stamp: Stamp) -> None:
    """Record it. While a draft is with the approver, another is nothing new.

    Raises:
        AlreadyApproved: it is signed off.
        NotReadyForApproval: it could not be signed off: it has no lead, or no finding.
    """
    if response.is_approved:
        raise AlreadyApproved
    check_ready(response)
    if response.draft_waiting is None:
        put_forward = DraftPutForward(**after(response, stamp), draft=command.draft, summary=command.summary)
        record(response, put_forward)
