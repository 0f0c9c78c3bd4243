"""How fast events are appended, durably: group commit, one append per transaction, and the `eventsourcing` recorder.

All in one run on one durable server, each in turn in several rounds, so that the ratios mean something on any machine.
Every append is one event of 600 bytes in a new stream, acknowledged before the same producer sends its next.
    python -m tests.benchmarks.append
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import asyncpg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from service.store.group_commit.call import APPEND, arguments
from service.store.ledger import AppendRequest, Ledger, NewEvent
from service.store.reading.questions import PlainConnection
from tests.support.running.database import Database
from tests.support.running.ledgers import ACTOR, NOON, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server, running

PRODUCERS: Final = (1, 16, 64)
SECONDS: Final = 1.0
ROUNDS: Final = 3
CONNECTIONS: Final = 16
PAYLOAD: Final = b"x" * 600
GOALS: Final = {1: 1.0, 16: 0.0, 64: 10.0}
"""How many times the library's recorder the group commit is to reach, by producers."""

GROUP: Final = "group commit"
SINGLE: Final = "one append per transaction"
LIBRARY: Final = "eventsourcing.postgres"


def a_report() -> AppendRequest:
    """One event in a new stream, with a key of its own."""
    stream = uuid4()
    event = NewEvent(uuid4(), "incident.reported.v1", PAYLOAD, NOON)
    return AppendRequest(stream, "incident", 0, (event,), stream.bytes, b"body", "ZZ1", ACTOR, cases=(stream,))


async def produce(append: Callable[[], Awaitable[object]], producers: int) -> float:
    """Appends a second by so many producers, each waiting for its own acknowledgement."""
    began, appended = perf_counter(), 0

    async def one() -> None:
        nonlocal appended
        while perf_counter() - began < SECONDS:
            await append()
            appended += 1

    await asyncio.gather(*(one() for _ in range(producers)))
    return appended / (perf_counter() - began)


def produce_in_threads(recorder: PostgresApplicationRecorder, producers: int) -> float:
    """The same by threads, which is how the library is used."""
    began, appended = perf_counter(), [0] * producers

    def one(place: int) -> None:
        while perf_counter() - began < SECONDS:
            recorder.insert_events([StoredEvent(uuid4(), 0, "incident.reported.v1", PAYLOAD)])
            appended[place] += 1

    threads = [threading.Thread(target=one, args=(place,)) for place in range(producers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(appended) / (perf_counter() - began)


async def measure_one(
    ledger: Ledger, pool: "asyncpg.Pool[asyncpg.Record]", recorder: PostgresApplicationRecorder, producers: int
) -> dict[str, float]:
    """One round: each contender once."""

    async def group() -> object:
        return await ledger.append(a_report())

    async def single() -> object:
        return await pool.fetch(APPEND, *arguments([a_report()], patience_ms=30_000))

    return {
        GROUP: await produce(group, producers),
        SINGLE: await produce(single, producers),
        LIBRARY: await asyncio.to_thread(produce_in_threads, recorder, producers),
    }


def library_datastore(database: Database) -> PostgresDatastore:
    """The library's own connections, as many as ours may have."""
    login = database.login("owner")
    return PostgresDatastore(
        login["database"], login["host"], login["port"], login["user"], "", pool_size=CONNECTIONS, max_waiting=1000
    )


async def measure(server: Server) -> dict[int, list[dict[str, float]]]:
    """Every number of producers in turn, in several rounds."""
    database, rates = server.new_database(), dict[int, list[dict[str, float]]]()
    settings: dict[str, Any] = {"min_size": CONNECTIONS, "max_size": CONNECTIONS, "connection_class": PlainConnection}
    with library_datastore(server.new_database()) as datastore:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        async with (
            postgres_ledger(database) as ledger,
            asyncpg.create_pool(**database.login("writer"), **settings) as pool,
        ):
            await stood(ledger, an_opening())
            for _ in range(ROUNDS):
                for producers in PRODUCERS:
                    rates.setdefault(producers, []).append(await measure_one(ledger, pool, recorder, producers))
    return rates


def report(rates: dict[int, list[dict[str, float]]]) -> list[str]:
    """A line for each contender, and whether the goals were met."""
    lines = []
    for producers, rounds in rates.items():
        lines.append(f"{producers} producer{'s' if producers > 1 else ''}")
        for name in (GROUP, SINGLE, LIBRARY):
            ratio = median(rates[GROUP] / rates[name] for rates in rounds)
            rate = median(rates[name] for rates in rounds)
            times = "" if name == GROUP else f"   group commit is {ratio:.1f} times this"
            lines.append(f"  {name:<28}{rate:>9,.0f}/s{times}")
        reached = median(rates[GROUP] / rates[LIBRARY] for rates in rounds)
        if goal := GOALS[producers]:
            lines.append(f"  goal: {goal:g} times the library's recorder: {'met' if reached >= goal else 'MISSED'}")
    return lines


def main() -> None:
    """Measure and print."""
    with running(EMBEDDED, durable=True) as server:
        print("\n".join(report(asyncio.run(measure(server)))))


if __name__ == "__main__":
    main()
