"""Release a legal hold: whoever needed the record needs it no longer. Who placed a hold never releases it."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.events import LegalHoldReleased
from domain.incident.standing import check_reason
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import HoldId


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseLegalHold:
    """Which hold is over, and why."""

    hold: HoldId
    reason: Narrative


class HoldUnknown(Refusal):
    """The incident has no such legal hold."""

    code: ClassVar[str] = "incident.hold-unknown"


class OwnHoldRelease(Refusal):
    """A legal hold is released by somebody who did not place it: once it is gone, what it kept may be lost for ever."""

    code: ClassVar[str] = "incident.own-hold-release"


class ReleasedBeforePlaced(Refusal):
    """A legal hold is released after it was placed."""

    code: ClassVar[str] = "incident.released-before-placed"


def release_legal_hold(incident: Incident, command: ReleaseLegalHold, stamp: Stamp) -> None:
    """Record the release, on any case. Releasing a hold again records nothing.

    Raises:
        HoldUnknown: there is no such hold.
        OwnHoldRelease: whoever releases it placed it.
        ReleasedBeforePlaced: it would end before it began.
        ReasonMissing: nothing was said about why.
    """
    holds = incident.legal_holds
    placed = holds.placed.get(command.hold)
    if placed is None:
        raise HoldUnknown
    if command.hold in holds.released:
        return
    if placed.placed_by == stamp.by.id:
        raise OwnHoldRelease
    if stamp.at < placed.timestamp:
        raise ReleasedBeforePlaced(pointers=("/effective_at",))
    check_reason(command.reason)
    released = LegalHoldReleased(
        **after(incident, stamp), hold=command.hold, reason=command.reason, released_by=stamp.by.id
    )
    record(incident, released)
