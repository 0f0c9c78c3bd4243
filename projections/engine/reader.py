"""One reading of the log for all read models of a process: each asks for what follows its own position."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from projections.engine.feed import Feed, Told

_BATCHES_KEPT: Final = 8


class SharedReader:
    """Hands out batches; read models that are in step get the same decoded events, one that is behind reads for itself.

    `follow` must run beside it: it brings what is new and wakes who waits at the head.
    """

    def __init__(self, feed: Feed, *, limit: int) -> None:
        self._feed = feed
        self._limit = limit
        self._kept: deque[Sequence[Told]] = deque(maxlen=_BATCHES_KEPT)
        self._reading = asyncio.Lock()
        self._woken = asyncio.Condition()
        self._newest = 0
        self.failure: Exception | None = None
        """Why the log cannot be followed any more, if it cannot."""

    async def after(self, position: int) -> Sequence[Told]:
        """The next events after a position; waits at the head of the log.

        Raises:
            Exception: the log failed for good.
        """
        while True:
            batch = self._known(position)
            if batch:
                return batch
            async with self._reading:
                # Whoever read while we waited may have read for us.
                batch = self._known(position) or await self._read(position)
            if batch:
                return batch
            async with self._woken:
                await self._woken.wait_for(lambda: self._newest > position or self.failure is not None)
            if self.failure is not None:
                raise self.failure

    async def follow(self) -> None:
        """Bring new events for ever, and wake the read models that wait for them."""
        newest = (await self._feed.mark()).position
        await self._told(newest)
        async for batch in self._feed.follow(after=newest, limit=self._limit):
            if batch:
                self._kept.append(batch)
                await self._told(batch[-1].position)

    async def fail(self, failure: Exception) -> None:
        """The log failed for good: whoever waits at its head is told why."""
        async with self._woken:
            self.failure = failure
            self._woken.notify_all()

    async def _told(self, newest: int) -> None:
        async with self._woken:
            self._newest = max(self._newest, newest)
            self._woken.notify_all()

    async def _read(self, position: int) -> Sequence[Told]:
        batch = await self._feed.read(after=position, limit=self._limit)
        if batch:
            self._kept.append(batch)
        return batch

    def _known(self, position: int) -> Sequence[Told]:
        for batch in self._kept:
            if batch[0].position <= position + 1 <= batch[-1].position:
                return batch[position + 1 - batch[0].position :]
        return ()
