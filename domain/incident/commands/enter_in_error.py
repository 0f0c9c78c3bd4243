"""Say that a report should never have been made: a test, the wrong trust. Its record stays and takes nothing more."""

from dataclasses import dataclass

from domain.incident.events import IncidentEnteredInError
from domain.incident.standing import check_open, check_reason
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative


@dataclass(frozen=True, kw_only=True, slots=True)
class EnterInError:
    """Why the report should never have been made."""

    reason: Narrative


def enter_in_error(incident: Incident, command: EnterInError, stamp: Stamp) -> None:
    """End the case without an ending; nothing is deleted.

    Raises:
        CaseClosed: it is closed; reopen it first.
        CaseEnteredInError: it was entered in error before.
        ReasonMissing: nothing was said about why.
    """
    check_open(incident)
    check_reason(command.reason)
    record(incident, IncidentEnteredInError(**after(incident, stamp), reason=command.reason))
