"""Decide that a learning response is not shared with those affected, for a reason that stays on record."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.learning_response.events import SharingWaived
from domain.learning_response.state import LearningResponse


@dataclass(frozen=True, kw_only=True, slots=True)
class WaiveSharing:
    """Why it is not shared: nobody was affected, or they do not wish it."""

    reason: Narrative


def waive_sharing(response: LearningResponse, command: WaiveSharing, stamp: Stamp) -> None:
    """Record the reason. The same reason again records nothing new; another reason adds to the record."""
    standing = response.sharing_waived_because
    if standing is None or standing.words != command.reason.words:
        record(response, SharingWaived(**after(response, stamp), reason=command.reason))
