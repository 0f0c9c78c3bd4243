"""What may be read of the ledger: each question is one statement, so each answer is one snapshot."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import asyncpg
from typing_extensions import override

from service.store.ledger import Head, Known, LedgerEvent, LedgerUnavailableError, Look, NewKey
from service.store.reading.positions import check_contiguous

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    _Connection = asyncpg.Connection[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    _Connection = asyncpg.Connection


class PlainConnection(_Connection):
    """A connection that its pool takes back without a reset query: one statement a time leaves nothing behind."""

    @override
    def get_reset_query(self) -> str:
        return ""


_ANSWER_SECONDS: Final = 30.0
"""After so long without an answer the connection is taken for dead."""

_KNOWN_WIDTH: Final = 6

_ALL: Final = "select * from ledger.standing_events where position > $1 order by position limit $2"
_STREAM: Final = "select * from ledger.standing_events where stream = $1 and version > $2 order by version"
_CASE: Final = """
    select e.* from ledger.stream_cases j join ledger.standing_events e on e.stream = j.stream
    where j.case_id = $1 and ($2::bigint is null or (j.position <= $2 and e.position <= $2))
    order by e.position
"""
_CASE_STREAMS: Final = """
    select j.stream, s.kind from ledger.stream_cases j join ledger.streams s on s.stream = j.stream
    where j.case_id = $1 order by j.position, j.stream
"""
_CASES: Final = "select case_id from ledger.stream_cases where stream = $1 order by position, case_id"
_LOOK: Final = """
    select k.body, k.stream, k.version, k.first_position, k.last_position, k.recorded_at, found.*
    from (values (true)) as one (row)
    left join ledger.keys k on k.key = $1
    left join lateral (
        select e.* from unnest($2::uuid[], $3::bigint[]) as asked (stream, after)
        join ledger.standing_events e on e.stream = asked.stream and e.version > asked.after
    ) found on true
    order by found.stream, found.version
"""
_HEAD: Final = """
    select e.position, e.recorded_at, (select o.simulated from ledger.origin o)
    from ledger.events e order by e.position desc limit 1
"""
# Positions have no gaps and recorded_at never goes back: halving finds the place in some thirty probes, without an index
_POSITION_AT: Final = """
    with recursive search (low, high) as (
        select 0::bigint, coalesce((select max(position) from ledger.events), 0)
        union all
        select case when e.recorded_at <= $1 then e.position else s.low end,
               case when e.recorded_at <= $1 then s.high else e.position - 1 end
        from search s join ledger.events e on e.position = (s.low + s.high + 1) / 2
        where s.low < s.high
    )
    select low from search where low = high
"""
_KEYS: Final = "select key_id, about, wrapped, kek from vault.keys where key_id = any($1::uuid[])"
_KEYS_ABOUT: Final = """
    select distinct on (about) key_id, about, wrapped, kek from vault.keys
    where about = any($1::uuid[]) order by about, wrapped = '', key_id
"""
_STANDING_KEYS: Final = "select key_id from vault.keys where about = $1 and wrapped <> '' order by key_id"
_LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's last word arrived just as the next question was put
)


async def prepare(connection: _Connection) -> None:
    """Make a new connection of the pool answer every question by index, whatever a young table's statistics say."""
    await connection.execute("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off")


_STANDING: Final[Callable[..., LedgerEvent]] = LedgerEvent


class Reading:
    """Questions to the ledger, asked over a pool of connections that may read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        """A key's earlier use and the newer events of some streams, in one snapshot."""
        rows = await self._ask(_LOOK, key, [stream for stream, _ in streams], [after for _, after in streams])
        known = None if rows[0][0] is None else Known(*rows[0][:_KNOWN_WIDTH])
        events: dict[UUID, list[LedgerEvent]] = {stream: [] for stream, _ in streams}
        for row in rows:
            if row[_KNOWN_WIDTH] is not None:
                event = _event(row[_KNOWN_WIDTH:])
                events[event.stream].append(event)
        return Look(known, events)

    async def read_stream(self, stream: UUID, *, after: int = 0) -> list[LedgerEvent]:
        """The events of one stream after a version."""
        return [_event(row) for row in await self._ask(_STREAM, stream, after)]

    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        """The events of all streams of a case."""
        return [_event(row) for row in await self._ask(_CASE, case, up_to)]

    async def case_streams(self, case: UUID) -> list[tuple[UUID, str]]:
        """The streams of a case with their kinds."""
        return [(row[0], row[1]) for row in await self._ask(_CASE_STREAMS, case)]

    async def cases_of(self, stream: UUID) -> list[UUID]:
        """The cases that a stream belongs to."""
        return [row[0] for row in await self._ask(_CASES, stream)]

    async def read_all(self, *, after: int, limit: int) -> list[LedgerEvent]:
        """Events in order of position, checked to be contiguous.

        Raises:
            LedgerGapError: a position is missing.
        """
        events = [_event(row) for row in await self._ask(_ALL, after, limit)]
        check_contiguous(events, after=after)
        return events

    async def keys(self, ids: Sequence[UUID]) -> dict[UUID, NewKey]:
        """The wrapped data keys with these ids."""
        return {row[0]: NewKey(*row) for row in await self._ask(_KEYS, list(ids))}

    async def keys_about(self, abouts: Sequence[UUID]) -> dict[UUID, NewKey]:
        """The data key about each person or stream."""
        return {row[1]: NewKey(*row) for row in await self._ask(_KEYS_ABOUT, list(abouts))}

    async def standing_keys(self, about: UUID) -> list[UUID]:
        """The ids of all data keys about a person or stream that were not destroyed."""
        return [row[0] for row in await self._ask(_STANDING_KEYS, about)]

    async def head(self) -> Head:
        """The newest position."""
        rows = await self._ask(_HEAD)
        return Head(rows[0][0], rows[0][1], simulated=rows[0][2]) if rows else Head(0, None)

    async def position_at(self, instant: datetime) -> int:
        """The newest position recorded at or before an instant."""
        position: int = (await self._ask(_POSITION_AT, instant))[0][0]
        return position

    async def _ask(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Ask once more when the connection turns out to be broken: reading twice changes nothing."""
        try:
            return await self._pool.fetch(statement, *values, timeout=_ANSWER_SECONDS)
        except asyncpg.DataError:
            raise
        except _LOST:
            return await self._ask_again(statement, *values)

    async def _ask_again(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        try:
            return await self._pool.fetch(statement, *values, timeout=_ANSWER_SECONDS)
        except _LOST as error:
            raise LedgerUnavailableError("the database cannot be reached") from error


def _event(row: Any) -> LedgerEvent:
    """An event from a row of the view, whose columns stand in the order of the fields."""
    *columns, editions, build, cases = row
    return _STANDING(*columns, tuple(editions), build, tuple(cases))
