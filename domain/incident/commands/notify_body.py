"""Record that a body outside was told: the commissioner, the CQC, a safeguarding lead, the police ..."""

from dataclasses import dataclass

from domain.incident.duties import bring_up_to_date
from domain.incident.events import IncidentNotified
from domain.incident.standing import check_stands
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.words import Code, OdsCode, RecordId, Reference
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class NotifyBody:
    """Which kind of body was told, which organisation, what for, how, and what receipt it gave."""

    notification: RecordId
    recipient: Code
    organisation: OdsCode | None
    purpose: Code
    channel: Code
    receipt: Reference | None


def notify_body(incident: Incident, command: NotifyBody, stamp: Stamp, *, policy: Policy) -> None:
    """Record the notification, on an open or closed case; one that has the same receipt, or the same moment, is one.

    Raises:
        CaseEnteredInError: the case takes nothing more.
    """
    check_stands(incident)
    notified = IncidentNotified(
        **after(incident, stamp),
        notification=command.notification,
        recipient=command.recipient,
        organisation=command.organisation,
        purpose=command.purpose,
        channel=command.channel,
        receipt=command.receipt,
    )
    if any(_is_same(earlier, notified) for earlier in incident.notifications):
        return
    record(incident, notified)
    bring_up_to_date(incident, stamp, policy)


def _is_same(earlier: IncidentNotified, later: IncidentNotified) -> bool:
    """Whether both tell of one notification: a body may be told the same thing twice, at two times."""
    same = all(
        getattr(earlier, name) == getattr(later, name)
        for name in ("recipient", "organisation", "purpose", "channel", "receipt")
    )
    return same and (later.receipt is not None or earlier.timestamp == later.timestamp)
