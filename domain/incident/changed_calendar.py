"""Re-dating by event what another calendar makes due at another moment, such as once a bank holiday is proclaimed."""

from typing import Final

from domain.incident.duties import Told, redate
from domain.incident.held_duties import HeldDuty
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.words import Code
from domain.policy.edition import Unit
from domain.policy.library import Policy
from domain.policy.status import Recorded, progress

CALENDAR: Final = Code("calendar")
"""Why a clock was re-dated whose start stays what it was."""


def follow_calendar(incident: Incident, stamp: Stamp, policy: Policy, told: Told) -> None:
    """Re-date every open duty that is due at another moment by this calendar than by the one that it was dated with.

    `told` is everything that the other streams of the case have done: a duty that something has met or set aside keeps
    its dates, since one that was met late would else turn into one met in time. An agreed later moment stands, and a
    clock that stands still is dated when it runs again. Where both calendars give the same moment nothing is recorded:
    the version that stands beside a due moment is that of the calendar which gave it.
    """
    done = tuple(Recorded(each, each.at) for each in (*incident.current_dones(), *told.starts))
    for duty in [*incident.duties.values()]:
        if not _depends(duty, policy) or _is_done(duty, done):
            continue
        redate(incident, stamp, duty, started_at=duty.started_at, because=CALENDAR, policy=policy)


def _depends(duty: HeldDuty, policy: Policy) -> bool:
    """Whether its due moment was computed with another calendar, and is not one that was agreed."""
    counts_working_days = duty.terms.unit is Unit.WORKING_DAYS
    by_another = duty.calendar != policy.calendar.version
    return duty.stands and counts_working_days and by_another and duty.extended_to is None


def _is_done(duty: HeldDuty, done: tuple[Recorded, ...]) -> bool:
    achieved = progress(duty.terms, done, due_at=duty.due_at)
    return achieved.met_at is not None or achieved.set_aside
