"""The map of heads as it is stored: who has an entry in which bucket, and what each bucket was hashed to at which size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from asyncpg import Connection, Record

from service.proof.heads import (
    Entry,
    HeadProof,
    HeadsTree,
    Joined,
    bucket_hash,
    bucket_of,
    case_entry,
    case_key,
    prove_head,
    stream_entry,
    stream_key,
)
from service.proof.leaf import Leaf

STREAM: Final = "stream"
CASE: Final = "case"

_JOINED: Final = """
    select distinct c.case_id from ledger.stream_cases c
    where c.stream = any($1::uuid[]) and c.position between $2 and $3
"""
_NEW_SUBJECTS: Final = """
    insert into proof.head_subjects (digest, bucket, kind, subject)
    select * from unnest($1::bytea[], $2::int[], $3::text[], $4::uuid[]) on conflict do nothing
"""
_STREAM_HEADS: Final = """
    select h.bucket, h.subject, n.version, l.hash from proof.head_subjects h
    cross join lateral (
        select e.version, e.position from ledger.events e where e.stream = h.subject and e.position <= $2
        order by e.version desc limit 1
    ) n
    join proof.leaves l on l.position = n.position
    where h.bucket = any($1::int[]) and h.kind = 'stream'
"""
_CASE_STREAMS: Final = """
    select h.bucket, h.subject, c.stream, c.position from proof.head_subjects h
    join ledger.stream_cases c on c.case_id = h.subject and c.position <= $2
    where h.bucket = any($1::int[]) and h.kind = 'case'
"""
_NEW_BUCKETS: Final = """
    insert into proof.head_buckets (bucket, size, hash) select w.bucket, $1, w.hash
    from unnest($2::int[], $3::bytea[]) as w (bucket, hash)
"""
# one probe a bucket, however often each has changed since
_BUCKETS: Final = """
    select n.bucket, found.hash from generate_series(0, 65535) as n (bucket)
    cross join lateral (
        select b.hash from proof.head_buckets b where b.bucket = n.bucket and b.size <= $1
        order by b.size desc limit 1
    ) found
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A stream or a case, as the map knows it."""

    kind: str
    id: UUID

    @property
    def key(self) -> bytes:
        """Its key in the map."""
        return stream_key(self.id) if self.kind == STREAM else case_key(self.id)


@dataclass(frozen=True, slots=True)
class ProvenHead:
    """What the map says of a subject (None: it has no entry), with the proof of it.

    `streams` are those of a case with the positions at which they joined it, in that order.
    """

    subject: Subject
    value: bytes | None
    proof: HeadProof
    streams: tuple[Joined, ...] = ()


@dataclass(slots=True)
class _Bucket:
    entries: list[Entry] = field(default_factory=list)
    cases: dict[UUID, list[Joined]] = field(default_factory=lambda: defaultdict(list))


async def read_heads(connection: "Connection[Record]", size: int) -> HeadsTree:
    """The map at a size, from its stored buckets."""
    return HeadsTree({row[0]: row[1] for row in await connection.fetch(_BUCKETS, size)})


async def take_in(connection: "Connection[Record]", heads: HeadsTree, leaves: Sequence[Leaf]) -> None:
    """Bring the map to the size that these leaves, which are stored already, give the log; in the caller's transaction."""
    size = leaves[-1].position
    streams = list({leaf.stream for leaf in leaves})
    joined = await connection.fetch(_JOINED, streams, leaves[0].position, size)
    changed = [*(Subject(STREAM, stream) for stream in streams), *(Subject(CASE, row[0]) for row in joined)]
    keys = [subject.key for subject in changed]
    numbers = [bucket_of(key) for key in keys]
    kinds, ids = [subject.kind for subject in changed], [subject.id for subject in changed]
    await connection.execute(_NEW_SUBJECTS, keys, numbers, kinds, ids)
    buckets = await _entries(connection, numbers, size)
    hashes = {number: bucket_hash(bucket.entries) for number, bucket in buckets.items()}
    await connection.execute(_NEW_BUCKETS, size, list(hashes), list(hashes.values()))
    heads.change(hashes)


async def prove_heads(connection: "Connection[Record]", subjects: Sequence[Subject], size: int) -> list[ProvenHead]:
    """What the map of a size says of some subjects, and the proof of each.

    Raises:
        ValueError: the entries that stand now are not those that were hashed then.
    """
    heads = await read_heads(connection, size)
    buckets = await _entries(connection, [bucket_of(subject.key) for subject in subjects], size)
    proven = []
    for subject in subjects:
        bucket = buckets.get(bucket_of(subject.key), _Bucket())
        proof = prove_head(heads, subject.key, bucket.entries)
        streams = bucket.cases.get(subject.id, []) if subject.kind == CASE else []
        proven.append(ProvenHead(subject, dict(proof.bucket).get(subject.key), proof, _ordered(streams)))
    return proven


async def _entries(connection: "Connection[Record]", numbers: Iterable[int], size: int) -> Mapping[int, _Bucket]:
    """Every entry that these buckets have at a size."""
    asked = list(set(numbers))
    buckets: dict[int, _Bucket] = defaultdict(_Bucket)
    for row in await connection.fetch(_STREAM_HEADS, asked, size):
        buckets[row[0]].entries.append(stream_entry(row[1], row[2], row[3]))
    for row in await connection.fetch(_CASE_STREAMS, asked, size):
        buckets[row[0]].cases[row[1]].append(Joined(row[2], row[3]))
    for bucket in buckets.values():
        bucket.entries.extend(case_entry(case, streams) for case, streams in bucket.cases.items())
    return buckets


def _ordered(streams: Iterable[Joined]) -> tuple[Joined, ...]:
    return tuple(sorted(streams, key=lambda joined: (joined.position, joined.stream.bytes)))
