"""The log as read models and reactions follow it: decoded, with what is sealed left sealed."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from projections.engine.feed import Mark, Told
from service.reading.stories import told_of
from service.store.codec import Codec
from service.store.ledger import Ledger


class LedgerFeed:
    """Reads the ledger for the projection engine, and tells it where positions and instants meet."""

    def __init__(self, ledger: Ledger, codec: Codec) -> None:
        self._ledger = ledger
        self._codec = codec

    async def read(self, *, after: int, limit: int) -> Sequence[Told]:
        """The next events after a position, contiguous; empty at the head.

        Raises:
            LedgerGapError: a position is missing.
        """
        return told_of(await self._ledger.read_all(after=after, limit=limit), self._codec)

    async def follow(self, *, after: int, limit: int) -> AsyncIterator[Sequence[Told]]:
        """Batches for ever, waking on a hint or a poll."""
        async for events in self._ledger.follow(after=after, limit=limit):
            yield told_of(events, self._codec)

    async def mark(self) -> Mark:
        """The newest position."""
        head = await self._ledger.head()
        return Mark(head.position, head.recorded_at)

    async def position_at(self, instant: datetime) -> int:
        """The newest position recorded at or before an instant (0: none)."""
        return await self._ledger.position_at(instant)

    async def recorded_at(self, position: int) -> datetime | None:
        """When the event at a position was recorded (None: there is none)."""
        events = await self._ledger.read_all(after=position - 1, limit=1) if position > 0 else []
        return events[0].recorded_at if events else None
