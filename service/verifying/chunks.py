"""The ledger stretch by stretch: everything that stands about some positions, from one snapshot."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from service.verifying import questions
from service.verifying.records import Asked, Row, asked_of
from service.verifying.trees import TILE

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

STRETCH: Final = 8 * TILE
"""So many positions are read at a time; it ends with a tile."""

SECONDS: Final = 300.0


@dataclass(slots=True)
class Chunk:
    """What stands about the positions from `first` to `last`."""

    first: int
    last: int
    rows: dict[int, list[Row]]
    asked: list[Asked]
    leaves: dict[int, bytes]
    tiles: dict[int, tuple[bytes, bytes]]
    checkpoints: dict[int, Any]
    buckets: dict[int, dict[int, bytes]]


async def read_chunk(connection: Connection, first: int, last: int) -> Chunk:
    """What stands about these positions."""

    async def ask(question: str, *values: Any) -> list[asyncpg.Record]:
        return await connection.fetch(question, *values, timeout=SECONDS)

    events = await ask(questions.EVENTS, first, last)
    streams = list({columns[1] for columns in events})
    beside = {stream: (kind, owner) for stream, kind, owner in await ask(questions.STREAMS, streams)}
    joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for stream, position, case in await ask(questions.CASES, streams):
        joined[stream].append((position, case))
    rows: dict[int, list[Row]] = defaultdict(list)
    for columns in events:
        position, stream = columns[0], columns[1]
        cases = [case for since, case in joined.get(stream, ()) if since <= position]
        rows[position].append(Row((*columns, *beside.get(stream, (None, None)), cases)))
    reach = max((each.version for each in rows.get(first, [])), default=1)
    asked = await ask(questions.REQUESTS, max(1, first - reach + 1), last, first)
    buckets: dict[int, dict[int, bytes]] = defaultdict(dict)
    for size, bucket, digest in await ask(questions.BUCKETS, first, last):
        buckets[size][bucket] = digest
    tiles = await ask(questions.TILES, (first - 1) // TILE, last // TILE)
    return Chunk(
        first,
        last,
        rows,
        [asked_of(each) for each in asked],
        {each[0]: each[1] for each in await ask(questions.LEAVES, first, last)},
        {each[0]: (each[1], each[2]) for each in tiles},
        {each[0]: tuple(each) for each in await ask(questions.CHECKPOINTS, first, last)},
        buckets,
    )


async def previous_leaves(connection: Connection, wanted: dict[str, int]) -> dict[str, bytes]:
    """The stored leaves of events by stream and version; whoever asks has checked them against their events before."""
    found = await connection.fetch(questions.PREVIOUS, list(wanted), list(wanted.values()), timeout=SECONDS)
    return {stream: digest for stream, digest in found if digest is not None}
