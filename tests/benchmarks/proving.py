"""What the proof costs: catching up, appending beside it, how far checkpoints lag, verifying, and one case in a large ledger.

On one durable server. Events have 300 bytes and lie five to a stream and five streams to a case, many cases side by side.
    python -m tests.benchmarks.proving [EVENTS]
"""

import asyncio
import multiprocessing
import random
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import UUID, uuid4

from service.proof.offline.notes import key_of
from service.proof.offline.report import Report
from service.store.connect import Database as Urls
from service.store.ledger import Appended, AppendRequest, Ledger, NewActor
from service.store.proofs.heads import Subject
from service.store.proofs.proofs import Proofs, open_proofs
from service.store.proofs.signing_keys import list_signing_keys
from service.verifying.live import Trusted, Verification
from service.worker.proving.prover import Prover
from tests.support.running.database import Database
from tests.support.running.ledgers import ACTOR, a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server, running

EVENTS: Final = 100_000
EVENTS_A_STREAM: Final = 5
STREAMS_A_CASE: Final = 5
BATCH: Final = 200
PAYLOAD: Final = b'{"what":"' + b"x" * 288 + b'"}'
RATES: Final = (200, 1_000)
"""Appends a second while the lag of checkpoints is looked at."""

SECONDS: Final = 10.0
ROUNDS: Final = 5
ROUND_SECONDS: Final = 2.0
PRODUCERS: Final = 64
LAG_GOAL: Final = 2.0

_LAGS: Final = """
    select extract(epoch from c.made_at - e.recorded_at)::float8
    from (select size, made_at, lag(size) over (order by size) as before from proof.checkpoints) c
    join ledger.events e on e.position = c.before + 1 where c.before >= $1
"""
"""How old the oldest event was that a checkpoint was the first to cover."""


def _rows(case: UUID) -> list[AppendRequest]:
    """The requests of one case, in the order of its streams."""
    requests = []
    for number in range(STREAMS_A_CASE):
        stream = case if number == 0 else uuid4()
        events = tuple(an_event(PAYLOAD) for _ in range(EVENTS_A_STREAM))
        requests.append(a_request(stream, events=events, cases=(case,), kind="incident" if number == 0 else "action"))
    return requests


async def fill(ledger: Ledger, events: int) -> UUID:
    """Append so many events; one of the cases."""
    chance, waiting, case = random.Random(7), list[AppendRequest](), uuid4()
    made = 0
    while made < events:
        case = uuid4()
        waiting += _rows(case)
        if len(waiting) >= BATCH:
            chance.shuffle(waiting)
            fates = await ledger.append_batch(waiting)
            assert all(isinstance(fate, Appended) for fate in fates)
            made += len(waiting) * EVENTS_A_STREAM
            waiting = []
    return case


async def covered(proofs: Proofs, size: int) -> None:
    """Wait until a checkpoint covers so many events."""
    while True:
        latest = await proofs.latest()
        if latest is not None and latest.size >= size:
            return
        await asyncio.sleep(0.02)


@asynccontextmanager
async def proving(database: Database, keys: Path) -> AsyncIterator[None]:
    """A prover at the pace of the service while the context lasts."""
    task = asyncio.create_task(Prover(partial(database.connect, "projector"), keys).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def appended(ledger: Ledger, producers: int, seconds: float) -> float:
    """Appends of one event a second by so many producers, each waiting for its own acknowledgement."""
    began, count = perf_counter(), 0

    async def one() -> None:
        nonlocal count
        while perf_counter() - began < seconds:
            await ledger.append(a_request(events=(an_event(PAYLOAD),)))
            count += 1

    await asyncio.gather(*(one() for _ in range(producers)))
    return count / (perf_counter() - began)


async def steadily(ledger: Ledger, rate: int, seconds: float) -> None:
    """Append at a steady rate, however long each append takes."""
    began, tasks = perf_counter(), list[asyncio.Task[Any]]()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
        tasks.append(asyncio.create_task(ledger.append(a_request(events=(an_event(PAYLOAD),)))))
    await asyncio.gather(*tasks)


async def with_and_without(ledger: Ledger, database: Database, keys: Path, proofs: Proofs) -> str:
    """The append rate beside a prover in the same process, and without one, in turn."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        async with proving(database, keys):
            await covered(proofs, (await ledger.head()).position)
            found[True].append(await appended(ledger, PRODUCERS, ROUND_SECONDS))
            await covered(proofs, (await ledger.head()).position)
        found[False].append(await appended(ledger, PRODUCERS, ROUND_SECONDS))
    ratio = median(beside / alone for beside, alone in zip(found[True], found[False], strict=True))
    rates = f"{median(found[True]):,.0f}/s beside the prover, {median(found[False]):,.0f}/s without it"
    return f"  appending, {PRODUCERS} producers        {rates}: {ratio:.2f}"


async def lags(ledger: Ledger, database: Database, keys: Path, proofs: Proofs) -> AsyncIterator[str]:
    """How far checkpoints lag under steady load."""
    async with proving(database, keys):
        for rate in RATES:
            since = (await ledger.head()).position
            await covered(proofs, since)
            await steadily(ledger, rate, SECONDS)
            await covered(proofs, (await ledger.head()).position)
            connection = await database.reader()
            seconds = [row[0] for row in await connection.fetch(_LAGS, since)]
            await connection.close()
            goal = "met" if max(seconds) < LAG_GOAL else "MISSED"
            told = f"median {median(seconds):.2f} s, largest {max(seconds):.2f} s (goal {LAG_GOAL:g} s: {goal})"
            yield f"  checkpoint lag at {rate:>5,} appends/s   {told}"


async def one_case(proofs: Proofs, database: Database, case: UUID) -> str:
    """The proofs that a pack of one case needs: every event, the head of each stream and of the case."""
    connection = await database.reader()
    streams = [
        row[0] for row in await connection.fetch("select stream from ledger.stream_cases where case_id = $1", case)
    ]
    asked = "select position from ledger.events where stream = any($1::uuid[])"
    positions = [row[0] for row in await connection.fetch(asked, streams)]
    await connection.close()
    latest = await proofs.latest()
    assert latest is not None
    seconds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        await proofs.inclusion(positions, latest.size)
        subjects = [Subject("case", case), *(Subject("stream", stream) for stream in streams)]
        await proofs.heads_proofs(subjects, latest.size)
        await proofs.leaf_records(positions)
        seconds.append(perf_counter() - began)
    return f"  proofs of one case of {len(positions)} events     {median(seconds):.3f} s"


def verify(database: Database, keys: Path, pipe: Any) -> None:
    """Verify the whole ledger in a process of its own; what it took, and its memory at most."""
    began = perf_counter()
    report = asyncio.run(_verified(database, keys))
    assert not report.damages, report.text()
    pipe.send((perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


async def _verified(database: Database, keys: Path) -> Report:
    report, connection = Report(), await database.reader()
    trusted = Trusted(lambda name: [key_of(key.verifier(name).vkey) for key in list_signing_keys(keys)])
    await Verification(connection, trusted, report).run()
    await connection.close()
    return report


async def verified(database: Database, keys: Path, events: int) -> str:
    """How fast the whole is verified, and how much memory that needs."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=verify, args=(database, keys, there))
    child.start()
    there.close()
    seconds, megabytes = await asyncio.to_thread(here.recv)
    child.join()
    return f"  verifying everything             {events / seconds:>9,.0f} events/s, {megabytes:,} MiB at most"


async def measure(server: Server, events: int, keys: Path) -> AsyncIterator[str]:
    """Each in turn."""
    database = server.new_database()
    roles: dict[str, Any] = {role: database.url(role=role) for role in ("owner", "writer", "projector", "reader")}
    async with postgres_ledger(database) as ledger, open_proofs(Urls(database.name, **roles)) as proofs:
        await stood(ledger, an_opening(new_actors=(NewActor(ACTOR, b"sealed"),)))
        case = await fill(ledger, events)
        began, size = perf_counter(), (await ledger.head()).position
        async with proving(database, keys):
            await covered(proofs, size)
        yield f"  catching up                      {size / (perf_counter() - began):>9,.0f} events/s"
        yield await one_case(proofs, database, case)
        yield await verified(database, keys, size)
        yield await with_and_without(ledger, database, keys, proofs)
        async for line in lags(ledger, database, keys, proofs):
            yield line


async def _printed(server: Server, events: int, keys: Path) -> None:
    print(f"the proof of {events:,} events")
    async for line in measure(server, events, keys):
        print(line, flush=True)


def main(events: int = EVENTS) -> None:
    """Measure and print."""
    with running(EMBEDDED, durable=True) as server, tempfile.TemporaryDirectory(prefix="keys-") as keys:
        asyncio.run(_printed(server, events, Path(keys)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
