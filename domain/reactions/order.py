"""What a reaction answers with: commands that the ledger gives itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.kernel.done import Done
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code, PersonId


@dataclass(frozen=True, slots=True)
class Order:
    """A command to one stream, by its name, with what the command is told."""

    kind: Kind
    stream: UUID
    command: Code
    starts: tuple[Done, ...] = ()
    persons: tuple[PersonId, ...] = ()
    methods: tuple[Code, ...] = ()


class Reacts(Protocol):
    """Answers a fact of a stream that belongs to these cases; most facts need no answer."""

    def __call__(self, event: Fact | FirstFact, *, cases: Iterable[UUID]) -> tuple[Order, ...]:
        """The orders, in the order of the cases."""
        ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sentence of the domain: when this happens, order that. Its name is stable, because keys are made of it."""

    name: str
    react: Reacts

    def key(self, order: Order, *, position: int) -> str:
        """The idempotency key under which an order is given for the fact at a position: once, for ever."""
        return f"{self.name}/{position}/{order.stream}"
