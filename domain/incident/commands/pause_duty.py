"""Stop a duty's clock at the written request of the police, a coroner, the HSE or a court (SIF-09, PSIRF-08)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.incident.duty_events import DutyPaused
from domain.incident.finding_duties import find_standing_duty
from domain.incident.standing import check_open, check_reason
from domain.incident.state import Incident
from domain.incident.words import PausingBody
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import DutyId, PauseId
from domain.policy.clocks import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseDuty:
    """Who asked for it and on which day, why, who approved it, and when to look at it again."""

    pause: PauseId
    duty: DutyId
    body: PausingBody
    reason: Narrative
    approver: Personal
    requested_on: date
    review_on: date | None


class DutyNotPausable(Refusal):
    """The clock of this duty is never stopped: candour and safety go on whatever the police ask."""

    code: ClassVar[str] = "incident.duty-not-pausable"


class DutyPausedAlready(Refusal):
    """The clock stands still already, or stood still at that moment."""

    code: ClassVar[str] = "incident.duty-paused-already"


class RequestedAfterPause(Refusal):
    """A clock is stopped at a request, which comes first."""

    code: ClassVar[str] = "incident.requested-after-pause"


class ReviewDayInvalid(Refusal):
    """A pause needs a day, after the day on which it begins, to look at it again."""

    code: ClassVar[str] = "incident.review-day-invalid"


def pause_duty(incident: Incident, command: PauseDuty, stamp: Stamp) -> None:
    """Stop the clock from the moment at which the pause takes effect; repeating the same pause records nothing.

    Raises:
        CaseClosed, CaseEnteredInError: the case has no clock to stop.
        DutyUnknown, DutyNotStanding: there is no such duty, or it was set aside.
        DutyNotPausable: its rule does not allow a pause.
        DutyPausedAlready: another pause runs, or ran at that moment.
        ReasonMissing, RequestedAfterPause, ReviewDayInvalid: what has to stand on record for a pause is not there.
    """
    check_open(incident)
    duty = find_standing_duty(incident, command.duty)
    running = duty.running_pause
    if running is not None and (running.body, running.from_at) == (command.body, stamp.at):
        return
    if not duty.terms.pausable:
        raise DutyNotPausable(f"{duty.terms.rule} is not paused.", pointers=("/duty",))
    if any(pause.until_at is None or stamp.at < pause.until_at for pause in duty.pauses):
        raise DutyPausedAlready(pointers=("/duty",))
    check_reason(command.reason)
    day = local_day(stamp.at)
    if command.requested_on > day:
        raise RequestedAfterPause(pointers=("/requested_on",))
    if command.review_on is None or command.review_on <= day:
        raise ReviewDayInvalid(pointers=("/review_on",))
    paused = DutyPaused(
        **after(incident, stamp),
        pause=command.pause,
        duty=command.duty,
        body=command.body,
        reason=command.reason,
        approver=command.approver,
        requested_on=command.requested_on,
        review_on=command.review_on,
    )
    record(incident, paused)
