"""The walk over the log: each event is made into its leaf again, and each signed root says whether that is what it was."""

from dataclasses import dataclass, field
from typing import Any, Final

from service.proof.offline.checkpoints import Checkpoint
from service.proof.offline.damage import DamageError
from service.verifying.chunks import Chunk
from service.verifying.records import Asked, Row, leaf_of
from service.verifying.statements import Statements
from service.verifying.trees import HeadsMap, Trees, root_over

STREAMS_MAX: Final = 1_000_000
"""Of so many streams the newest leaf is kept in memory; of more, it is read again when it is needed."""

KEPT_MAX: Final = 50
_NOTHING: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that is not the one of its leaf, to be looked at again."""

    row: Row
    request: dict[str, Any]
    previous: bytes | None
    stored: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A place from which a walk can go on: a size, and the complete subtrees of the tree of that size."""

    size: int
    complete: list[bytes]


@dataclass
class Walk:
    """Where the walk stands, and what it has found."""

    log: str
    statements: Statements
    protected: int
    """The size of the newest stored checkpoint."""
    leaves: int
    """The position of the newest stored leaf."""
    position: int = 0
    trees: Trees = field(default_factory=Trees)
    map: HeadsMap = field(default_factory=HeadsMap)
    """As it was at the last signed size."""
    unsigned: dict[int, bytes] = field(default_factory=dict)
    """The buckets that changed since."""
    heads: dict[str, bytes] = field(default_factory=dict)
    stored_heads: dict[str, bytes] = field(default_factory=dict)
    """Where the chain of a stream was broken: the stored leaf, so that one change is not found again and again."""
    roots: dict[int, bytes] = field(default_factory=dict)
    damages: list[DamageError] = field(default_factory=list)
    kept: dict[int, Kept] = field(default_factory=dict)
    events: int = 0
    requests: int = 0
    since: int = 0
    recorded_at: str = ""
    map_holds: bool = True
    mark: Mark | None = None
    """The last signed size up to which everything held."""

    def wanted(self, chunk: Chunk) -> dict[str, int]:
        """The streams of a stretch whose newest leaf must be read, with the version that it has."""
        seen: set[str] = set()
        wanted: dict[str, int] = {}
        for position in sorted(chunk.rows):
            row = chunk.rows[position][0]
            if row.stream not in seen and row.stream not in self.heads and row.version > 1:
                wanted[row.stream] = row.version - 1
            seen.add(row.stream)
        return wanted

    def take(self, chunk: Chunk, previous: dict[str, bytes]) -> None:
        """Walk over a stretch."""
        if len(self.heads) > STREAMS_MAX:
            self.heads.clear()
        self.heads.update(previous)
        requests = self._requests(chunk)
        for position in range(chunk.first, chunk.last + 1):
            self.position = position
            self._event(chunk, position, requests.get(position))
            self._tile(chunk, position)
            self._sign(chunk, position)

    def has(self, held: Checkpoint) -> bool:
        """Whether the log begins with what a checkpoint is of."""
        return self.roots.get(held.size) == held.root

    def end(self) -> None:
        """What no signed root has judged stands as it was found."""
        self.damages += [each.damage for each in self.trees.suspects]

    def _requests(self, chunk: Chunk) -> dict[int, Asked]:
        """The request of each position; they lie side by side, without a gap and never over one another."""
        found: dict[int, Asked] = {}
        for asked in chunk.asked:
            if asked.first >= chunk.first:
                self.requests += 1
            for position in range(max(asked.first, chunk.first), min(asked.last, chunk.last) + 1):
                if position in found:
                    sentence = "two requests (ledger.keys) claim this position"
                    self.damages.append(DamageError("stray-row", sentence, position))
                found.setdefault(position, asked)
        return found

    def _event(self, chunk: Chunk, position: int, asked: Asked | None) -> None:
        stored, rows = chunk.leaves.get(position), chunk.rows.get(position, [])
        if len(rows) > 1:
            self.damages.append(DamageError("inserted", "two events claim this position", position))
        if not rows:
            self._absent(position, stored, asked)
            return
        row = rows[0]
        self.events += len(rows)
        before = None if row.version == 1 else self.heads.get(row.stream)
        beside = self.stored_heads.get(row.stream, before) if row.version > 1 else None
        request = asked.record if asked else {}
        made = _leaf(row, self.log, request, before)
        against = made if beside == before else _leaf(row, self.log, request, beside)
        self.heads[row.stream] = made
        if stored is None:
            self._unstored(position)
            if asked is None:
                sentence = "no request (ledger.keys) ever asked for this event"
                self.damages.append(DamageError("inserted", sentence, position))
            stored = against
        elif stored != against:
            self.trees.suspect(self._difference(row, asked))
            self._keep(Kept(row, request, beside, stored))
            self.stored_heads[row.stream] = stored
        elif row.stream in self.stored_heads:
            self.stored_heads[row.stream] = stored
        self.trees.add(stored, made)
        self.recorded_at = row.recorded_at

    def _absent(self, position: int, stored: bytes | None, asked: Asked | None) -> None:
        self.trees.suspect(DamageError("missing", "there is no event", position))
        if asked is not None and stored is not None:
            self.stored_heads[asked.record["stream"]] = stored
        self.trees.add(stored or _NOTHING, _NOTHING)

    def _unstored(self, position: int) -> None:
        if position <= max(self.leaves, self.protected):
            self.damages.append(DamageError("missing", "its leaf (proof.leaves) is not stored", position))

    def _difference(self, row: Row, asked: Asked | None) -> DamageError:
        kind, sentence = "edited", "a column or the payload is not the one that was committed to"
        if not row.known:
            kind, sentence = "missing", "the row of its stream (ledger.streams) is not there"
        elif asked is None:
            kind, sentence = "missing", "no request (ledger.keys) covers it: its row was changed or taken out"
        elif row.recorded_at < self.recorded_at:
            sentence = "back-dated: it was recorded after the event that stands before it"
        return DamageError(kind, sentence, row.position)

    def _keep(self, kept: Kept) -> None:
        if len(self.kept) < KEPT_MAX:
            self.kept[kept.row.position] = kept

    def _tile(self, chunk: Chunk, position: int) -> None:
        filled = self.trees.full_tile()
        if filled is None or position > self.leaves:
            return
        found = chunk.tiles.get(position // 256 - 1)
        if found is None:
            self.damages.append(DamageError("missing", "the tile (proof.tiles) that ends here is not stored", position))
        elif found != (filled, root_over(filled)):
            sentence = "the tile (proof.tiles) that ends here is not made of its leaves"
            self.damages.append(DamageError("column-changed", sentence, position))

    def _sign(self, chunk: Chunk, position: int) -> None:
        self.unsigned |= chunk.buckets.get(position, {})
        if self.statements.asks(position):
            self.roots[position] = (self.trees.made or self.trees.stored).root()
        row = chunk.checkpoints.get(position)
        if row is None:
            return
        try:
            signed = self.statements.check(row)
        except DamageError as damage:
            self.damages.append(damage)
            return
        self.damages += self.trees.judged(signed.root, self.since)
        self.since = position
        self.mark = None if self.damages else Mark(position, list(self.trees.stored.complete))
        self.map.change(self.unsigned)
        self.unsigned = {}
        if self.map_holds and self.map.root != row[3]:
            self.map_holds = False
            sentence = "the stored map of heads (proof.head_buckets) is not the one that was signed at this size"
            self.damages.append(DamageError("column-changed", sentence, position))


def _leaf(row: Row, log: str, request: dict[str, Any], previous: bytes | None) -> bytes:
    try:
        return leaf_of(row, log, request, previous)
    except ValueError:  # half a letter, which only a broken column holds
        return _NOTHING
