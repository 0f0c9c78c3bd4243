"""The ledger as an aggregate: by which clock it runs, where a simulated clock stands, under which name it was gone on with."""

from dataclasses import field
from datetime import datetime

from eventsourcing.domain import Aggregate

from domain.kernel.envelope import evolves
from domain.ledger.events import Clock, ClockMoved, LedgerOpened, LedgerResumed


class Ledger(Aggregate):
    """The ledger itself; `clock_at` is where a simulated clock stands (None on a real one).

    `origin` is the name that it took when it was gone on with (None: it has the first one).
    """

    clock: Clock = field(init=False)
    clock_at: datetime | None = field(init=False)
    origin: str | None = field(init=False)


@evolves(LedgerOpened)
def _opened(ledger: Ledger, event: LedgerOpened) -> None:
    ledger.clock = event.clock
    ledger.clock_at = event.timestamp if event.clock is Clock.SIMULATED else None
    ledger.origin = None


@evolves(ClockMoved)
def _clock_moved(ledger: Ledger, event: ClockMoved) -> None:
    ledger.clock_at = event.to_at


@evolves(LedgerResumed)
def _resumed(ledger: Ledger, event: LedgerResumed) -> None:
    ledger.origin = event.origin
