"""Place a legal hold: somebody needs the record of the case kept, so that nothing of it is erased or due to be destroyed."""

from dataclasses import dataclass

from domain.incident.events import LegalHoldPlaced
from domain.incident.standing import check_reason
from domain.incident.state import Incident
from domain.incident.words import HoldAuthority
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import HoldId, Reference


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceLegalHold:
    """Who needs the record, their reference where they gave one, and why."""

    hold: HoldId
    authority: HoldAuthority
    reference: Reference | None
    reason: Narrative


def place_legal_hold(incident: Incident, command: PlaceLegalHold, stamp: Stamp) -> None:
    """Record the hold, on any case: an inquest may want what was closed, or what should never have been reported.

    Placing a hold that stands in the same words again records nothing.

    Raises:
        ReasonMissing: nothing was said about why.
    """
    check_reason(command.reason)
    if any(_said(standing) == _said(command) for standing in incident.legal_holds.standing):
        return
    placed = LegalHoldPlaced(
        **after(incident, stamp),
        hold=command.hold,
        authority=command.authority,
        reference=command.reference,
        reason=command.reason,
        placed_by=stamp.by.id,
    )
    record(incident, placed)


def _said(hold: PlaceLegalHold | LegalHoldPlaced) -> tuple[object, ...]:
    return (hold.authority, hold.reference, hold.reason.words)
