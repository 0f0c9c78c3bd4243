"""Stop a duty's clock at the written request of the police, a coroner, the HSE or a court (SIF-09, PSIRF-08)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.incident.duty_events import DutyPaused
from domain.incident.finding_duties import find_standing_duty
from domain.incident.held_duties import HeldDuty
from domain.incident.standing import check_open, check_reason
from domain.incident.state import Incident
from domain.incident.words import PausingBody
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import DutyId, OdsCode, PauseId
from domain.policy.clocks import local_day
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseDuty:
    """Who asked for it and on which day, why, who of which organisation approved it, and when to look at it again."""

    pause: PauseId
    duty: DutyId
    body: PausingBody
    reason: Narrative
    approver: Personal
    approver_organisation: OdsCode
    requested_on: date
    review_on: date | None


class DutyNotPausable(Refusal):
    """The clock of this duty is never stopped: candour and safety go on whatever the police ask."""

    code: ClassVar[str] = "incident.duty-not-pausable"


class DutyPausedAlready(Refusal):
    """The clock stands still already, or stood still at that moment."""

    code: ClassVar[str] = "incident.duty-paused-already"


class PausedTooLate(Refusal):
    """A pause is recorded before the duty is due, never dated back over a missed moment."""

    code: ClassVar[str] = "incident.paused-too-late"


class PauseIsTheCommissioners(Refusal):
    """Under the Serious Incident Framework the commissioner agrees that a clock is stopped."""

    code: ClassVar[str] = "incident.pause-is-the-commissioners"


class RequestedAfterPause(Refusal):
    """A clock is stopped at a request, which comes first."""

    code: ClassVar[str] = "incident.requested-after-pause"


class ReviewDayInvalid(Refusal):
    """A pause needs a day, after the day on which it begins, to look at it again."""

    code: ClassVar[str] = "incident.review-day-invalid"


def pause_duty(
    incident: Incident, command: PauseDuty, stamp: Stamp, *, commissioners: frozenset[OdsCode] = frozenset()
) -> None:
    """Stop the clock from the moment at which the pause takes effect; repeating the same pause records nothing.

    `commissioners` are the provider's own today. Whether it is too late is judged by the ledger's present, so that a
    pause cannot be dated back over a missed moment; one that begins after it changes nothing, and is taken.

    Raises:
        CaseClosed, CaseEnteredInError: the case has no clock to stop.
        DutyUnknown, DutyNotStanding: there is no such duty, or it was set aside.
        DutyNotPausable: its rule does not allow a pause.
        DutyPausedAlready: another pause runs, or ran at that moment.
        PausedTooLate: it would begin before a moment that has been missed since.
        PauseIsTheCommissioners: approved by somebody else under SIF 2015.
        ReasonMissing, RequestedAfterPause, ReviewDayInvalid: what has to stand on record for a pause is not there.
    """
    check_open(incident)
    duty = find_standing_duty(incident, command.duty)
    running = duty.running_pause
    if running is not None and (running.body, running.from_at) == (command.body, stamp.at):
        return
    _check_clock(duty, stamp)
    if incident.regime == SERIOUS_INCIDENT_FRAMEWORK and command.approver_organisation not in commissioners:
        raise PauseIsTheCommissioners(pointers=("/approved_by_organisation",))
    _check_record(command, stamp)
    paused = DutyPaused(
        **after(incident, stamp),
        pause=command.pause,
        duty=command.duty,
        rule=duty.terms.rule,
        body=command.body,
        reason=command.reason,
        approver=command.approver,
        approver_organisation=command.approver_organisation,
        requested_on=command.requested_on,
        review_on=command.review_on,
    )
    record(incident, paused)


def _check_clock(duty: HeldDuty, stamp: Stamp) -> None:
    if not duty.terms.pausable:
        raise DutyNotPausable(f"{duty.terms.rule} is not paused.", pointers=("/obligation",))
    if any(pause.until_at is None or stamp.at < pause.until_at for pause in duty.pauses):
        raise DutyPausedAlready(pointers=("/obligation",))
    if duty.due_at is not None and stamp.at <= duty.due_at < stamp.now:
        raise PausedTooLate(f"It was due at {duty.due_at.isoformat()}.", pointers=("/effective_at",))


def _check_record(command: PauseDuty, stamp: Stamp) -> None:
    check_reason(command.reason)
    day = local_day(stamp.at)
    if command.requested_on > day:
        raise RequestedAfterPause(pointers=("/requested_on",))
    if command.review_on is None or command.review_on <= day:
        raise ReviewDayInvalid(pointers=("/review_on",))
