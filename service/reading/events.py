"""The log as it is handed out: the stored bytes of each event, and a stub in the place of one outside the scope."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import orjson

from domain.kernel.scope import Scope
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode
from projections.engine.queries import NotYetToldError
from service.reading.audit.shown import ShownCases
from service.store.ledger import Ledger, LedgerEvent

_READ_AT_ONCE: Final = 500
_PATIENCE_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.05
_OPTIONS: Final = orjson.OPT_UTC_Z
_DRAWN: Final = "audit_sample.drawn.v1"
_NOBODYS: Final = frozenset({Kind.LEDGER.value, Kind.ACCESS_LOG.value})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which events: those after `after`, up to and with `last`."""

    after: int
    last: int

    @property
    def length(self) -> int:
        """How many events it holds."""
        return max(0, self.last - self.after)


class LeafHashes(Protocol):
    """Knows the hashes with which events stand in the Merkle tree."""

    async def leaf_hashes(self, positions: Iterable[int]) -> Mapping[int, bytes]:
        """The hash of each of these positions; one that the tree does not have yet is left out."""
        ...


def event_line(event: LedgerEvent, scope: Scope, shown: ShownCases, *, leaf: bytes | None = None) -> bytes:
    """One event as a JSON object; of an event outside the scope, its position and the hash of its leaf, nothing else.

    `leaf` is the hash of its leaf, once the tree has it: with it a reader rebuilds the tree also over what is hidden.

    The ledger's own events (by which clock it runs, where that was moved, and the digests of the access log) are nobody's
    record, and shown to all. The payload is the stored bytes, spliced in and never written anew, so that whoever holds the
    ledger's proofs can check them. Personal and narrative values in it stay sealed. The cases that the event tells of are
    added to what is shown.
    """
    if event.kind not in _NOBODYS and not scope.sees(OdsCode(event.organisation)):
        return orjson.dumps({"position": event.position, "stub": True, "leaf_hash": leaf and leaf.hex()})
    shown.add(*event.cases, *cases_named_in(event))
    envelope = _envelope(event) | {"leaf_hash": leaf and leaf.hex()}
    opening = orjson.dumps(envelope, default=str, option=_OPTIONS)  # the driver's ids are not plain ones
    return b"".join((opening[:-1], b',"payload":', event.payload, b"}"))


def cases_named_in(event: LedgerEvent) -> list[UUID]:
    """The cases that an event names though its stream is of none: those whose decisions were drawn into a sample."""
    if event.type != _DRAWN:
        return []
    return [UUID(member["incident"]) for member in orjson.loads(event.payload)["drawn"]]


def _envelope(event: LedgerEvent) -> dict[str, Any]:
    return {
        "position": event.position,
        "id": str(event.event_id),
        "stream": str(event.stream),
        "stream_version": event.version,
        "type": event.type,
        "effective_at": event.effective_at,
        "recorded_at": event.recorded_at,
        "organisation": event.organisation,
        "actor": str(event.actor),
        "correlation_id": event.correlation,
        "causation_id": None if event.causation is None else str(event.causation),
        "editions": event.editions,
    }


def event_list(lines: Iterable[bytes]) -> bytes:
    """A JSON list of events."""
    return b"[" + b",".join(lines) + b"]"


class EventLog:
    """Reads the ledger for one reader; `shown` are the cases of the events handed out so far.

    Without `hashes` no event is given the hash of its leaf.
    """

    def __init__(self, ledger: Ledger, scope: Scope, hashes: LeafHashes | None = None) -> None:
        self._ledger = ledger
        self._scope = scope
        self._hashes = hashes
        self.shown = ShownCases()

    async def wait_for(self, position: int) -> None:
        """Wait until the ledger has reached a position.

        Raises:
            NotYetToldError: it was not reached in time.
        """
        waited = 0.0
        while (head := (await self._ledger.head()).position) < position:
            if waited >= _PATIENCE_SECONDS:
                raise NotYetToldError(position, head)
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS

    async def stretch(self, *, after: int, known_at: int | datetime | None = None) -> Stretch:
        """The events after a position, up to the head as it is now (or to what was known then)."""
        head = (await self._ledger.head()).position
        if isinstance(known_at, datetime):
            known_at = await self._ledger.position_at(known_at)
        return Stretch(after, head if known_at is None else min(head, known_at))

    async def lines(self, stretch: Stretch) -> AsyncIterator[bytes]:
        """Every event of a stretch, in order, without a gap."""
        after = stretch.after
        while after < stretch.last:
            limit = min(_READ_AT_ONCE, stretch.last - after)
            events = await self._ledger.read_all(after=after, limit=limit)
            for line in await self.lines_of(events):
                yield line
            after = events[-1].position

    async def lines_of(self, events: Sequence[LedgerEvent]) -> list[bytes]:
        """Some events as they are handed out."""
        found = await self._hashes.leaf_hashes(event.position for event in events) if self._hashes else {}
        return [event_line(event, self._scope, self.shown, leaf=found.get(event.position)) for event in events]

    async def of_case(self, case: UUID, *, up_to: int | None = None) -> Sequence[LedgerEvent]:
        """The events of all streams of a case, in order."""
        return await self._ledger.read_case(case, up_to=up_to)
