"""Group commit: one task takes whatever queued while the last batch was committed, and commits it in one transaction."""

import asyncio
from collections.abc import Callable, Sequence

from service.store.group_commit.door import BatchRefusedError, Door
from service.store.group_commit.queue import AppendQueue, Entry, entry_of, requests_of
from service.store.ledger import (
    Appended,
    AppendInvalidError,
    AppendRequest,
    Fate,
    LedgerUnavailableError,
    Outcome,
)
from service.store.soundness import check_request


class Writer:
    """The one task of this process that appends. Nothing lingers: with one caller, a batch is one request."""

    def __init__(self, door: Door, *, committed: Callable[[int], None]) -> None:
        self._door = door
        self._committed = committed
        self._queue = AppendQueue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take requests."""
        self._task = asyncio.create_task(self._run(), name="ledger-writer")

    async def close(self) -> None:
        """Take no more requests, append those that wait, and give the connection back."""
        await self._queue.close()
        if self._task is not None:
            await self._task
        await self._door.close()

    async def append(self, request: AppendRequest) -> Outcome:
        """Queue a request and wait until it is durable; errors as the contract of `Ledger.append` says."""
        check_request(request)
        entry = entry_of(request)
        self._queue.put(entry)
        return await entry.told

    async def append_batch(self, requests: Sequence[AppendRequest]) -> list[Fate]:
        """Queue several requests as bulk finds room, and wait for the fate of each."""
        told = [await self._queue_bulk(request) for request in requests]
        fates: list[Fate] = []
        for answer in await asyncio.gather(*told, return_exceptions=True):
            if isinstance(answer, BaseException) and not isinstance(
                answer, LedgerUnavailableError | AppendInvalidError
            ):
                raise answer
            fates.append(answer)
        return fates

    async def _queue_bulk(self, request: AppendRequest) -> asyncio.Future[Outcome]:
        entry = entry_of(request, bulk=True)
        try:
            check_request(request)
            await self._queue.put_bulk(entry)
        except (AppendInvalidError, LedgerUnavailableError) as error:
            entry.fail(error)
        return entry.told

    async def _run(self) -> None:
        while batch := await self._queue.take():
            try:
                await self._commit(batch)
            except Exception as error:  # noqa: BLE001 - a fault of ours may not leave callers waiting for ever
                for entry in batch:
                    entry.fail(error)

    async def _commit(self, batch: Sequence[Entry]) -> None:
        try:
            outcomes = await self._door.append(requests_of(batch))
        except BatchRefusedError as refused:
            await self._bisect(batch, refused)
        except LedgerUnavailableError as error:
            for entry in batch:
                entry.fail(type(error)(str(error)))
        else:
            self._tell(batch, outcomes)

    async def _bisect(self, batch: Sequence[Entry], refused: BatchRefusedError) -> None:
        """Commit each half by itself, until the poison stands alone and fails alone."""
        if len(batch) == 1:
            batch[0].fail(AppendInvalidError(f"the database cannot store this request: {refused}"))
            return
        middle = len(batch) // 2
        await self._commit(batch[:middle])
        await self._commit(batch[middle:])

    def _tell(self, batch: Sequence[Entry], outcomes: Sequence[Outcome | AppendInvalidError]) -> None:
        positions = [found.last_position for found in outcomes if isinstance(found, Appended) and not found.replayed]
        if positions:
            self._committed(max(positions))
        for entry, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, AppendInvalidError):
                entry.fail(outcome)
            else:
                entry.tell(outcome)
