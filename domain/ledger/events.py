"""All facts about the ledger itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.kernel.envelope import Fact, FirstFact


class Clock(StrEnum):
    """What sets the time of a ledger; chosen at its first event and never changed."""

    REAL = "real"
    SIMULATED = "simulated"


@dataclass(frozen=True)
class LedgerOpened(FirstFact):
    """The ledger was opened: its first event, always at position 1."""

    clock: Clock


@dataclass(frozen=True)
class ClockMoved(Fact):
    """The simulated clock was moved forward."""

    to_at: datetime
