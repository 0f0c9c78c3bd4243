"""How fast read models are told: catching up and rebuilding, against a plain loop of batched upserts on the same events.

All in one run on one durable server, so that the ratios mean something on any machine. Events are decoded beforehand.
The plain loop keeps what the engine cannot do without out of the picture: states only in memory, no history, no fence.
    python -m tests.benchmarks.catch_up
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any, Final

import asyncpg
from sqlalchemy import make_url

from projections.engine.columns import writers
from projections.engine.feed import Told
from projections.engine.folding import Folding
from projections.engine.keeper import Pace
from projections.engine.model import AnyReadModel
from projections.engine.projector import Projector
from projections.engine.versions.rebuild import Rebuild
from projections.incident_register.model import MODEL as REGISTER
from projections.models import MODELS
from tests.projections.engine.database import EngineDatabase
from tests.support.histories import OTHERS, history
from tests.support.read_models.projections import MemoryFeed
from tests.support.running.postgres import EMBEDDED, Server, running

EVENTS: Final = 8_000
EVENTS_A_CASE: Final = 25
CASES_OPEN: Final = 200
BATCH: Final = 500
ROUNDS: Final = 3
_DIALECT: Final = make_url("postgresql+asyncpg://").get_dialect()()

Measured = Callable[[EngineDatabase, Sequence[Told]], Awaitable[None]]


def some_events() -> list[Told]:
    """A log in which many cases run side by side, 25 events each on average."""
    chance = random.Random(7)
    kinds = [stored for stored in OTHERS if stored.name.split(".")[0] not in {"ledger", "organisation"}]
    steps = [
        (chance.choice(kinds), True, 1 + number // EVENTS_A_CASE + chance.randrange(CASES_OPEN), 1, number % 10_000)
        for number in range(EVENTS)
    ]
    return history(steps).events[:EVENTS]


async def plain_upserts(database: EngineDatabase, events: Sequence[Told]) -> None:
    """The loop that one would write first: fold in memory, upsert the rows of a batch, note the position."""
    owner = await database.owner()
    await owner.execute("create table plain (like projections.incident_register_v1 including all)")
    await owner.execute("create table plain_position (position bigint)")
    await owner.execute("insert into plain_position values (0)")
    upsert, states = _upsert(REGISTER), dict[Any, Any]()
    for start in range(0, len(events), BATCH):
        folding = Folding(REGISTER, states)
        for event in events[start : start + BATCH]:
            folding.take(event)
        states |= folding.changed_states()
        await upsert(owner, folding, start + BATCH)


def _upsert(model: AnyReadModel) -> Callable[[asyncpg.Connection, Folding[Any, Any], int], Awaitable[None]]:
    columns = [column for column in model.table.columns if column.name != "key"]
    names = ["key", *(column.name for column in columns), "changed_position"]
    types = ["text", *(column.type.compile(dialect=_DIALECT).split(" COLLATE")[0] for column in columns), "bigint"]
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, start=1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    statement = f"insert into plain ({', '.join(names)}) select * from unnest({arrays}) on conflict (key) do update set {changes}"
    prepare = list(zip([column.name for column in columns], writers(model.table), strict=True))

    async def upsert(connection: asyncpg.Connection, folding: Folding[Any, Any], position: int) -> None:
        rows = [
            (v.key, *(write(getattr(v.row, n)) if write else getattr(v.row, n) for n, write in prepare), v.position)
            for v in folding.latest.values()
        ]
        async with connection.transaction():
            await connection.execute("set local synchronous_commit = off")
            await connection.execute(statement, *map(list, zip(*rows, strict=True)))
            await connection.execute("update plain_position set position = $1", position)

    return upsert


async def catch_up(database: EngineDatabase, events: Sequence[Told]) -> None:
    """The register, as a worker keeps it: versioned, its states stored, every batch fenced."""
    follower = await database.follower(REGISTER)
    for start in range(0, len(events), BATCH):
        await follower.take(events[start : start + BATCH])


async def rebuild(database: EngineDatabase, events: Sequence[Told]) -> None:
    """The register built again from the first event, compared with the one that answers, and switched to."""
    owner = await database.owner()
    rebuilt = await Rebuild(owner, database.projector, MemoryFeed(events), lambda *_: None).run(REGISTER)
    assert rebuilt.parity is not None
    assert rebuilt.parity.equal


async def every_model(database: EngineDatabase, events: Sequence[Told]) -> None:
    """All read models of the service together, by its own projector: one reading of the log."""
    feed = MemoryFeed(events)
    pace = Pace(batch_events=BATCH)
    projector = Projector(MODELS, feed=feed, connect=database.projector, report=print, pace=pace)
    running_models = asyncio.create_task(projector.run())
    assert await projector.wait_for(len(events), timeout=120)
    running_models.cancel()
    await asyncio.gather(running_models, return_exceptions=True)


async def timed(measured: Measured, database: EngineDatabase, events: Sequence[Told]) -> float:
    """Events a second."""
    began = perf_counter()
    await measured(database, events)
    return len(events) / (perf_counter() - began)


async def measure(server: Server) -> dict[str, list[float]]:
    """Each in turn, in several rounds, so that a busy moment of the machine falls on all of them."""
    events = some_events()
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        database = EngineDatabase(server.new_database())
        for measured in (plain_upserts, catch_up, rebuild):
            rates.setdefault(measured.__name__, []).append(await timed(measured, database, events))
        await database.close()
    database = EngineDatabase(server.new_database())
    rates["every_model"] = [await timed(every_model, database, events)]
    await database.close()
    return rates


def main() -> None:
    """Measure and print."""
    with running(EMBEDDED, durable=True) as server:
        rates = asyncio.run(measure(server))
    plain = rates["plain_upserts"]
    print(f"read models: {EVENTS} decoded events, {EVENTS // EVENTS_A_CASE} cases, {ROUNDS} rounds")
    for name, found in rates.items():
        ratios = [rate / other for rate, other in zip(found, plain, strict=False)]
        print(f"  {name:<14} {median(found):>9,.0f} events/s   {median(ratios):.2f} of plain upserts")
    print(f"  every_model keeps {len(MODELS)} read models at once")


if __name__ == "__main__":
    main()
