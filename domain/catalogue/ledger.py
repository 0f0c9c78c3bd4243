"""Stored names of the facts about the ledger itself: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.ledger.events import ClockMoved, LedgerOpened, LedgerResumed

STORED: Final = (
    Stored("ledger.opened.v1", LedgerOpened),
    Stored("ledger.clock_moved.v1", ClockMoved),
    Stored("ledger.resumed.v1", LedgerResumed),
)
