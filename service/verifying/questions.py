"""What is asked of the database: texts as they go into leaves, so that no driver or zone comes between."""

from typing import Final

_INSTANT: Final = """to_char({0} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_EFFECTIVE: Final = _INSTANT.format("e.effective_at")
_RECORDED: Final = _INSTANT.format("e.recorded_at")
_KEPT: Final = _INSTANT.format("k.recorded_at")

EXTENT: Final = """
    select (select count(*) from ledger.events), (select coalesce(max(position), 0) from ledger.events),
           (select coalesce(max(size), 0) from proof.checkpoints),
           (select coalesce(max(position), 0) from proof.leaves),
           (select count(*) from ledger.events where position < 1)
"""
FIRST: Final = (
    "select event_id::text, (select bool_or(simulated) from ledger.origin) from ledger.events where position = 1"
)

# Nothing is joined: a row that stands twice, where a constraint was dropped, doubles nothing else.
EVENTS: Final = f"""
    select e.position, e.stream::text, e.version, e.event_id::text, e.type, e.payload, e.organisation, e.actor::text,
           e.correlation, e.causation::text, {_EFFECTIVE}, {_RECORDED}, e.editions, e.build
    from ledger.events e where e.position between $1 and $2 order by e.position, e.event_id
"""  # noqa: S608 - constants
STREAMS: Final = "select stream::text, kind, organisation from ledger.streams where stream = any($1::text[]::uuid[])"
CASES: Final = """
    select stream::text, position, case_id::text from ledger.stream_cases where stream = any($1::text[]::uuid[])
    order by position, case_id
"""
REQUESTS: Final = f"""
    select k.first_position, k.last_position, encode(k.key, 'hex'), encode(k.body, 'hex'), k.stream::text, k.version, {_KEPT}
    from ledger.keys k where k.first_position between $1 and $2 and k.last_position >= $3
    order by k.first_position, k.key
"""  # noqa: S608 - constants
LEAVES: Final = "select position, hash from proof.leaves where position between $1 and $2 order by position"
TILES: Final = "select number, hashes, root from proof.tiles where level = 0 and number between $1 and $2"
CHECKPOINTS: Final = """
    select size, root, note, heads_root, heads_note, made_at from proof.checkpoints where size between $1 and $2 order by size
"""
BUCKETS: Final = "select size, bucket, hash from proof.head_buckets where size between $1 and $2 order by size"
PREVIOUS: Final = """
    select w.stream, (select l.hash from ledger.events e join proof.leaves l on l.position = e.position
                      where e.stream = w.stream::uuid and e.version = w.version limit 1)
    from unnest($1::text[], $2::bigint[]) as w (stream, version)
"""
SHOULD_BE: Final = """
    select k.last_position - (k.version - $2) from ledger.keys k
    where k.stream = $1::text::uuid and k.version >= $2 order by k.version limit 1
"""
STANDS: Final = "select exists (select from ledger.events where position = $1)"
TAIL: Final = """
    select count(*), extract(epoch from max(recorded_at) - (select recorded_at from ledger.events where position = $1 limit 1))
    from ledger.events where position > $1
"""
