"""From a decision to what the ledger is asked to append: sealed events, guards, claims, keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode
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
    clock: datetime | None = None

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
    editions = tuple(dict.fromkeys(edition for fact in facts for edition in editions_of(fact)))
    return AppendRequest(
        stream=draft.stream,
        kind=draft.kind,
        expected_version=draft.expected,
        events=tuple(book.seal(fact, editions) for fact in facts),
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
        new_keys=draft.pen.new_keys(),
        new_actors=(book.actor_of(order),),
        clock=draft.clock,
    )


def editions_of(fact: Fact | FirstFact) -> tuple[str, ...]:
    """The policy editions that a fact says it rests on."""
    many = getattr(fact, "editions", ())
    one = getattr(fact, "edition", None)
    terms = getattr(fact, "terms", None)
    return (*many, *((one,) if one else ()), *((terms.edition,) if terms else ()))
