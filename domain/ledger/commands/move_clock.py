"""Move the clock of a simulated ledger forward, so that lateness can be shown without waiting for it."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.ledger.events import ClockMoved
from domain.ledger.state import Ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveClock:
    """Let it be this instant."""

    to_at: datetime


class ClockNotSimulated(Refusal):
    """A ledger on the real clock has no clock that anybody could move."""

    code = "ledger.clock-not-simulated"


class ClockMovedBack(Refusal):
    """A clock only moves forward: what was recorded cannot come to lie in the future."""

    code = "ledger.clock-moved-back"


def move_clock(ledger: Ledger, command: MoveClock, stamp: Stamp) -> None:
    """Move a simulated clock forward; moving it to where it stands records nothing.

    Raises:
        ClockNotSimulated: the ledger was opened on the real clock.
        ClockMovedBack: the instant lies before the ledger's present.
    """
    if ledger.clock_at is None:
        raise ClockNotSimulated
    present = max(ledger.clock_at, stamp.now)
    if command.to_at < present:
        raise ClockMovedBack(f"It is {present.isoformat()} on this ledger.", pointers=("/to",))
    if command.to_at > present:
        record(ledger, ClockMoved(**after(ledger, stamp), to_at=command.to_at))
