"""Give a draft back for more work: the response waits for its approver no longer."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.learning_response.events import DraftReturned
from domain.learning_response.refusals import AlreadyApproved
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnDraft:
    """What has to be done to it."""

    reason: Narrative


class NoDraftWaiting(Refusal):
    """No draft is with the approver."""

    code: ClassVar[str] = "learning_response.no-draft-waiting"


def return_draft(response: LearningResponse, command: ReturnDraft, stamp: Stamp) -> None:
    """Record that the draft goes back, and why.

    Raises:
        AlreadyApproved: it is signed off.
        NoDraftWaiting: none was put forward since the last one went back.
    """
    if response.is_approved:
        raise AlreadyApproved
    if response.draft_waiting is None:
        raise NoDraftWaiting
    returned = DraftReturned(**after(response, stamp), draft=response.draft_waiting, reason=command.reason)
    record(response, returned)
