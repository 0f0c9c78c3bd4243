"""The ledger in memory, for tests: the same contract, kept by plain dictionaries in one process."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from typing_extensions import override

from service.store.ledger import (
    Appended,
    AppendInvalidError,
    AppendRequest,
    Claimed,
    Conflict,
    Fate,
    GuardFailed,
    Head,
    KeyReused,
    Known,
    Ledger,
    LedgerEvent,
    LedgerUnavailableError,
    Look,
    NewKey,
    Outcome,
)
from service.store.reading.positions import check_contiguous
from service.store.soundness import check_request


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryLedger(Ledger):
    """A ledger that lives as long as this object. Every append is whole before the next begins."""

    def __init__(self, *, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._events: list[LedgerEvent] = []
        self._streams: dict[UUID, list[LedgerEvent]] = {}
        self._kinds: dict[UUID, str] = {}
        self._cases: dict[UUID, dict[UUID, int]] = {}
        self._known: dict[bytes, Known] = {}
        self._claims: dict[bytes, UUID] = {}
        self._keys: dict[UUID, NewKey] = {}
        self._event_ids: set[UUID] = set()
        self._simulated: bool | None = None
        self._grown = asyncio.Event()
        self.actors: dict[UUID, bytes] = {}
        """Whom each pseudonym stands for, sealed."""

    @override
    async def append(self, request: AppendRequest) -> Outcome:
        check_request(request)
        known = self._known.get(request.key)
        if known is not None:
            return self._replay(known, request)
        obstacle = self._obstacle(request)
        if obstacle is not None:
            return obstacle
        self._check_clock(request)
        if not self._event_ids.isdisjoint(event.event_id for event in request.events):
            raise AppendInvalidError("an event id is used once")
        return self._store(request)

    @override
    async def append_batch(self, requests: Sequence[AppendRequest]) -> list[Fate]:
        return [await self._fate(request) for request in requests]

    @override
    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        known = None if key is None else self._known.get(key)
        return Look(known, {stream: self._after(stream, version) for stream, version in streams})

    @override
    async def read_stream(self, stream: UUID, *, after: int = 0) -> list[LedgerEvent]:
        return self._after(stream, after)

    @override
    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        limit = len(self._events) if up_to is None else up_to
        return [
            event for event in self._events[:limit] if self._cases.get(event.stream, {}).get(case, limit + 1) <= limit
        ]

    @override
    async def case_streams(self, case: UUID) -> list[tuple[UUID, str]]:
        joined = sorted((cases[case], stream) for stream, cases in self._cases.items() if case in cases)
        return [(stream, self._kinds[stream]) for _, stream in joined]

    @override
    async def cases_of(self, stream: UUID) -> list[UUID]:
        return list(self._cases_at(stream, len(self._events)))

    @override
    async def read_all(self, *, after: int, limit: int) -> list[LedgerEvent]:
        events = self._events[after : after + limit]
        check_contiguous(events, after=after)
        return events

    @override
    async def keys(self, ids: Sequence[UUID]) -> dict[UUID, NewKey]:
        return {key_id: self._keys[key_id] for key_id in ids if key_id in self._keys}

    @override
    async def keys_about(self, abouts: Sequence[UUID]) -> dict[UUID, NewKey]:
        asked = set(abouts)
        ordered = sorted(self._keys.values(), key=lambda key: (not key.wrapped, key.key_id), reverse=True)
        return {key.about: key for key in ordered if key.about in asked}

    @override
    async def standing_keys(self, about: UUID) -> list[UUID]:
        return sorted(key.key_id for key in self._keys.values() if key.about == about and key.wrapped)

    @override
    async def head(self) -> Head:
        if not self._events:
            return Head(0, None)
        return Head(len(self._events), self._events[-1].recorded_at, simulated=bool(self._simulated))

    @override
    async def position_at(self, instant: datetime) -> int:
        return sum(event.recorded_at <= instant for event in self._events)

    @override
    async def follow(self, *, after: int, limit: int = 500) -> AsyncGenerator[list[LedgerEvent], None]:
        while True:
            grown = self._grown
            events = await self.read_all(after=after, limit=limit)
            if events:
                after = events[-1].position
                yield events
            else:
                await grown.wait()

    async def _fate(self, request: AppendRequest) -> Fate:
        try:
            return await self.append(request)
        except (AppendInvalidError, LedgerUnavailableError) as error:
            return error

    def _replay(self, known: Known, request: AppendRequest) -> Outcome:
        if known.body != request.body:
            return KeyReused()
        return Appended(
            known.stream,
            known.version,
            known.first_position,
            known.last_position,
            known.recorded_at,
            replayed=True,
        )

    def _obstacle(self, request: AppendRequest) -> Outcome | None:
        version = self._version(request.stream)
        if version != request.expected_version:
            return Conflict(version)
        for guard in request.guards:
            if self._version(guard.stream) != guard.version:
                return GuardFailed(guard.stream)
        for case_guard in request.case_guards:
            if sum(case_guard.case in cases for cases in self._cases.values()) != case_guard.streams:
                return GuardFailed(case_guard.case)
        for digest in request.claims:
            owner = self._claims.get(digest, request.stream)
            if owner != request.stream:
                return Claimed(digest, owner)
        if any(key.key_id in self._keys for key in request.new_keys):
            return Conflict(version)
        return None

    def _check_clock(self, request: AppendRequest) -> None:
        if self._simulated is None:
            if request.born is None:
                raise AppendInvalidError("the ledger is not open: nothing says by which clock it runs")
            if request.born == "simulated" and request.clock is None:
                raise AppendInvalidError("a simulated ledger begins with its clock")
        elif request.born is not None:
            raise AppendInvalidError("the ledger is open already")
        simulated = request.born == "simulated" if self._simulated is None else self._simulated
        if request.clock is not None and not simulated:
            raise AppendInvalidError("the clock of a real ledger is never set")

    def _store(self, request: AppendRequest) -> Appended:
        if self._simulated is None:
            self._simulated = request.born == "simulated"
        recorded_at = self._recorded_at(request)
        first = len(self._events) + 1
        self._kinds.setdefault(request.stream, request.kind)
        joined = self._cases.setdefault(request.stream, {})
        for case in request.cases:
            joined.setdefault(case, first)
        for event in self._stand(request, first, recorded_at):
            self._events.append(event)
            self._streams.setdefault(request.stream, []).append(event)
            self._event_ids.add(event.event_id)
        self._claims.update(dict.fromkeys(request.claims, request.stream))
        self._keys.update({key.key_id: key for key in request.new_keys})
        for actor in request.new_actors:
            self.actors.setdefault(actor.actor, actor.sealed)
        version, last = self._version(request.stream), len(self._events)
        self._known[request.key] = Known(request.body, request.stream, version, first, last, recorded_at)
        self._grown.set()
        self._grown = asyncio.Event()
        return Appended(request.stream, version, first, last, recorded_at)

    def _recorded_at(self, request: AppendRequest) -> datetime:
        moment = request.clock if self._simulated else self._now()
        moments = [event.recorded_at for event in self._events[-1:]] + ([moment] if moment else [])
        return max(moments).astimezone(UTC)

    def _stand(self, request: AppendRequest, first: int, recorded_at: datetime) -> list[LedgerEvent]:
        return [
            LedgerEvent(
                position=first + place,
                stream=request.stream,
                version=request.expected_version + 1 + place,
                kind=self._kinds[request.stream],
                event_id=event.event_id,
                type=event.type,
                payload=event.payload,
                organisation=request.organisation,
                actor=request.actor,
                correlation=request.correlation,
                causation=request.causation,
                effective_at=event.effective_at.astimezone(UTC),
                recorded_at=recorded_at,
                editions=event.editions,
                build=request.build,
                cases=self._cases_at(request.stream, first + place),
            )
            for place, event in enumerate(request.events)
        ]

    def _cases_at(self, stream: UUID, position: int) -> tuple[UUID, ...]:
        joined = self._cases.get(stream, {})
        return tuple(case for at, case in sorted((at, case) for case, at in joined.items()) if at <= position)

    def _version(self, stream: UUID) -> int:
        return len(self._streams.get(stream, ()))

    def _after(self, stream: UUID, version: int) -> list[LedgerEvent]:
        return self._streams.get(stream, [])[version:]
