"""All facts about the ledger itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import Label, OperatorNote


class Clock(StrEnum):
    """What sets the time of a ledger; chosen at its first event and never changed."""

    REAL = "real"
    SIMULATED = "simulated"


class Loss(StrEnum):
    """What was found when a ledger was not the one that was signed."""

    SHORTER = "shorter"
    """It ends before the last checkpoint that was signed: an older backup, or a standby that lagged."""
    CHANGED = "changed"
    """It is as long, and holds something else: history was changed, or an older backup was gone on with."""
    DISPUTED = "disputed"
    """A witness holds another history than the one that was signed."""


@dataclass(frozen=True)
class LedgerOpened(FirstFact):
    """The ledger was opened: its first event, always at position 1."""

    clock: Clock


@dataclass(frozen=True)
class ClockMoved(Fact):
    """The simulated clock was moved forward."""

    to_at: datetime


@dataclass(frozen=True)
class LedgerResumed(Fact):
    """Somebody decided to go on with a ledger that is not the one that was signed, under another name."""

    origin: Label
    """The name under which checkpoints are signed from now on."""
    loss: Loss
    signed_size: int
    signed_root: Label
    """Of the last checkpoint under the name before, with its size: whoever holds it can tell that it is meant."""
    reason: OperatorNote
