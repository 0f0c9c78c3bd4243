"""The ledger as an aggregate: by which clock it runs, and where a simulated clock stands."""

from dataclasses import field
from datetime import datetime

from eventsourcing.domain import Aggregate

from domain.kernel.envelope import evolves
from domain.ledger.events import Clock, ClockMoved, LedgerOpened


class Ledger(Aggregate):
    """The ledger itself; `clock_at` is where a simulated clock stands (None on a real one)."""

    clock: Clock = field(init=False)
    clock_at: datetime | None = field(init=False)


@evolves(LedgerOpened)
def _opened(ledger: Ledger, event: LedgerOpened) -> None:
    ledger.clock = event.clock
    ledger.clock_at = event.timestamp if event.clock is Clock.SIMULATED else None


@evolves(ClockMoved)
def _clock_moved(ledger: Ledger, event: ClockMoved) -> None:
    ledger.clock_at = event.to_at
