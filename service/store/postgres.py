"""The ledger in PostgreSQL: appends by group commit, reads over a pool, readers woken by hints and by polling."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from typing_extensions import override

from service.store.connect import Database, connect, open_pool
from service.store.group_commit.door import CALL_SECONDS, Connect, Connection, Door
from service.store.group_commit.writer import Writer
from service.store.ledger import (
    AppendRequest,
    Fate,
    Head,
    Ledger,
    LedgerEvent,
    LedgerUnavailableError,
    Look,
    NewKey,
    Outcome,
)
from service.store.reading.hints import Hints
from service.store.reading.questions import PlainConnection, Pool, Reading, prepare

PATIENCE_MS: Final = 5_000
"""How long an append waits for other processes' appends before it is answered as busy."""

_POLL_SECONDS_MIN: Final = 0.05
_POLL_SECONDS_MAX: Final = 1.0


@asynccontextmanager
async def open_ledger(database: Database, *, connections: int = 10) -> AsyncIterator["PostgresLedger"]:
    """The ledger of a database, with a pool of its own, for as long as the context lasts."""

    async def writer() -> Connection:
        return await connect(database.writer, application="incident-ledger writer")

    async def reader() -> Connection:
        return await connect(database.reader, application="incident-ledger hints")

    pool = await open_pool(database.reader, connections=connections, connection_class=PlainConnection, init=prepare)
    async with pool, PostgresLedger(writer=writer, reader=reader, pool=pool) as ledger:
        yield ledger


class PostgresLedger(Ledger):
    """The ledger, between `async with` and its end: entering starts the tasks, leaving appends what still waits.

    `writer` opens connections that may execute the append function; `reader` and `pool` may read. The pool stays its
    owner's, who lets `prepare` make each of its connections ready.
    """

    def __init__(
        self,
        *,
        writer: Connect,
        reader: Connect,
        pool: Pool,
        patience_ms: int = PATIENCE_MS,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._hints = Hints(reader)
        self._writer = Writer(
            Door(writer, patience_ms=patience_ms, call_seconds=call_seconds), committed=self._hints.tell
        )
        self._reading = Reading(pool)

    async def __aenter__(self) -> Self:
        self._hints.start()
        self._writer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Append what waits, then stop."""
        await self._writer.close()
        await self._hints.close()

    @override
    async def append(self, request: AppendRequest) -> Outcome:
        return await self._writer.append(request)

    @override
    async def append_batch(self, requests: Sequence[AppendRequest]) -> list[Fate]:
        return await self._writer.append_batch(requests)

    @override
    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        return await self._reading.look(key, streams)

    @override
    async def read_stream(self, stream: UUID, *, after: int = 0) -> list[LedgerEvent]:
        return await self._reading.read_stream(stream, after=after)

    @override
    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        return await self._reading.read_case(case, up_to=up_to)

    @override
    async def case_streams(self, case: UUID) -> list[tuple[UUID, str]]:
        return await self._reading.case_streams(case)

    @override
    async def cases_of(self, stream: UUID) -> list[UUID]:
        return await self._reading.cases_of(stream)

    @override
    async def read_all(self, *, after: int, limit: int) -> list[LedgerEvent]:
        return await self._reading.read_all(after=after, limit=limit)

    @override
    async def keys(self, ids: Sequence[UUID]) -> dict[UUID, NewKey]:
        return await self._reading.keys(ids)

    @override
    async def keys_about(self, abouts: Sequence[UUID]) -> dict[UUID, NewKey]:
        return await self._reading.keys_about(abouts)

    @override
    async def standing_keys(self, about: UUID) -> list[UUID]:
        return await self._reading.standing_keys(about)

    @override
    async def head(self) -> Head:
        return await self._reading.head()

    @override
    async def position_at(self, instant: datetime) -> int:
        return await self._reading.position_at(instant)

    @override
    async def follow(self, *, after: int, limit: int = 500) -> AsyncGenerator[list[LedgerEvent], None]:
        pause = _POLL_SECONDS_MIN
        while True:
            hint = self._hints.next()
            events = await self._newer(after, limit)
            if events:
                after, pause = events[-1].position, _POLL_SECONDS_MIN
                yield events
            else:
                await self._hints.heard(hint, seconds_max=pause)
                pause = min(pause * 2, _POLL_SECONDS_MAX)

    async def _newer(self, after: int, limit: int) -> list[LedgerEvent]:
        """The next events, or none while the database is away: a reader waits for it to come back."""
        try:
            return await self._reading.read_all(after=after, limit=limit)
        except LedgerUnavailableError:
            return []
