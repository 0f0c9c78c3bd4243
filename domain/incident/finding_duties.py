"""Find the duty or the pause that a command names."""

from typing import ClassVar

from domain.incident.held_duties import HeldDuty, HeldPause
from domain.incident.state import Incident
from domain.kernel.refusal import Refusal
from domain.kernel.words import DutyId, PauseId


class DutyUnknown(Refusal):
    """The incident has no such duty."""

    code: ClassVar[str] = "incident.duty-unknown"


class DutyNotStanding(Refusal):
    """The duty was set aside, and its clock with it."""

    code: ClassVar[str] = "incident.duty-not-standing"


class PauseUnknown(Refusal):
    """No clock of the incident has such a pause."""

    code: ClassVar[str] = "incident.pause-unknown"


def find_duty(incident: Incident, duty: DutyId) -> HeldDuty:
    """The duty of this id.

    Raises:
        DutyUnknown: there is none.
    """
    held = incident.duties.get(duty)
    if held is None:
        raise DutyUnknown(pointers=("/obligation",))
    return held


def find_standing_duty(incident: Incident, duty: DutyId) -> HeldDuty:
    """The duty of this id, which nobody has set aside.

    Raises:
        DutyUnknown: there is none.
        DutyNotStanding: it was set aside.
    """
    held = find_duty(incident, duty)
    if not held.stands:
        raise DutyNotStanding(f"It was set aside: {held.set_aside}.", pointers=("/obligation",))
    return held


def find_pause(incident: Incident, pause: PauseId) -> tuple[HeldDuty, HeldPause]:
    """A pause and the duty whose clock it stops or stopped.

    Raises:
        PauseUnknown: there is none of this id.
    """
    for duty in incident.duties.values():
        if (held := duty.pause(pause)) is not None:
            return duty, held
    raise PauseUnknown(pointers=("/pause",))
