"""Where positions and instants meet, told by the ledger."""

from datetime import datetime

from projections.engine.feed import Mark
from service.store.ledger import Ledger


class LedgerInstants:
    """Answers the read models' questions about positions from the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def mark(self) -> Mark:
        """The newest position."""
        head = await self._ledger.head()
        return Mark(head.position, head.recorded_at)

    async def position_at(self, instant: datetime) -> int:
        """The newest position recorded at or before an instant (0: none)."""
        return await self._ledger.position_at(instant)

    async def recorded_at(self, position: int) -> datetime | None:
        """When the event at a position was recorded (None: there is none)."""
        if position < 1:
            return None
        events = await self._ledger.read_all(after=position - 1, limit=1)
        return events[0].recorded_at if events else None
