"""Refusals that several commands on a learning response share, and what they check alike."""

from typing import ClassVar

from domain.kernel.refusal import Refusal
from domain.learning_response.state import LearningResponse


class AlreadyApproved(Refusal):
    """The learning response is signed off: what it found and who led it no longer change."""

    code: ClassVar[str] = "learning_response.already-approved"


class FindingUnknown(Refusal):
    """The learning response has not made this finding."""

    code: ClassVar[str] = "learning_response.finding-unknown"


class NotReadyForApproval(Refusal):
    """A learning response is signed off when somebody led it and it found something."""

    code: ClassVar[str] = "learning_response.not-ready"


def check_ready(response: LearningResponse) -> None:
    """Let only a response pass that can be signed off.

    Raises:
        NotReadyForApproval: it has no lead, or no finding; every reason is listed.
    """
    reasons = []
    if response.lead is None:
        reasons.append("Nobody has been appointed to lead it.")
    if not response.findings:
        reasons.append("It has made no finding.")
    if reasons:
        raise NotReadyForApproval(*reasons)
