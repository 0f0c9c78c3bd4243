"""The bounded queue in which appends wait for the next group commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.store.group_commit.batching import split
from service.store.ledger import AppendRequest, LedgerBusyError, LedgerUnavailableError, Outcome

REQUESTS_MAX: Final = 512
BYTES_MAX: Final = 1024 * 1024
BULK_SHARE: Final = 2
"""Bulk may hold one half of the queue: whoever appends one thing always finds room beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A request that waits, and where its outcome will be told."""

    request: AppendRequest
    told: asyncio.Future[Outcome]
    size: int
    bulk: bool

    def tell(self, outcome: Outcome) -> None:
        """Answer, unless the one who asked has gone."""
        if not self.told.done():
            self.told.set_result(outcome)

    def fail(self, error: Exception) -> None:
        """Answer with an error, unless the one who asked has gone."""
        if not self.told.done():
            self.told.set_exception(error)


def entry_of(request: AppendRequest, *, bulk: bool = False) -> Entry:
    """A place in the queue for a request."""
    size = sum(len(event.payload) for event in request.events)
    return Entry(request, asyncio.get_running_loop().create_future(), size, bulk)


class AppendQueue:
    """Requests in order of arrival, bounded in number and in bytes."""

    def __init__(self) -> None:
        self._waiting: list[Entry] = []
        self._bytes = 0
        self._bulk_requests = 0
        self._bulk_bytes = 0
        self._closed = False
        self._arrived = asyncio.Event()
        self._drained = asyncio.Condition()

    def put(self, entry: Entry) -> None:
        """Queue one request.

        Raises:
            LedgerBusyError: the queue is full.
            LedgerUnavailableError: the ledger was closed.
        """
        if self._closed:
            raise LedgerUnavailableError("the ledger is closed")
        if not _fits(entry, len(self._waiting), self._bytes, share=1):
            raise LedgerBusyError("the queue of appends is full")
        self._add(entry)

    async def put_bulk(self, entry: Entry) -> None:
        """Queue one request of many, waiting until bulk has room.

        Raises:
            LedgerUnavailableError: the ledger was closed.
        """
        async with self._drained:
            await self._drained.wait_for(lambda: self._closed or self._has_room_for_bulk(entry))
            if self._closed:
                raise LedgerUnavailableError("the ledger is closed")
            self._add(entry)

    async def take(self) -> list[Entry]:
        """Everything that waits and may share one call; empty only when the queue was closed and is drained."""
        while True:
            await self._arrived.wait()
            waiting, self._waiting = self._waiting, []
            self._bytes = self._bulk_requests = self._bulk_bytes = 0
            asked = [(entry, entry.request) for entry in waiting if not entry.told.done()]
            batch, deferred = split(asked)
            for entry in deferred:
                self._add(entry)
            if not deferred and not self._closed:
                self._arrived.clear()
            async with self._drained:
                self._drained.notify_all()
            if batch or self._closed:
                return batch

    async def close(self) -> None:
        """Take nothing more; what waits is still handed out."""
        self._closed = True
        self._arrived.set()
        async with self._drained:
            self._drained.notify_all()

    def _add(self, entry: Entry) -> None:
        self._waiting.append(entry)
        self._bytes += entry.size
        if entry.bulk:
            self._bulk_requests += 1
            self._bulk_bytes += entry.size
        self._arrived.set()

    def _has_room_for_bulk(self, entry: Entry) -> bool:
        return _fits(entry, self._bulk_requests, self._bulk_bytes, share=BULK_SHARE) and _fits(
            entry, len(self._waiting), self._bytes, share=1
        )


def _fits(entry: Entry, requests: int, size: int, *, share: int) -> bool:
    """Whether an entry fits beside what waits; one that is larger than the whole bound goes when nothing waits."""
    return requests == 0 or (requests < REQUESTS_MAX // share and size + entry.size <= BYTES_MAX // share)


def requests_of(entries: Sequence[Entry]) -> list[AppendRequest]:
    """The requests of some entries, in order."""
    return [entry.request for entry in entries]
