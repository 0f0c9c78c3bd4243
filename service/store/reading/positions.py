"""The promise that every reader checks: the next position is the previous one plus one."""

from collections.abc import Sequence

from service.store.ledger import LedgerEvent, LedgerGapError


def check_contiguous(events: Sequence[LedgerEvent], *, after: int) -> None:
    """Pass events that follow a position without a gap.

    Raises:
        LedgerGapError: a position is missing or out of order; nothing may be read past it.
    """
    for expected, event in enumerate(events, start=after + 1):
        if event.position != expected:
            raise LedgerGapError(f"position {expected} is missing: the next event stands at {event.position}")
