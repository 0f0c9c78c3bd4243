"""What stands beside the events: rows that nothing asked for, rows that are missing, columns that no leaf covers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import asyncpg

from service.proof.offline.damage import DamageError
from service.verifying.chunks import SECONDS, Connection

_NAMED_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """Finds rows that should not be, as (position or null, what it is); an empty answer is a good one."""

    kind: str
    says: str
    asks: str


_CLAIM: Final = """
    sha256(convert_to('report', 'UTF8') || '\\x00'::bytea || convert_to(p ->> 'provider', 'UTF8') || '\\x00'::bytea
           || convert_to(p ->> 'source_system', 'UTF8') || '\\x00'::bytea || convert_to(p ->> 'local_reference', 'UTF8'))
"""
_SUBJECT: Final = """
    sha256(case h.kind when 'stream' then '\\x73747265616d00'::bytea else '\\x6361736500'::bytea end || uuid_send(h.subject))
"""

LEDGER: Final = (
    Question(
        "stray-row",
        "ledger.streams has a row of a stream that has no event",
        "select null, s.stream::text from ledger.streams s"
        " where not exists (select from ledger.events e where e.stream = s.stream)",
    ),
    Question(
        "stray-row",
        "ledger.streams has two rows of one stream",
        "select null, stream::text from ledger.streams group by stream having count(*) > 1",
    ),
    Question(
        "missing",
        "ledger.streams has no row of a stream that has events",
        "select min(e.position), e.stream::text from ledger.events e"
        " where not exists (select from ledger.streams s where s.stream = e.stream) group by e.stream",
    ),
    Question(
        "stray-row",
        "ledger.stream_cases has a row of a stream that has no event",
        "select null, c.stream::text from ledger.stream_cases c"
        " where not exists (select from ledger.events e where e.stream = c.stream)",
    ),
    Question(
        "column-changed",
        "ledger.stream_cases says that a stream joined a case where no request of that stream began",
        "select c.position, c.stream::text from ledger.stream_cases c"
        " where exists (select from ledger.events e where e.stream = c.stream) and not exists ("
        "   select from ledger.keys k where k.first_position = c.position and k.stream = c.stream)",
    ),
    Question(
        "stray-row",
        "ledger.keys has a row of a request that appended nothing",
        "select null, 'ending at position ' || k.last_position from ledger.keys k where not exists ("
        "   select from ledger.events e"
        "   where e.position = k.last_position and e.stream = k.stream and e.version = k.version)",
    ),
    Question(
        "stray-row",
        "ledger.keys has two rows of one key",
        "select min(first_position), encode(key, 'hex') from ledger.keys group by key having count(*) > 1",
    ),
    Question(
        "column-changed",
        "ledger.events has editions that are not counted from one",
        "select e.position, e.stream::text from ledger.events e where array_lower(e.editions, 1) <> 1",
    ),
    Question(
        "column-changed",
        "ledger.origin does not have its one row",
        "select null, count(*) || ' rows' from ledger.origin having count(*) <> 1 or not bool_and(sole)",
    ),
    Question(
        "stray-row",
        "ledger.actors has a row of somebody who never acted",
        "select null, a.actor::text from ledger.actors a"
        " where not exists (select from ledger.events e where e.actor = a.actor)",
    ),
    Question(
        "missing",
        "ledger.actors has no row of somebody who acted",
        "select min(e.position), e.actor::text from ledger.events e"
        " where not exists (select from ledger.actors a where a.actor = e.actor) group by e.actor",
    ),
    Question(
        "stray-row",
        "two rows have one key",
        "select null, found from (select 'ledger.actors ' || actor found from ledger.actors group by actor having count(*) > 1"
        " union all select 'vault.keys ' || key_id from vault.keys group by key_id having count(*) > 1"
        " union all select 'vault.erased_before ' || key_id from vault.erased_before group by key_id having count(*) > 1"
        " union all select 'ledger.claims ' || encode(digest, 'hex') from ledger.claims group by digest having count(*) > 1"
        " union all select 'ledger.stream_cases ' || stream from ledger.stream_cases group by stream, case_id"
        " having count(*) > 1) twice",
    ),
)

CLAIMS: Final = (
    Question(
        "column-changed",
        "ledger.claims has a row that is not the one of its stream's report",
        "select r.position, 'of stream ' || c.stream from ledger.claims c left join lateral ("  # noqa: S608 - constants
        "   select e.position, convert_from(e.payload, 'UTF8')::jsonb as p from ledger.events e"
        "   where e.stream = c.stream and e.version = 1 and e.type like 'incident.reported.%') r on true"
        f" where r.position is null or c.digest is distinct from {_CLAIM}",
    ),
    Question(
        "missing",
        "ledger.claims has no row of a report",
        "select e.position, 'of stream ' || e.stream from ledger.events e where e.type like 'incident.reported.%'"
        " and not exists (select from ledger.claims c where c.stream = e.stream)",
    ),
)

PROOF: Final = (
    Question(
        "stray-row",
        "proof.leaves has a row of no event",
        "select null, 'at ' || l.position from proof.leaves l"
        " where not exists (select from ledger.events e where e.position = l.position)",
    ),
    Question(
        "stray-row",
        "a table of the proof has two rows in one place",
        "select null, found from (select 'proof.leaves ' || position found from proof.leaves group by position having count(*) > 1"
        " union all select 'proof.tiles ' || level || ' ' || number from proof.tiles group by level, number"
        " having count(*) > 1"
        " union all select 'proof.checkpoints ' || size from proof.checkpoints group by size having count(*) > 1"
        " union all select 'proof.head_subjects ' || subject from proof.head_subjects group by kind, subject"
        " having count(*) > 1"
        " union all select 'proof.cosignatures ' || name || ' ' || size from proof.cosignatures group by size, name, key_id"
        " having count(*) > 1"
        " union all select 'proof.head_buckets ' || bucket from proof.head_buckets group by bucket, size"
        " having count(*) > 1) twice",
    ),
    Question(
        "stray-row",
        "proof.tiles has a tile that the leaves do not fill",
        "select null, 'level ' || t.level || ', number ' || t.number from proof.tiles t"
        " where t.level not between 0 and 7 or t.number < 0"
        " or ((t.number + 1)::numeric * 256::numeric ^ (t.level + 1)) > (select coalesce(max(position), 0) from proof.leaves)",
    ),
    Question(
        "missing",
        "proof.tiles lacks a tile that the leaves fill",
        "select null, 'level ' || w.level || ': ' || w.expected - w.here || ' missing' from ("
        "   select level, div((select coalesce(max(position), 0) from proof.leaves)::numeric, 256::numeric ^ (level + 1)) as expected,"
        "          (select count(*) from proof.tiles t where t.level = w.level) as here"
        "   from generate_series(0, 6) as w (level)) w where w.here < w.expected",
    ),
    Question(
        "column-changed",
        "proof.tiles has a tile that is not made of those below it",
        "select null, 'level ' || t.level || ', number ' || t.number from proof.tiles t where t.level > 0 and t.hashes <> ("
        "   select string_agg(b.root, ''::bytea order by b.number) from proof.tiles b"
        "   where b.level = t.level - 1 and b.number between t.number * 256 and t.number * 256 + 255)",
    ),
    Question(
        "stray-row",
        "proof has a row beyond the log",
        "select null, found from (select 'proof.checkpoints at size ' || size as found from proof.checkpoints where size < 1"
        " union all select 'proof.head_buckets at size ' || size from proof.head_buckets"
        "   where size < 1 or size > (select coalesce(max(position), 0) from proof.leaves) or bucket not between 0 and 65535"
        ") beyond",
    ),
    Question(
        "column-changed",
        "proof.head_subjects has a row whose columns do not belong together",
        "select null, h.subject::text from proof.head_subjects h where h.kind not in ('stream', 'case')"  # noqa: S608 - constants
        f" or h.digest <> {_SUBJECT} or h.bucket <> get_byte(h.digest, 0) * 256 + get_byte(h.digest, 1)",
    ),
    Question(
        "stray-row",
        "proof.head_subjects has a row of nothing",
        "select null, h.subject::text from proof.head_subjects h where not exists (select from ledger.events e"
        " where e.stream = h.subject and h.kind = 'stream') and not exists (select from ledger.stream_cases c"
        " where c.case_id = h.subject and h.kind = 'case')",
    ),
    Question(
        "missing",
        "proof.head_subjects has no row of a stream or case",
        "select position, subject::text from (select min(e.position) as position, e.stream as subject, 'stream' as kind"
        " from ledger.events e group by e.stream"
        " union all select min(c.position), c.case_id, 'case' from ledger.stream_cases c group by c.case_id) s"
        " where position <= (select coalesce(max(position), 0) from proof.leaves) and not exists ("
        "   select from proof.head_subjects h where h.subject = s.subject and h.kind = s.kind)",
    ),
    Question(
        "column-changed",
        "proof.checkpoints says a time at which it cannot have been made",
        "select c.size, c.made_at::text from (select size, made_at, lag(made_at) over (order by size) as before"
        " from proof.checkpoints) c left join ledger.events e on e.position = c.size"
        " where c.made_at > now() + interval '1 minute' or c.made_at < c.before - interval '1 minute'"
        " or (c.made_at < e.recorded_at - interval '1 minute' and not (select bool_or(simulated) from ledger.origin))",
    ),
    Question(
        "forked",
        "a witness holds another history of this log (proof.conflicts)",
        "select null, witness || ' at size ' || size from proof.conflicts",
    ),
    Question(
        "stray-row",
        "proof.cosignatures has a row under no checkpoint",
        "select null, s.name || ' at size ' || s.size from proof.cosignatures s"
        " where not exists (select from proof.checkpoints c where c.size = s.size)",
    ),
)


async def answers(connection: Connection, questions: tuple[Question, ...]) -> AsyncIterator[DamageError]:
    """What the questions find, so many of each at most."""
    for each in questions:
        try:
            async with connection.transaction():  # so that one that cannot be answered leaves the others theirs
                found = await connection.fetch(f"{each.asks} limit {_NAMED_MAX}", timeout=SECONDS)
        except asyncpg.DataError:
            yield DamageError(
                "edited", f"a payload is not JSON any more, so that it cannot be asked whether {each.says}"
            )
            continue
        for position, what in found:
            yield DamageError(each.kind, f"{each.says}: {what}", position)
