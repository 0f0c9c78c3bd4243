"""Hints that the ledger grew: told to other processes after a commit, heard from them, and never relied upon."""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg

from service.store.group_commit.door import Connect, Connection

CHANNEL: Final = "ledger_head"
_CHECK_SECONDS: Final = 10.0
_RETRY_SECONDS: Final = 1.0
_LOST: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Hints:
    """One connection that listens and notifies. While it is broken, readers poll; it mends itself."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._grown = asyncio.Event()
        self._stirred = asyncio.Event()
        self._untold = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run(), name="ledger-hints")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._wake()

    def tell(self, position: int) -> None:
        """Wake this process's readers now, and the others' by the next notification (many commits, one notification)."""
        self._untold = max(self._untold, position)
        self._wake()
        self._stirred.set()

    def next(self) -> asyncio.Event:
        """The next hint; taken before reading, so that a hint that comes meanwhile is not missed."""
        return self._grown

    async def heard(self, hint: asyncio.Event, *, seconds_max: float) -> None:
        """Wait for a hint, or for so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(hint.wait(), seconds_max)

    def _wake(self) -> None:
        # whoever waits holds this event; whoever comes later waits for the next
        self._grown.set()
        self._grown = asyncio.Event()

    async def _run(self) -> None:
        while True:
            with suppress(*_LOST):
                connection = await self._connect()
                try:
                    await self._serve(connection)
                finally:
                    connection.terminate()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _serve(self, connection: Connection) -> None:
        connection.add_termination_listener(lambda _: self._stirred.set())
        await connection.add_listener(CHANNEL, lambda *_: self._wake())
        self._wake()  # something may have been told while nobody listened
        while not connection.is_closed():
            if self._untold:
                position, self._untold = self._untold, 0
                await connection.execute("select pg_notify($1, $2)", CHANNEL, str(position), timeout=_CHECK_SECONDS)
            self._stirred.clear()
            if not self._untold and not await self._was_stirred():
                await connection.execute("select 1", timeout=_CHECK_SECONDS)

    async def _was_stirred(self) -> bool:
        try:
            await asyncio.wait_for(self._stirred.wait(), _CHECK_SECONDS)
        except TimeoutError:
            return False
        return True
