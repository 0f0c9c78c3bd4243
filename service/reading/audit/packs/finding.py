"""What a pack is of, and which checkpoint it hangs on: found before anything of it is read."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import OdsCode
from domain.organisation.events import OrganisationRegistered
from projections.engine.queries import NotYetToldError
from service.reading.audit.packs.plan import Found, PackKind, Pin, Plan, SinceUnknownError
from service.reading.audit.packs.proving import Checkpoint, Proofs
from service.reading.audit.packs.sampled import sample_told
from service.reading.queries import Queries
from service.reading.sight import Sight
from service.store.ledger import LedgerEvent

PATIENCE_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Hanging:
    """The checkpoint that a pack hangs on, and when the last event under it was recorded."""

    checkpoint: Checkpoint
    recorded_at: datetime


class PackFinder:
    """Finds subjects for readers, and plans their packs; a checkpoint that is not there yet is waited for a while."""

    def __init__(self, queries: Queries, proofs: Proofs, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._queries = queries
        self._ledger = queries.ledger
        self._proofs = proofs

    async def case(self, sight: Sight, case: UUID) -> Found | None:
        """A case that exists for this reader."""
        return _found(PackKind.CASE, case, sight, await self._ledger.read_case(case))

    async def sample(self, sight: Sight, sample: UUID) -> Found | None:
        """A random sample that exists for this reader, drawn or not."""
        events = await self._ledger.read_stream(sample)
        return _found(PackKind.SAMPLE, sample, sight, [each for each in events if each.kind == Kind.AUDIT_SAMPLE])

    async def plan(self, found: Found, sight: Sight, pin: Pin) -> Plan | None:
        """The pack of what was found; None where it was not there yet under the checkpoint of the pin.

        Raises:
            NotYetToldError: no checkpoint covers it in time.
            SinceUnknownError: the log signed no such earlier checkpoint, or it is larger than that of the pack.
            ReadModelsUnavailableError: the population of a sample cannot be looked up.
        """
        hanging = await self._hanging(pin, found.newest)
        if found.kind is PackKind.SAMPLE:
            return await self._of_sample(found.id, sight, pin, hanging)
        events = await self._ledger.read_case(found.id, up_to=hanging.checkpoint.size)
        if not events:
            return None
        plan = await self._plan(PackKind.CASE, sight, pin, hanging)
        names = await self._names(plan, [events[0].organisation])
        return replace(plan, cases=(found.id,), names=names)

    async def whole_log(self, sight: Sight, pin: Pin) -> Plan:
        """The pack of the whole log, up to the checkpoint of the pin.

        Raises:
            NotYetToldError: no checkpoint covers the head of the log in time.
            SinceUnknownError: the log signed no such earlier checkpoint, or it is larger than that of the pack.
        """
        hanging = await self._hanging(pin, (await self._ledger.head()).position)
        return await self._plan(PackKind.LOG, sight, pin, hanging)

    async def _of_sample(self, sample: UUID, sight: Sight, pin: Pin, hanging: _Hanging) -> Plan | None:
        size = hanging.checkpoint.size
        events = [each for each in await self._ledger.read_stream(sample) if each.position <= size]
        if not events:
            return None
        told = await sample_told(self._queries, events, sight)
        plan = await self._plan(PackKind.SAMPLE, sight, pin, hanging)
        return replace(
            plan,
            cases=told.cases,
            streams=(sample,),
            sample=told.shown,
            names=await self._names(plan, told.providers),
        )

    async def _plan(self, kind: PackKind, sight: Sight, pin: Pin, hanging: _Hanging) -> Plan:
        since = None if pin.since is None else await self._proofs.checkpoint_at(pin.since)
        if pin.since is not None and (since is None or since.size > hanging.checkpoint.size):
            raise SinceUnknownError
        head = await self._ledger.head()
        return Plan(
            kind=kind,
            sight=sight,
            checkpoint=hanging.checkpoint,
            recorded_at=hanging.recorded_at,
            as_of=pin.as_of or hanging.recorded_at,
            since=since,
            lag=max(0, head.position - hanging.checkpoint.size),
        )

    async def _hanging(self, pin: Pin, newest: int) -> _Hanging:
        """The first checkpoint at or after the pin, or the newest one: it covers the newest event of what was found."""
        position = pin.known_at
        if isinstance(position, datetime):
            position = await self._ledger.position_at(position)
        first = await self._covering(max(newest if position is None else position, pin.min_position))
        latest = None if position is not None else await self._proofs.latest()
        checkpoint = latest or first
        [last] = await self._ledger.read_all(after=checkpoint.size - 1, limit=1)
        return _Hanging(checkpoint, last.recorded_at)

    async def _covering(self, position: int) -> Checkpoint:
        waited = 0.0
        while True:
            found = await self._proofs.checkpoint_at_or_after(position)
            if found is not None:
                return found
            if waited >= self._patience_seconds:
                latest = await self._proofs.latest()
                raise NotYetToldError(position, latest.size if latest else 0)
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS

    async def _names(self, plan: Plan, organisations: Iterable[str]) -> Mapping[str, str]:
        """What organisations were registered as, among the events under the checkpoint."""
        names: dict[str, str] = {}
        for code in dict.fromkeys([plan.sight.actor.organisation, *organisations]):
            registered = (await self._ledger.read_stream(organisation_stream(OdsCode(code))))[:1]
            for event in registered:
                fact = self._queries.codec.decode(event)
                if event.position <= plan.size and isinstance(fact, OrganisationRegistered):
                    names[code] = fact.name
        return names


def _found(kind: PackKind, subject: UUID, sight: Sight, events: Sequence[LedgerEvent]) -> Found | None:
    """What these events are of, unless any of them is outside the reader's scope."""
    if not events or not all(sight.records.sees(OdsCode(event.organisation)) for event in events):
        return None
    return Found(kind=kind, id=subject, newest=events[-1].position)
