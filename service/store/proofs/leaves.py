"""The leaves of events, made from every stored column of them; whoever checks one makes it again from the same rows."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Connection, Record
from orjson import dumps

from service.proof.hashing import leaf_hash
from service.proof.leaf import FORMAT, Leaf, Request, instant

_FORMAT: Final = FORMAT.encode()
_BREATH: Final = 100
"""Leaves made in one go; then whatever else the process does has its turn."""

_COLUMNS: Final = """
    select e.position, e.event_id, e.stream, e.version, s.kind, s.organisation,
           array(select c.case_id from ledger.stream_cases c where c.stream = e.stream and c.position <= e.position
                 order by c.position, c.case_id),
           e.type, sha256(e.payload), e.organisation, e.actor, e.correlation, e.causation, e.effective_at,
           e.recorded_at, e.editions, e.build
    from ledger.events e left join ledger.streams s on s.stream = e.stream
"""
_STRETCH: Final = f"{_COLUMNS} where e.position > $1 order by e.position limit $2"
_NAMED: Final = f"{_COLUMNS} where e.position = any($1::bigint[]) order by e.position"
# A request appends to one stream, one version after the other: it began no earlier than the stream's first version would
# lie. That bound lets a summary of the table, which costs an append nothing, take the place of an index.
_REQUESTS: Final = """
    select k.key, k.body, k.stream, k.version, k.first_position, k.last_position, k.recorded_at
    from ledger.keys k where k.first_position between $1 and $2 and k.last_position >= $3
"""
_REQUESTS_NAMED: Final = """
    select w.position, k.key, k.body, k.stream, k.version, k.first_position, k.last_position, k.recorded_at
    from unnest($1::bigint[], $2::bigint[]) as w (position, version)
    cross join lateral (
        select k.* from ledger.keys k
        where k.first_position between w.position - w.version + 1 and w.position and k.last_position >= w.position
    ) k
"""
_PREVIOUS: Final = """
    select e.stream, e.version, l.hash
    from unnest($1::uuid[], $2::bigint[]) as w (stream, version)
    join ledger.events e on e.stream = w.stream and e.version = w.version
    join proof.leaves l on l.position = e.position
"""


class LeafImpossibleError(Exception):
    """A row that belongs to an event is not there: an integrity alarm. The message names the position and nothing else."""

    def __init__(self, position: int, missing: str) -> None:
        super().__init__(f"position {position}: {missing}")
        self.position = position


@dataclass(frozen=True, slots=True)
class Hashed:
    """A leaf and its hash."""

    leaf: Leaf
    hash: bytes


def hash_of(leaf: Leaf) -> bytes:
    """The hash of a leaf whose instants are in UTC, as the driver gives them: what `leaf.hash` is.

    The bytes of a leaf have one form, so they are written out here, each field in its place; a test holds the two
    together. It takes a tenth of the time, which whatever else the process does has instead.
    """
    previous = b"null" if leaf.previous is None else b'"%b"' % leaf.previous.hex().encode()
    return leaf_hash(
        b'{"actor":"%b","build":%b,"cases":%b,"causation_id":%b,"correlation_id":%b,"editions":%b,"effective_at":"%b",'
        b'"format":"%b","id":"%b","kind":%b,"log":%b,"organisation":%b,"payload_sha256":"%b","position":%d,"previous":%b,'
        b'"recorded_at":"%b","request":%b,"stream":"%b","stream_organisation":%b,"stream_version":%d,"type":%b}'
        % (
            _id(leaf.actor),
            dumps(leaf.build),
            dumps([str(case) for case in leaf.cases]),
            b"null" if leaf.causation_id is None else b'"%b"' % _id(leaf.causation_id),
            dumps(leaf.correlation_id),
            dumps(leaf.editions),
            _instant(leaf.effective_at),
            _FORMAT,
            _id(leaf.id),
            dumps(leaf.kind),
            dumps(leaf.log),
            dumps(leaf.organisation),
            leaf.payload_sha256.hex().encode(),
            leaf.position,
            previous,
            _instant(leaf.recorded_at),
            _request_bytes(leaf.request),
            _id(leaf.stream),
            dumps(leaf.stream_organisation),
            leaf.stream_version,
            dumps(leaf.type),
        )
    )


def _request_bytes(request: Request) -> bytes:
    return (
        b'{"body":"%b","first_position":%d,"key":"%b","last_position":%d,"recorded_at":"%b","stream":"%b",'
        b'"stream_version":%d}'
        % (
            request.body.hex().encode(),
            request.first_position,
            request.key.hex().encode(),
            request.last_position,
            _instant(request.recorded_at),
            _id(request.stream),
            request.stream_version,
        )
    )


def _id(number: UUID) -> bytes:
    return str(number).encode()


def _instant(moment: datetime) -> bytes:
    if moment.tzinfo is not UTC:
        return instant(moment).encode()
    return b"%bZ" % moment.isoformat(timespec="microseconds")[:-6].encode()


class Leaves:
    """Makes the leaves of one log, over one connection."""

    def __init__(self, connection: "Connection[Record]", log: str) -> None:
        self._connection = connection
        self._log = log

    async def after(self, position: int, *, limit: int) -> list[Hashed]:
        """The leaves of the next events after a position, in order and without a gap.

        Raises:
            LeafImpossibleError: an event, or a row that belongs to one, is missing.
        """
        rows = await self._connection.fetch(_STRETCH, position, limit)
        if not rows:
            return []
        for expected, row in enumerate(rows, start=position + 1):
            if row[0] != expected:
                raise LeafImpossibleError(expected, f"there is no event; the next one stands at {row[0]}")
        begun_at = rows[0][0] - rows[0][3] + 1
        found = await self._connection.fetch(_REQUESTS, begun_at, rows[-1][0], rows[0][0])
        return await self._made(rows, _by_position(map(_request, found)))

    async def at(self, positions: Sequence[int]) -> list[Hashed]:
        """The leaves of some events, in order of position.

        Raises:
            LeafImpossibleError: an event, or a row that belongs to one, is missing.
        """
        wanted = sorted(set(positions))
        rows = await self._connection.fetch(_NAMED, wanted)
        there = {row[0] for row in rows}
        for position in wanted:
            if position not in there:
                raise LeafImpossibleError(position, "there is no event")
        found = await self._connection.fetch(_REQUESTS_NAMED, wanted, [row[3] for row in rows])
        return await self._made(rows, {row[0]: _request(row[1:]) for row in found})

    async def _made(self, rows: Sequence[Record], requests: Mapping[int, Request]) -> list[Hashed]:
        hashes = await self._previous(rows)
        made = []
        for number, row in enumerate(rows, start=1):
            leaf = self._leaf(row, requests, hashes)
            digest = hashes[leaf.stream, leaf.stream_version] = hash_of(leaf)
            made.append(Hashed(leaf, digest))
            if not number % _BREATH:
                await asyncio.sleep(0)
        return made

    async def _previous(self, rows: Sequence[Record]) -> dict[tuple[UUID, int], bytes]:
        """The leaf hashes of those events that come before one of these in their streams, and are not among them."""
        made = {(row[2], row[3]) for row in rows}
        wanted = [(row[2], row[3] - 1) for row in rows if row[3] > 1 and (row[2], row[3] - 1) not in made]
        found = await self._connection.fetch(_PREVIOUS, [each[0] for each in wanted], [each[1] for each in wanted])
        return {(row[0], row[1]): row[2] for row in found}

    def _leaf(self, row: Record, requests: Mapping[int, Request], hashes: Mapping[tuple[UUID, int], bytes]) -> Leaf:
        position, event, stream, version = row[0], row[1], row[2], row[3]
        previous = hashes.get((stream, version - 1))
        if row[4] is None:
            raise LeafImpossibleError(position, "its stream is not known")
        if position not in requests:
            raise LeafImpossibleError(position, "the request that appended it is not known")
        if version > 1 and previous is None:
            raise LeafImpossibleError(position, "the event before it in its stream is missing")
        return Leaf(
            log=self._log,
            position=position,
            id=event,
            stream=stream,
            stream_version=version,
            kind=row[4],
            stream_organisation=row[5],
            cases=tuple(row[6]),
            type=row[7],
            payload_sha256=row[8],
            organisation=row[9],
            actor=row[10],
            correlation_id=row[11],
            causation_id=row[12],
            effective_at=row[13],
            recorded_at=row[14],
            editions=tuple(row[15]),
            build=row[16],
            request=requests[position],
            previous=previous,
        )


def _request(columns: Any) -> Request:
    return Request(*columns)


def _by_position(requests: Any) -> dict[int, Request]:
    """The request of every position that one of them covers."""
    return {
        position: request
        for request in requests
        for position in range(request.first_position, request.last_position + 1)
    }
