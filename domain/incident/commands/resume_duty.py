"""Let a stopped clock run again, and say when the duty is due now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from domain.incident.duty_events import DutyResumed
from domain.incident.finding_duties import find_pause
from domain.incident.held_duties import HeldDuty, HeldPause
from domain.incident.standing import check_open
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import PauseId
from domain.policy.clocks import Pause, due_at, local_day
from domain.policy.edition import Unit
from domain.policy.library import Policy

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeDuty:
    """The pause is over."""

    pause: PauseId


class ResumedBeforePaused(Refusal):
    """A pause ends after it has begun."""

    code: ClassVar[str] = "incident.resumed-before-paused"


def resume_duty(incident: Incident, command: ResumeDuty, stamp: Stamp, *, policy: Policy) -> None:
    """End the pause; ending it again records nothing.

    The days of the pause do not count: neither towards the rule's own limit nor towards a later moment that was agreed
    before the clock was stopped.

    Raises:
        CaseClosed, CaseEnteredInError: the case has no clock to run.
        PauseUnknown: there is no such pause.
        ResumedBeforePaused: it would end before it began.
    """
    check_open(incident)
    duty, pause = find_pause(incident, command.pause)
    if pause.until_at is not None:
        return
    if stamp.at < pause.from_at:
        raise ResumedBeforePaused(pointers=("/effective_at",))
    resumed = DutyResumed(
        **after(incident, stamp),
        pause=command.pause,
        duty=duty.duty,
        rule=duty.terms.rule,
        due_at=_due_now(duty, pause, stamp.at, policy=policy),
        calendar=policy.calendar.version,
    )
    record(incident, resumed)


def _due_now(duty: HeldDuty, pause: HeldPause, at: datetime, *, policy: Policy) -> datetime | None:
    by_rule = due_at(
        duty.terms.unit,
        duty.terms.length,
        started_at=duty.started_at,
        calendar=policy.calendar,
        pauses=duty.stopped_for(resumed_at=at),
    )
    if duty.extended_to is None or by_rule is None:
        return by_rule
    return max(by_rule, _agreed_now(duty, duty.extended_to, Pause(pause.from_at, at), policy=policy))


def _agreed_now(duty: HeldDuty, agreed: datetime, pause: Pause, *, policy: Policy) -> datetime:
    """A moment that was agreed, moved on by what of the pause came before it."""
    if pause.until_at is None or pause.from_at > agreed:
        return agreed
    if duty.terms.unit is Unit.HOURS:
        return agreed + (pause.until_at - pause.from_at)
    days_left = (local_day(agreed) - local_day(pause.from_at)).days
    moved = due_at(
        Unit.CALENDAR_DAYS,
        days_left + 1,
        started_at=pause.from_at - _ONE_DAY,
        calendar=policy.calendar,
        pauses=(pause,),
    )
    return moved or agreed
