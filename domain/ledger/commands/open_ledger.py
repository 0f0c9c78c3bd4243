"""Open the ledger: the first fact of all, which settles for good by which clock it runs."""

from dataclasses import dataclass

from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.streams import LEDGER_STREAM
from domain.ledger.events import Clock, LedgerOpened
from domain.ledger.state import Ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenLedger:
    """Begin a ledger on this clock."""

    clock: Clock


def open_ledger(command: OpenLedger, stamp: Stamp) -> Ledger:
    """Begin the ledger; its clock can never be changed afterwards."""
    return begin(Ledger, LedgerOpened(**first(Ledger, LEDGER_STREAM, stamp), clock=command.clock))
