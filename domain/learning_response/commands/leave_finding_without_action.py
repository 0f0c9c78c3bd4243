"""Decide that no action follows from a finding, for a reason that stays on record."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import FindingId
from domain.learning_response.events import FindingLeftWithoutAction
from domain.learning_response.refusals import FindingUnknown
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveFindingWithoutAction:
    """The finding, and why no action follows."""

    finding: FindingId
    reason: Narrative


def leave_finding_without_action(response: LearningResponse, command: LeaveFindingWithoutAction, stamp: Stamp) -> None:
    """Record the reason, also after sign-off, for a case closes only when every finding has an action or a reason.

    The same reason again records nothing new; another reason adds to the record.

    Raises:
        FindingUnknown: the response has not made the finding.
    """
    if command.finding not in response.findings:
        raise FindingUnknown("The finding is not among those made.", pointers=("/finding",))
    standing = response.left_without_action.get(command.finding)
    if standing is not None and standing.words == command.reason.words:
        return
    left = FindingLeftWithoutAction(**after(response, stamp), finding=command.finding, reason=command.reason)
    record(response, left)
