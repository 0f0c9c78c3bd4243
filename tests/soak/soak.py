"""The soak: processes that append and are killed, a reader that follows, and the account that must add up at the end."""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from service.store.ledger import LedgerGapError
from tests.soak.appender import Orders
from tests.support.running.database import Database
from tests.support.running.ledgers import an_opening, postgres_ledger, stood

ROOT = Path(__file__).parents[2]
PROCESSES = 4
KILLABLE = 2
"""How many of the processes are killed and replaced, again and again."""


@dataclass
class Account:
    """What happened: read from the tail, from the notes of the processes, and from the ledger itself."""

    followed: int
    killed: int
    notes: Counter[str]
    promises: dict[bytes, tuple[int, int]]


class Tail:
    """A reader that follows the ledger from the beginning; a gap stops it."""

    def __init__(self) -> None:
        self.position = 0
        self.gap: LedgerGapError | None = None

    async def follow(self, database: Database) -> None:
        """Read until cancelled, or until a position is missing."""
        async with postgres_ledger(database) as ledger, aclosing(ledger.follow(after=0, limit=200)) as batches:
            try:
                async for batch in batches:
                    for event in batch:
                        assert event.position == self.position + 1
                        assert event.payload != b"never", "something that was rolled back is seen"
                        self.position = event.position
            except LedgerGapError as gap:
                self.gap = gap


class Processes:
    """The processes that append."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._random = random.Random(orders.seed)
        self._running: list[asyncio.subprocess.Process] = []
        self.killed = 0

    async def start(self, number: int) -> None:
        for place in range(number):
            self._running.append(await self._one(place))

    async def kill_one(self) -> None:
        """End one in the middle of whatever it does, and start another in its place."""
        place = self._random.randrange(KILLABLE)
        self._running[place].kill()
        await self._running[place].communicate()
        self.killed += 1
        self._running[place] = await self._one(place)

    async def stop(self) -> None:
        """Let each finish what it began; one that found a broken promise has ended with an error."""
        said = await asyncio.gather(*(process.communicate(b"") for process in self._running))
        for process, (_, errors) in zip(self._running, said, strict=True):
            assert process.returncode == 0, errors.decode()

    async def _one(self, place: int) -> asyncio.subprocess.Process:
        orders = replace(self._orders, seed=self._random.randrange(10**9), notes=f"{self._orders.notes}/{place}")
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.soak.appender",
            json.dumps(asdict(orders)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


@asynccontextmanager
async def following(database: Database) -> AsyncIterator[Tail]:
    """A tail that follows for as long as the context lasts."""
    tail = Tail()
    task = asyncio.create_task(tail.follow(database))
    yield tail
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def soak(database: Database, notes: Path, *, seconds: float, seed: int = 1, calm: bool = False) -> Account:
    """Append from several processes for so long, killing two of them unless it is to be calm.

    Raises:
        LedgerGapError: the reader saw a position that was not the previous one plus one.
    """
    async with postgres_ledger(database) as ledger:
        await stood(ledger, an_opening())
    orders = Orders(database.host, database.name, str(notes), seed, calm)
    processes = Processes(orders)
    async with following(database) as tail:
        await processes.start(PROCESSES)
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until and tail.gap is None:
            await asyncio.sleep(1.5)
            if not calm:
                await processes.kill_one()
        await processes.stop()
        await _catch_up(database, tail)
    if tail.gap is not None:
        raise tail.gap
    counts, promises = read_notes(notes)
    return Account(tail.position, processes.killed, counts, promises)


async def _catch_up(database: Database, tail: Tail) -> None:
    async with postgres_ledger(database) as ledger:
        head = await ledger.head()
    for _ in range(600):
        if tail.gap is not None or tail.position >= head.position:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"the reader stayed at {tail.position} of {head.position}")


def read_notes(notes: Path) -> tuple[Counter[str], dict[bytes, tuple[int, int]]]:
    """What the processes counted and what they were promised; the last line of a killed one may be torn."""
    counts: Counter[str] = Counter()
    promises: dict[bytes, tuple[int, int]] = {}
    for path in notes.iterdir():
        for line in path.read_text().splitlines():
            with suppress(json.JSONDecodeError):
                note = json.loads(line)
                if "key" in note:
                    promises[bytes.fromhex(note["key"])] = (note["positions"][0], note["positions"][1])
                else:
                    counts.update(note)
    return counts, promises
