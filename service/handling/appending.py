"""From a decision to what the ledger is asked to append: sealed events, guards, claims, keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode
from domain.ledger.events import Clock, ClockMoved, LedgerOpened
from service.handling.book import Book
from service.handling.loading import Loaded
from service.handling.order import Order
from service.handling.pen import Pen
from service.handling.specification import Context
from service.store.ledger import AppendRequest


@dataclass(frozen=True, slots=True)
class Draft:
    """Where decided facts go, and what must still hold when they are appended."""

    stream: UUID
    kind: Kind
    organisation: OdsCode
    expected: int
    cases: tuple[UUID, ...]
    pen: Pen
    position: int = 0
    context: Context = field(default_factory=Context)
    claims: tuple[bytes, ...] = ()

    @classmethod
    def change(cls, loaded: Loaded, context: Context, pen: Pen) -> "Draft":
        """Facts for a stream that exists."""
        return cls(
            stream=loaded.stream,
            kind=loaded.kind,
            organisation=loaded.organisation,
            expected=loaded.version,
            cases=loaded.cases,
            pen=pen,
            position=loaded.position,
            context=context,
        )


def request_of(
    book: Book, order: Order, digest: bytes, facts: Sequence[Fact | FirstFact], draft: Draft
) -> AppendRequest:
    """Seal the facts and gather all that goes with them."""
    events = tuple(book.seal(draft.pen, fact, editions_of(fact)) for fact in facts)
    return AppendRequest(
        stream=draft.stream,
        kind=draft.kind,
        expected_version=draft.expected,
        events=events,
        key=digest,
        body=book.body_of(order),
        organisation=draft.organisation,
        actor=order.actor.id,
        correlation=order.correlation,
        causation=order.causation,
        build=book.build,
        cases=draft.cases,
        guards=draft.context.guards,
        case_guards=draft.context.case_guards,
        claims=draft.claims,
        new_keys=draft.pen.sealing.new_keys(),
        new_actors=(book.actor_of(order),),
        clock=_clock(facts),
        born=_born(facts),
    )


def editions_of(fact: Fact | FirstFact) -> tuple[str, ...]:
    """The policy editions that a fact says it rests on."""
    many = getattr(fact, "editions", ())
    one = getattr(fact, "edition", None)
    terms = getattr(fact, "terms", None)
    return (*many, *((one,) if one else ()), *((terms.edition,) if terms else ()))


def _born(facts: Sequence[Fact | FirstFact]) -> Literal["real", "simulated"] | None:
    for fact in facts:
        if isinstance(fact, LedgerOpened):
            return "simulated" if fact.clock is Clock.SIMULATED else "real"
    return None


def _clock(facts: Sequence[Fact | FirstFact]) -> datetime | None:
    for fact in facts:
        if isinstance(fact, ClockMoved):
            return fact.to_at
        if isinstance(fact, LedgerOpened) and fact.clock is Clock.SIMULATED:
            return fact.timestamp
    return None
