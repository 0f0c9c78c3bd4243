"""Where commands are handled: key known? may this actor? load, decide, append with guards; again when overtaken.

The order never changes: an idempotency key is looked up before anything is decided; a record outside the actor's reach
does not exist; a refusal stores nothing; what was decided is appended only if everything it relied on still holds.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.access.table import PERMISSIONS
from domain.incident.standing import CaseEnteredInError, check_open, check_stands
from domain.kernel.actor import Stamp
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.refusal import Refusal
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode, PersonId
from domain.policy.library import Policy
from service.handling.appending import Draft
from service.handling.book import Book
from service.handling.loading import Loaded, OrganisationShelf, fold
from service.handling.order import Order, Receipt
from service.handling.pen import Pen
from service.handling.populations import Populations, ReplayedPopulations
from service.handling.refusals import (
    CasesOfSeveralProviders,
    EffectiveInFuture,
    NotPermitted,
    OrganisationUnknown,
    RecordNotFound,
    StillRunning,
    TooContended,
    VersionStale,
)
from service.handling.settling import Settling
from service.handling.specification import Begin, Change, Context, Situation
from service.handling.standing import Standing
from service.handling.time import LedgerTime
from service.store.codec import Codec
from service.store.ledger import Guard, Ledger, LedgerEvent

ATTEMPTS: Final = 8
"""How often a command is decided again when others overtake it, before the caller is asked to try again."""

NOWHERE: Final[Mapping[str, UUID]] = {}

C = TypeVar("C")
Make = Callable[[Pen], C]


@dataclass(frozen=True, slots=True)
class Written:
    """A command as it was written for one attempt.

    `at_hand`: it may be decided on what was read before; `persons`: people whom the caller named by their id.
    """

    digest: bytes
    command: Any
    pen: Pen
    stamp: Stamp
    at_hand: bool
    persons: Sequence[PersonId] = ()


class Desk:
    """Handles every command, from whichever side it comes: HTTP, a reaction, the command line."""

    def __init__(
        self,
        ledger: Ledger,
        book: Book,
        policy: Policy,
        time: LedgerTime,
        *,
        populations: Populations | None = None,
    ) -> None:
        self.ledger = ledger
        self.book = book
        self.policy = policy
        self.time = time
        self.populations = populations or ReplayedPopulations(ledger, Codec())
        self.organisations = OrganisationShelf(ledger, book)
        self.standing = Standing(self.organisations, time)
        self.settling = Settling(ledger, book)
        self._running: set[bytes] = set()

    async def change(
        self,
        order: Order,
        task: Change[C],
        make: Make[C],
        *,
        stream: UUID,
        path: Mapping[str, UUID] = NOWHERE,
        persons: Sequence[PersonId] = (),
    ) -> Receipt:
        """Give a command to a stream that exists; where the path names an incident, to a stream of that case.

        Raises:
            Refusal: the domain refused, or one of `service.handling.refusals`; nothing is stored.
            LedgerUnavailableError: nothing is known to be stored; the same key is safe to send again.
        """
        async with self._running_once(order) as digest:
            for _ in range(ATTEMPTS):
                look = await self.ledger.look(digest, [(stream, 0)])
                if look.known:
                    return await self.settling.replay(look.known, order)
                loaded = await self.load(look.events.get(stream, []), task.kind)
                if "incident" in path and path["incident"] not in loaded.cases:
                    raise RecordNotFound
                await self._admit(order, task, loaded)
                stamp = await self.stamp(order)
                pen = await self.book.pen(stream, path=path, persons=persons, now=stamp.now)
                command = make(pen)
                context = await task.context(self, Situation(command, stamp, loaded))
                task.decide(loaded.aggregate, command, stamp, **context.values)
                facts = decided_by(loaded.aggregate)
                receipt = await self.settling.append(order, digest, facts, Draft.change(loaded, context, pen))
                if receipt:
                    return receipt
        raise TooContended

    async def begin(
        self,
        order: Order,
        task: Begin[C],
        make: Make[C],
        *,
        stream: UUID,
        path: Mapping[str, UUID] = NOWHERE,
        persons: Sequence[PersonId] = (),
    ) -> Receipt:
        """Give a command that begins a stream; the version expected is that of the first incident that it joins.

        Raises:
            Refusal: the domain refused, or one of `service.handling.refusals`; nothing is stored.
            LedgerUnavailableError: nothing is known to be stored; the same key is safe to send again.
        """
        async with self._running_once(order) as digest:
            for attempt in range(ATTEMPTS):
                stamp = await self.stamp(order)
                pen = await self.book.pen(stream, path=path, persons=persons, now=stamp.now)
                written = Written(digest, make(pen), pen, stamp, at_hand=attempt == 0, persons=persons)
                prepared = await self.prepare(order, task, written)
                if isinstance(prepared, Receipt):
                    return prepared
                receipt = await self.settling.append(order, digest, *prepared)
                if receipt:
                    return receipt
        raise TooContended

    async def prepare(
        self, order: Order, task: Begin[Any], written: "Written"
    ) -> Receipt | tuple[Sequence[Fact | FirstFact], Draft]:
        """Decide a command that begins a stream, up to the append: the answer to an earlier request, or what to store.

        Where it asks only for an organisation that is at hand, it is decided on that at once, guarded by its version;
        the append finds a key that was used before. Whatever is refused so is decided again on what stands now, after
        the key was looked up: it may be the answer to an earlier request.
        """
        asked = task.registered(written.command)
        kept = self.organisations.at_hand(asked) if asked and written.at_hand else None
        if kept:
            with suppress(Refusal):
                return await self._decide_beginning(order, task, written, Guard(kept.stream, kept.version))
        look = await self.ledger.look(written.digest, [(asked, self.organisations.version(asked))] if asked else [])
        if look.known:
            return await self.settling.replay(look.known, order)
        newer = await self.organisations.with_newer(asked, look.events.get(asked, [])) if asked else None
        if asked and newer is None:
            raise OrganisationUnknown(pointers=("/provider",))
        held = (Guard(newer.stream, newer.version),) if newer else ()
        return await self._decide_beginning(order, task, written, *held)

    async def _decide_beginning(
        self, order: Order, task: Begin[Any], written: "Written", *guards: Guard
    ) -> tuple[Sequence[Fact | FirstFact], Draft]:
        command, stream = written.command, written.pen.stream
        parents = await self._incidents(task.parents(command))
        organisation = task.owner(command, order.actor, parents)
        for each in dict.fromkeys((organisation, *(parent.organisation for parent in parents))):
            await self._permit(order, task.command, each, anew=not parents)
        if len({parent.organisation for parent in parents}) > 1:
            raise CasesOfSeveralProviders(pointers=("/incidents",))
        _check_expected(order, parents)
        for parent in parents:
            _takes(parent, task)
        context = await task.context(self, Situation(command, written.stamp, None, parents, written.persons))
        aggregate = task.decide(command, written.stamp, **context.values)
        held = (*guards, *context.guards, *(Guard(parent.stream, parent.version) for parent in parents))
        cases = tuple(dict.fromkeys((*(parent.stream for parent in parents), *context.joins)))
        return decided_by(aggregate), Draft(
            stream=stream,
            kind=task.kind,
            organisation=organisation,
            expected=0,
            cases=cases or ((stream,) if task.kind is Kind.INCIDENT else ()),
            context=Context(guards=held, case_guards=context.case_guards),
            pen=written.pen,
            claims=task.claims(command),
        )

    async def load(self, events: Sequence[LedgerEvent], kind: Kind) -> Loaded:
        """The stream that these events make.

        Raises:
            RecordNotFound: there are none, or they are of another kind.
        """
        loaded = await fold(self.book, events)
        if loaded is None or loaded.kind is not kind:
            raise RecordNotFound
        return loaded

    async def load_case(self, case: UUID) -> list[Loaded]:
        """Every stream of a case as it stands, the incident's own first."""
        streams: dict[UUID, list[LedgerEvent]] = {}
        for event in await self.ledger.read_case(case):
            streams.setdefault(event.stream, []).append(event)
        loaded = [await fold(self.book, events) for events in streams.values()]
        return [stream for stream in loaded if stream is not None]

    async def stamp(self, order: Order) -> Stamp:
        """Who decides and when.

        Raises:
            EffectiveInFuture: the caller named an instant after the ledger's present.
        """
        now = await self.time.now()
        if order.effective_at is not None and order.effective_at > now:
            raise EffectiveInFuture(pointers=("/effective_at",))
        return Stamp(by=order.actor, at=order.effective_at or now, now=now)

    @asynccontextmanager
    async def _running_once(self, order: Order) -> AsyncIterator[bytes]:
        digest = self.book.key_of(order)
        if digest in self._running:
            raise StillRunning
        self._running.add(digest)
        try:
            yield digest
        finally:
            self._running.discard(digest)

    async def _admit(self, order: Order, task: Change[Any], loaded: Loaded) -> None:
        """Let a command through to a stream that exists; what hangs only on cases entered in error takes nothing."""
        await self._permit(order, task.command, loaded.organisation)
        if order.expected is not None and order.expected != loaded.version:
            raise VersionStale(loaded.version)
        if loaded.kind is Kind.INCIDENT or not loaded.cases or task.case_in_error_takes_it:
            return  # an incident's own commands each say what they are taken on
        cases = await self._incidents(loaded.cases)
        if all(case.aggregate.is_entered_in_error for case in cases):
            raise CaseEnteredInError

    async def _incidents(self, incidents: Sequence[UUID]) -> tuple[Loaded, ...]:
        if not incidents:
            return ()
        look = await self.ledger.look(None, [(incident, 0) for incident in incidents])
        return tuple([await self.load(look.events.get(incident, []), Kind.INCIDENT) for incident in incidents])

    async def _permit(self, order: Order, command: type[Any], organisation: OdsCode, *, anew: bool = False) -> None:
        permission = PERMISSIONS[command]
        relations = await self.standing.relations(order.actor, organisation)
        if self.standing.may(order.actor, permission, relations):
            return
        if anew or self.standing.sees(order.actor, relations):
            raise NotPermitted
        raise RecordNotFound


def decided_by(aggregate: Aggregate) -> Sequence[Fact | FirstFact]:
    """The facts that a decision recorded and that are yet to be stored."""
    return cast("Sequence[Fact | FirstFact]", aggregate.collect_events())


def _check_expected(order: Order, parents: Sequence[Loaded]) -> None:
    """A stream that begins is at no version yet: the caller speaks of the case that it joins, where it joins one."""
    stands = parents[0].version if parents else 0
    if order.expected is not None and order.expected != stands:
        raise VersionStale(stands)


def _takes(parent: Loaded, task: Begin[Any]) -> None:
    if task.case_in_error_takes_it:
        return
    if task.closed_case_takes_it:
        check_stands(parent.aggregate)
    else:
        check_open(parent.aggregate)
