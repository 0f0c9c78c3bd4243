"""Open a closed case again, because something became known that its closing did not know."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.events import IncidentReopened
from domain.incident.standing import check_reason, check_stands
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class ReopenIncident:
    """Why the case is opened again."""

    reason: Narrative


class CaseNotClosed(Refusal):
    """Only a closed case is opened again."""

    code: ClassVar[str] = "incident.case-not-closed"


def reopen_incident(incident: Incident, command: ReopenIncident, stamp: Stamp) -> None:
    """Open it again, for whichever organisation decides so.

    Raises:
        CaseEnteredInError: the case takes nothing more.
        CaseNotClosed: it is open.
        ReasonMissing: nothing was said about why.
    """
    check_stands(incident)
    if not incident.is_closed:
        raise CaseNotClosed
    check_reason(command.reason)
    reopened = IncidentReopened(**after(incident, stamp), reason=command.reason, organisation=stamp.by.organisation)
    record(incident, reopened)
