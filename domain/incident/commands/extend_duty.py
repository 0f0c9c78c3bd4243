"""Agree a later moment before a duty is due; the original one is never lost (SIF-08)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.incident.duty_events import DutyExtended
from domain.incident.finding_duties import find_standing_duty
from domain.incident.held_duties import HeldDuty
from domain.incident.standing import check_open, check_reason
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import DutyId, OdsCode
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtendDuty:
    """The later moment, why, and who of which organisation agreed to it."""

    duty: DutyId
    due_at: datetime
    reason: Narrative
    agreed_by: Personal
    agreed_by_organisation: OdsCode


class DutyNotExtendable(Refusal):
    """The time limit of this duty cannot be extended, or it has none."""

    code: ClassVar[str] = "incident.duty-not-extendable"


class DutyHeldByPause(Refusal):
    """The clock stands still: let it run first, so that it is known when the duty is due."""

    code: ClassVar[str] = "incident.duty-held-by-pause"


class ExtendedTooLate(Refusal):
    """A later moment is agreed before the duty is due, never afterwards."""

    code: ClassVar[str] = "incident.extended-too-late"


class ExtensionNotLater(Refusal):
    """An extension gives a moment that lies in the future and after the one that is due now."""

    code: ClassVar[str] = "incident.extension-not-later"


class ExtensionIsTheCommissioners(Refusal):
    """Under the Serious Incident Framework the commissioner agrees an extension."""

    code: ClassVar[str] = "incident.extension-is-the-commissioners"


def extend_duty(incident: Incident, command: ExtendDuty, stamp: Stamp, *, commissioners: frozenset[OdsCode]) -> None:
    """Record the agreement; `commissioners` are the provider's own today. Agreeing the same moment again is nothing new.

    Whether it is too late is judged by the ledger's present, so that an extension cannot be dated back over a missed
    moment.

    Raises:
        CaseClosed, CaseEnteredInError: the case has no clock to extend.
        DutyUnknown, DutyNotStanding: there is no such duty, or it was set aside.
        DutyNotExtendable, DutyHeldByPause, ExtendedTooLate, ExtensionNotLater: no later moment can be agreed.
        ExtensionIsTheCommissioners: agreed by somebody else under SIF 2015.
        ReasonMissing: nothing was said about why.
    """
    check_open(incident)
    duty = find_standing_duty(incident, command.duty)
    if duty.extended_to == command.due_at:
        return
    present = _due_before(duty, stamp)
    if command.due_at <= max(present, stamp.now):
        raise ExtensionNotLater(pointers=("/due_at",))
    check_reason(command.reason)
    if incident.regime == SERIOUS_INCIDENT_FRAMEWORK and command.agreed_by_organisation not in commissioners:
        raise ExtensionIsTheCommissioners(pointers=("/agreed_by_organisation",))
    extended = DutyExtended(
        **after(incident, stamp),
        duty=command.duty,
        rule=duty.terms.rule,
        previous_due_at=present,
        due_at=command.due_at,
        reason=command.reason,
        agreed_by=command.agreed_by,
        agreed_by_organisation=command.agreed_by_organisation,
    )
    record(incident, extended)


def _due_before(duty: HeldDuty, stamp: Stamp) -> datetime:
    """When the duty is due now, where that can still be moved."""
    if not duty.terms.extendable:
        raise DutyNotExtendable(f"{duty.terms.rule} is not extended.", pointers=("/obligation",))
    if duty.running_pause is not None:
        raise DutyHeldByPause(pointers=("/obligation",))
    if duty.due_at is None:
        raise DutyNotExtendable(f"{duty.terms.rule} has no time limit.", pointers=("/obligation",))
    if stamp.now > duty.due_at:
        raise ExtendedTooLate(f"It was due at {duty.due_at.isoformat()}.", pointers=("/obligation",))
    return duty.due_at
