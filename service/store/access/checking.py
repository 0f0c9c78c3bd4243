"""Whether the access log is what the ledger committed to: its chain worked out again, and held against every digest.

A change of any column, a record that was taken out, put in or moved is found wherever a digest stands at or after it: also
where whoever changed it worked out every later hash anew. What was read since the last digest hangs only on its own chain;
how much that is, is said (`tail`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import asyncpg
import orjson

from service.store.access.canonical import GENESIS, chained
from service.store.access.records import access_of

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

DIGESTED: Final = "access_log.digested.v1"

_AT_ONCE: Final = 5_000
_BEFORE_ALL: Final = -(2**63)
_AFTER: Final = "select * from access.reads where number > $1 order by number limit $2"
_DIGESTS: Final = (
    "select e.position, e.payload from ledger.events e join ledger.streams s on s.stream = e.stream"
    " where s.kind = 'access_log' and e.type = $1 order by e.position"
)
_UNKNOWN_READERS: Final = """
    select min(r.number) from access.reads r
    where not exists (select from access.readers k where k.actor = r.actor)
"""


class AccessDamageKind(StrEnum):
    """In which way the access log is not what it was; the words are those of `incident-ledger verify`."""

    EDITED = "edited"
    """A record is not the one that its hash was made of."""
    MISSING = "missing"
    """A number is left out, or nothing is kept of whom a reader's pseudonym stands for."""
    STRAY_ROW = "stray-row"
    """A row has a number that no record can have."""
    REORDERED = "reordered"
    """A record was written before the one that it follows."""
    TRUNCATED = "truncated"
    """The log ends before the record that a digest commits to."""
    NOT_CONSISTENT = "not-consistent"
    """The chain holds in itself, and is not the one that a digest commits to: it was worked out anew. Or the digests
    themselves do not follow one another."""


@dataclass(frozen=True, slots=True)
class AccessDamage:
    """The first thing that is wrong: at which record, in which way, and one sentence.

    Where a whole stretch was worked out anew, `number` is its first record, and the sentence names the last one too.
    """

    number: int
    kind: AccessDamageKind
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessChecked:
    """What was found: so many `records` from the first on hold, `digests` commit to those up to `digested_to`.

    The `tail` after it hangs on its own chain only; `tail_since` is when its first record was written (None: there is no
    tail). Nothing is looked at after the first damage.
    """

    records: int
    digests: int
    digested_to: int
    tail: int
    tail_since: datetime | None
    damage: AccessDamage | None


@dataclass(frozen=True, slots=True)
class _Digest:
    position: int
    from_number: int
    to_number: int
    records: int
    hash: bytes


async def check_access_log(
    connection: Connection, *, progress: Callable[[int], None] = lambda _records: None
) -> AccessChecked:
    """Look at the whole access log in one snapshot; `progress` is told how many records were looked at.

    The connection may be that of any role that reads both the access log and the ledger.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        digests = [_digest(*row) for row in await connection.fetch(_DIGESTS, DIGESTED)]
        walk = _Walk(digests)
        damage = walk.out_of_order() or await _along(walk, connection, progress)
        damage = damage or walk.end() or await _unknown_reader(connection)
    return walk.checked(damage)


async def _along(walk: "_Walk", connection: Connection, progress: Callable[[int], None]) -> AccessDamage | None:
    """Go to the end of the log, or to the first damage."""
    after = _BEFORE_ALL
    while rows := await connection.fetch(_AFTER, after, _AT_ONCE):
        for row in rows:
            damage = walk.step(row)
            if damage is not None:
                return damage
        after = rows[-1]["number"]
        progress(walk.number)
    return None


class _Walk:
    """Goes along the chain, from record to record and past every digest."""

    def __init__(self, digests: list[_Digest]) -> None:
        self._digests = digests
        self._by_end = {digest.to_number: digest for digest in digests}
        self._hash = GENESIS
        self._at: datetime | None = None
        self._tail_since: datetime | None = None
        self.number = 0

    @property
    def _digested_to(self) -> int:
        return self._digests[-1].to_number if self._digests else 0

    def out_of_order(self) -> AccessDamage | None:
        """What is wrong with the digests among themselves."""
        after = 0
        for digest in self._digests:
            if digest.from_number != after + 1 or digest.records != digest.to_number - after:
                sentence = (
                    f"The digest at position {digest.position} commits to records {digest.from_number} to"
                    f" {digest.to_number}, after record {after}."
                )
                return AccessDamage(digest.from_number, AccessDamageKind.NOT_CONSISTENT, sentence)
            after = digest.to_number
        return None

    def step(self, row: asyncpg.Record) -> AccessDamage | None:
        """What is wrong with the next row."""
        number: int = row["number"]
        damage = self._misplaced(number)
        if damage is not None:
            return damage
        try:
            record = access_of(row)
            following = chained(self._hash, record)
        except (TypeError, ValueError):  # no record ever had such values
            return AccessDamage(number, AccessDamageKind.EDITED, "The row holds no record.")
        if record.hash != following:
            return AccessDamage(number, AccessDamageKind.EDITED, "The record is not the one that was written.")
        if self._at is not None and record.at < self._at:
            return AccessDamage(number, AccessDamageKind.REORDERED, "It was written before the one it follows.")
        if number == self._digested_to + 1:
            self._tail_since = record.at
        self.number, self._hash, self._at = number, following, record.at
        return self._held(self._by_end.get(number))

    def _misplaced(self, number: int) -> AccessDamage | None:
        if number == self.number + 1:
            return None
        if number < 1:
            return AccessDamage(number, AccessDamageKind.STRAY_ROW, "No record has such a number.")
        missing = f"Record {self.number + 1} is missing; the next one is {number}."
        return AccessDamage(self.number + 1, AccessDamageKind.MISSING, missing)

    def _held(self, digest: _Digest | None) -> AccessDamage | None:
        if digest is None:
            return None
        if digest.hash == self._hash:
            return None
        sentence = (
            f"Records {digest.from_number} to {digest.to_number} hold together, and are not those that the digest at"
            f" position {digest.position} commits to."
        )
        return AccessDamage(digest.from_number, AccessDamageKind.NOT_CONSISTENT, sentence)

    def end(self) -> AccessDamage | None:
        """What is wrong with where the log ends."""
        if self.number >= self._digested_to:
            return None
        sentence = f"The log ends with record {self.number}; the ledger commits to {self._digested_to}."
        return AccessDamage(self.number + 1, AccessDamageKind.TRUNCATED, sentence)

    def checked(self, damage: AccessDamage | None) -> AccessChecked:
        """What was found."""
        return AccessChecked(
            records=self.number,
            digests=len(self._digests),
            digested_to=self._digested_to,
            tail=max(0, self.number - self._digested_to),
            tail_since=self._tail_since,
            damage=damage,
        )


async def _unknown_reader(connection: Connection) -> AccessDamage | None:
    number: int | None = await connection.fetchval(_UNKNOWN_READERS)
    if number is None:
        return None
    return AccessDamage(number, AccessDamageKind.MISSING, "Nothing says whom the reader's pseudonym stands for.")


def _digest(position: int, payload: bytes) -> _Digest:
    """What a digest commits to; of a payload that was changed, nothing that could be so."""
    try:
        told = orjson.loads(payload)
        digest = bytes.fromhex(told["digest"])
        return _Digest(position, told["from_number"], told["to_number"], told["records"], digest)
    except (KeyError, TypeError, ValueError):
        return _Digest(position, -1, -1, 0, b"")
