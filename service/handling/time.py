"""The ledger's present: the real clock, or (on a ledger born simulated) the moment to which it was moved."""

from datetime import UTC, datetime

from service.store.ledger import Ledger


class LedgerTime:
    """Tells the present by the clock that the ledger was born with."""

    def __init__(self, ledger: Ledger, *, simulated: bool) -> None:
        self._ledger = ledger
        self.simulated = simulated

    async def now(self) -> datetime:
        """The present, in UTC; on a simulated ledger it stands still until it is moved."""
        if self.simulated:
            head = await self._ledger.head()
            if head.recorded_at is not None:
                return head.recorded_at
        return datetime.now(UTC)
