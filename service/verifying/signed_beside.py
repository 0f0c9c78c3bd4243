"""What was signed or said beside the checkpoints: names of the log, cosignatures of witnesses, the map of heads."""

import base64
import binascii
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from service.proof.offline.checkpoints import Checkpoint
from service.proof.offline.damage import DamageError
from service.proof.offline.heads import bucket_hash
from service.proof.offline.notes import WITNESS_KEY, VerifierKey, open_note
from service.verifying.chunks import SECONDS, Connection
from service.verifying.trees import root_over

_AT_ONCE: Final = 5_000
_PATIENCE: Final = timedelta(days=7)
"""So long after it was made a cosignature may have reached the log."""

_AHEAD: Final = timedelta(minutes=10)
_COSIGNATURES: Final = """
    select s.size, s.name, s.key_id, s.line, s.made_at, (select c.note from proof.checkpoints c where c.size = s.size limit 1)
    from proof.cosignatures s order by s.size, s.name
"""
_SIZES: Final = "select size from proof.checkpoints where size = any($1::bigint[])"
_ORIGINS: Final = """
    select o.number, o.origin, o.since_size, o.decided_at_position, o.made_at,
           (select e.payload from ledger.events e
            where e.position = o.decided_at_position and e.type like 'ledger.resumed.%' limit 1),
           (select min(c.made_at) from proof.checkpoints c where c.size >= o.since_size)
    from proof.origins o order by o.number
"""
_TILE_ROOTS: Final = "select level, number, hashes, root from proof.tiles where level > 0 order by level, number"
_HEADS: Final = """
    select digest, value from (
        select sha256('\\x73747265616d00'::bytea || uuid_send(n.stream)) as digest,
               sha256(int8send(n.version) || l.hash) as value
        from (select distinct on (e.stream) e.stream, e.version, e.position from ledger.events e where e.position <= $1
              order by e.stream, e.version desc) n
        join proof.leaves l on l.position = n.position
        union all
        select sha256('\\x6361736500'::bytea || uuid_send(c.case_id)),
               sha256(string_agg(uuid_send(c.stream) || int8send(c.position), ''::bytea order by c.position, c.stream))
        from ledger.stream_cases c where c.position <= $1 group by c.case_id
    ) heads order by digest
"""


async def check_map(connection: Connection, size: int, buckets: dict[int, bytes]) -> AsyncIterator[DamageError]:
    """Make the map of heads at a size from the ledger, and hold it against the stored buckets (which were signed; size 0: none)."""
    if not size:
        return
    left = {number: digest for number, digest in buckets.items() if digest != bytes(32)}
    rows = connection.cursor(_HEADS, size, prefetch=_AT_ONCE, timeout=SECONDS)
    number, entries = -1, dict[bytes, bytes]()
    async for key, value in rows:
        here = int.from_bytes(key[:2], "big")
        if here != number and entries:
            if left.pop(number, None) != bucket_hash(entries):
                yield _bucket_differs(number)
            entries = {}
        number = here
        entries[key] = value
    if entries and left.pop(number, None) != bucket_hash(entries):
        yield _bucket_differs(number)
    for number in sorted(left)[:1]:
        yield _bucket_differs(number)


def _bucket_differs(number: int) -> DamageError:
    sentence = f"the streams and cases of bucket {number} are not those whose heads were signed (ledger.stream_cases)"
    return DamageError("column-changed", sentence)


async def check_tiles(connection: Connection) -> AsyncIterator[DamageError]:
    """Pass the tiles above the lowest, whose roots are those of what they hold."""
    for level, number, hashes, root in await connection.fetch(_TILE_ROOTS, timeout=SECONDS):
        if root_over(hashes) != root:
            yield DamageError("column-changed", f"proof.tiles, level {level}, number {number}: its root is another")


async def check_cosignatures(
    connection: Connection, witnesses: list[VerifierKey], report: dict[str, int]
) -> AsyncIterator[DamageError]:
    """Pass the lines of witnesses; those of witnesses whose keys are not at hand are only counted."""
    for row in await connection.fetch(_COSIGNATURES, timeout=SECONDS):
        try:
            report["known" if _cosigned(row, witnesses) else "unknown"] += 1
        except DamageError as damage:
            yield damage


def _cosigned(row: Any, witnesses: list[VerifierKey]) -> bool:
    size, name, key_id, line, made_at, note = row
    where = f"the line of {name!r} under the checkpoint at size {size} (proof.cosignatures)"
    said, _, encoded = line.rstrip("\n").removeprefix("\u2014 ").partition(" ")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if said != name or blob[:4] != key_id or not line.startswith("\u2014 "):
        raise DamageError("column-changed", f"{where} is not the one that its columns name", size)
    seconds = int.from_bytes(blob[4:12], "big")
    told = datetime.fromtimestamp(seconds, UTC) if seconds < 2**37 else datetime.max.replace(tzinfo=UTC)
    if not told - _AHEAD <= made_at <= told + _PATIENCE:
        raise DamageError("column-changed", f"{where} was not made at the time that it says", size)
    known = [key for key in witnesses if key.type == WITNESS_KEY and (key.name, key.key_id) == (name, key_id)]
    text = (note or "").partition("\n\n")[0]
    if known:
        open_note(f"{text}\n\n{line.rstrip(chr(10))}\n".encode(), known, where)
    return bool(known)


async def check_published(connection: Connection, held: list[Checkpoint]) -> AsyncIterator[DamageError]:
    """Pass where every checkpoint that the auditor holds, which was published once, is stored still."""
    rows = await connection.fetch(_SIZES, [each.size for each in held], timeout=SECONDS)
    for missing in sorted({each.size for each in held} - {row[0] for row in rows}):
        yield DamageError("missing", "the checkpoint that you hold is not stored any more (proof.checkpoints)", missing)


async def check_origins(connection: Connection, log: str) -> AsyncIterator[DamageError]:
    """Pass the names under which the log has signed: the first is its own, each further one was decided by an event."""
    rows = await connection.fetch(_ORIGINS, timeout=SECONDS)
    if not rows and await connection.fetchval("select exists (select from proof.checkpoints)"):
        yield DamageError("missing", "proof.origins has no row of the name under which the log has signed")
    for place, (number, origin, since, decided, made_at, told, first) in enumerate(rows, start=1):
        decision = (since == 0 and decided is None) if place == 1 else since + 1 == decided and _names(told, origin)
        # a number is left out where a state of the ledger that is lost took it
        if number < place or origin != (log if number == 1 else f"{log}/{number}") or not decision:
            yield DamageError(
                "column-changed", f"proof.origins, number {number}, is not how the log was named", decided
            )
        elif first is not None and abs(made_at - first) > _PATIENCE:
            yield DamageError("column-changed", f"proof.origins, number {number}, was not made at that time", decided)
    if len(list(groupby(rows, key=lambda row: row[0]))) != len(rows):
        yield DamageError("stray-row", "proof.origins has two rows of one number")


def _names(told: bytes | None, origin: str) -> bool:
    """Whether the event by which it was decided to go on names this name."""
    try:
        said = json.loads(told or b"null")
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("origin") == origin
