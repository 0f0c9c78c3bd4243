"""Send the approved report and action plan to the commissioner (SIF-04, SIF-05)."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import OdsCode
from domain.learning_response.events import ResponseSubmitted
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmitResponse:
    """The commissioner to whom it goes."""

    to: OdsCode


class NotApproved(Refusal):
    """A learning response is submitted after it was signed off."""

    code: ClassVar[str] = "learning_response.not-approved"


class NotItsCommissioner(Refusal):
    """A learning response is submitted to an organisation that commissions services from its provider."""

    code: ClassVar[str] = "learning_response.not-its-commissioner"


def submit_response(
    response: LearningResponse, command: SubmitResponse, stamp: Stamp, *, commissioners: frozenset[OdsCode]
) -> None:
    """Record the submission; `commissioners` are the provider's own today, for nobody else's desk meets the duty.

    Submitting again to the same commissioner records nothing new.

    Raises:
        NotItsCommissioner: it would go to somebody else.
        NotApproved: it was not signed off by then.
    """
    if command.to == response.submitted_to:
        return
    if command.to not in commissioners:
        raise NotItsCommissioner(f"{command.to} does not commission services from its provider.", pointers=("/to",))
    if response.approved_at is None or stamp.at < response.approved_at:
        raise NotApproved("It was not signed off by then.")
    record(response, ResponseSubmitted(**after(response, stamp), method=response.method, to=command.to))
