"""Record that a duty does not apply after all, with the reason."""

from dataclasses import dataclass

from domain.incident.duty_events import DutySetAside
from domain.incident.finding_duties import find_duty
from domain.incident.standing import check_reason, check_stands
from domain.incident.state import Incident
from domain.incident.words import SetAside
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import DutyId


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDutyAside:
    """Which duty does not apply, and why."""

    duty: DutyId
    reason: Narrative


def set_duty_aside(incident: Incident, command: SetDutyAside, stamp: Stamp) -> None:
    """Set it aside, on an open or closed case; one that was set aside before records nothing.

    Raises:
        CaseEnteredInError: the case takes nothing more.
        DutyUnknown: there is no such duty.
        ReasonMissing: nothing was said about why.
    """
    check_stands(incident)
    duty = find_duty(incident, command.duty)
    check_reason(command.reason)
    if not duty.stands:
        return
    aside = DutySetAside(
        **after(incident, stamp),
        duty=command.duty,
        rule=duty.terms.rule,
        because=SetAside.NOT_APPLICABLE,
        reason=command.reason,
    )
    record(incident, aside)
