"""One process of the soak: appends at random until it is told to stop or is killed, and notes what it was promised."""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from service.store.group_commit.call import APPEND, arguments
from service.store.ledger import (
    Appended,
    AppendRequest,
    Conflict,
    Fate,
    KeyReused,
    LedgerUnavailableError,
)
from service.store.postgres import PostgresLedger
from tests.support.running.database import Database
from tests.support.running.ledgers import a_key, a_request, an_event, postgres_ledger

HOT = [UUID(int=1000 + number) for number in range(5)]
"""Streams that every process wants to grow."""

CALLERS = 8


@dataclass(frozen=True)
class Orders:
    """What a process is to do: where to append, where to note promises, and whether to be difficult."""

    host: str
    database: str
    notes: str
    seed: int
    calm: bool
    """Only new streams of one event and nothing rolled back: what is then out of order is the ledger's own doing."""


class Appender:
    """Several callers of one ledger."""

    def __init__(self, orders: Orders, ledger: PostgresLedger) -> None:
        self._orders = orders
        self._ledger = ledger
        self._random = random.Random(orders.seed)
        self._versions = dict.fromkeys(HOT, 0)
        self._notes = Path(orders.notes).open("a", buffering=1)  # noqa: SIM115 - open until the process is killed
        self.stopping = False

    async def call(self) -> None:
        """Append one thing after another."""
        acts = (
            [self.new_stream] if self._orders.calm else [self.new_stream] * 5 + [self.hot] * 4 + [self.bulk, self.undo]
        )
        while not self.stopping:
            act: Callable[[], Awaitable[None]] = self._random.choice(acts)
            await act()

    async def new_stream(self) -> None:
        payloads = [b"{}"] if self._orders.calm else [b"{}"] * self._random.randint(1, 3)
        request = fresh(None, 0, *payloads)
        first = await self.insist(request)
        if not self._orders.calm and self._random.random() < 0.1:
            again = await self.insist(replace(request, events=(an_event(),)))
            assert again == replace(first, replayed=True), f"promised {first}, then {again}"  # type: ignore[type-var]

    async def hot(self) -> None:
        stream = self._random.choice(HOT)
        outcome = await self.insist(fresh(stream, self._versions[stream]))
        if isinstance(outcome, Appended | Conflict):
            self._versions[stream] = outcome.version
        self.note(conflict=int(isinstance(outcome, Conflict)))

    async def bulk(self) -> None:
        requests = [fresh(None, 0) for _ in range(self._random.randint(2, 30))]
        for request, fate in zip(requests, await self._ledger.append_batch(requests), strict=True):
            self.promised(request, fate)

    async def undo(self) -> None:
        """Append past the writer, and roll back: nothing of it may ever show."""
        connection = await Database(self._orders.host, self._orders.database).writer()
        transaction = connection.transaction()
        await transaction.start()
        await connection.fetch(APPEND, *arguments([fresh(None, 0, b"never")], patience_ms=20_000))
        await transaction.rollback()
        await connection.close()
        self.note(rolled_back=1)

    async def insist(self, request: AppendRequest) -> Fate:
        """Send the same key until the outcome is known."""
        while True:
            try:
                outcome = await self._ledger.append(request)
            except LedgerUnavailableError:
                await asyncio.sleep(0.01)
            else:
                self.promised(request, outcome)
                return outcome

    def promised(self, request: AppendRequest, fate: Fate) -> None:
        assert not isinstance(fate, KeyReused)
        if isinstance(fate, Appended):
            self.note(key=request.key.hex(), positions=[fate.first_position, fate.last_position])

    def note(self, **what: Any) -> None:
        self._notes.write(json.dumps(what) + "\n")


def fresh(stream: UUID | None, expected: int, *payloads: bytes) -> AppendRequest:
    """A request with a key that no other process uses."""
    return replace(a_request(stream, expected, *payloads), key=a_key(uuid4().hex))


async def run(orders: Orders) -> None:
    """Append until standard input is closed."""
    async with postgres_ledger(Database(orders.host, orders.database), patience_ms=20_000) as ledger:
        appender = Appender(orders, ledger)
        calls = [asyncio.create_task(appender.call()) for _ in range(CALLERS)]
        told = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        await asyncio.wait([told, *calls], return_when=asyncio.FIRST_COMPLETED)
        appender.stopping = True
        await asyncio.gather(*calls)


if __name__ == "__main__":
    asyncio.run(run(Orders(**json.loads(sys.argv[1]))))
