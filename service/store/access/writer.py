"""Group commit of access records: one task writes whatever queued while the last batch was written."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from service.store.access.door import AccessDoor, RecordsRefusedError
from service.store.access.records import AccessLogBusyError, AccessNotRecordedError, NewAccess

RECORDS_MAX: Final = 1024
CASES_MAX: Final = 65_536
"""How much may wait. A record that names more cases than that goes when nothing waits."""

Seal = Callable[[NewAccess], bytes]
"""Seals the subject of whoever reads."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    record: NewAccess
    told: asyncio.Future[int]

    def tell(self, number: int) -> None:
        if not self.told.done():
            self.told.set_result(number)

    def fail(self, error: AccessNotRecordedError) -> None:
        if not self.told.done():
            self.told.set_exception(error)


class AccessWriter:
    """The one task of this process that writes access records. Nothing lingers: with one reader, a batch is one record."""

    def __init__(self, door: AccessDoor, *, seal: Seal) -> None:
        self._door = door
        self._seal = seal
        self._waiting: list[_Entry] = []
        self._cases = 0
        self._arrived = asyncio.Event()
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take records."""
        self._task = asyncio.create_task(self._run(), name="access-writer")

    async def close(self) -> None:
        """Take no more records, write those that wait, and give the connection back."""
        self._closed = True
        self._arrived.set()
        if self._task is not None:
            await self._task
        await self._door.close()

    async def append(self, record: NewAccess) -> int:
        """Queue a record and wait until it is durable; its number.

        Raises:
            AccessLogBusyError: too much waits; nothing stands.
            AccessNotRecordedError: the record is not known to stand.
        """
        if self._closed:
            raise AccessNotRecordedError("the access log is closed")
        if self._waiting and (len(self._waiting) >= RECORDS_MAX or self._cases + len(record.cases) > CASES_MAX):
            raise AccessLogBusyError("the queue of access records is full")
        entry = _Entry(record, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        self._cases += len(record.cases)
        self._arrived.set()
        return await entry.told

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            # Whoever went away before their record was begun was shown nothing.
            batch = [entry for entry in self._waiting if not entry.told.done()]
            self._waiting, self._cases = [], 0
            if batch:
                await self._write(batch)
            elif self._closed:
                return
            else:
                self._arrived.clear()

    async def _write(self, batch: Sequence[_Entry]) -> None:
        try:
            records = [(entry.record, self._seal(entry.record)) for entry in batch]
            last = await self._door.append(records)
        except RecordsRefusedError:
            await self._bisect(batch)
        except AccessNotRecordedError as error:
            for entry in batch:
                entry.fail(type(error)(str(error)))
        except Exception as error:  # noqa: BLE001 - a fault of ours may not leave readers waiting for ever
            for entry in batch:
                entry.fail(AccessNotRecordedError(type(error).__name__))
        else:
            for number, entry in enumerate(batch, start=last - len(batch) + 1):
                entry.tell(number)

    async def _bisect(self, batch: Sequence[_Entry]) -> None:
        """Write each half by itself, until the poison stands alone and fails alone."""
        if len(batch) == 1:
            batch[0].fail(AccessNotRecordedError("the database cannot keep this record"))
            return
        middle = len(batch) // 2
        await self._write(batch[:middle])
        await self._write(batch[middle:])
