"""How each command is handled: which stream it begins or changes, and which other facts its decision needs.

One `Begin` or `Change` stands for each command of the domain; the lists are in `tasks/`, one file an aggregate.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.kernel.actor import Actor, Stamp
from domain.kernel.streams import Kind
from domain.kernel.words import OdsCode, PersonId
from service.handling.loading import Loaded
from service.store.ledger import CaseGuard, Guard

if TYPE_CHECKING:
    from service.handling.desk import Desk

Command = TypeVar("Command")


@dataclass(frozen=True, slots=True)
class Context:
    """Facts from elsewhere that a decision is told, and what must still hold when its events are appended.

    `joins` are cases that a stream which begins joins beside those of its parents.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    case_guards: tuple[CaseGuard, ...] = ()
    joins: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a context is looked up for: the command, when it is decided, and the aggregate (None: it begins one).

    `persons` are people whom the caller named by their id, where the command begins a stream.
    """

    command: Any
    stamp: Stamp
    target: Loaded | None
    parents: tuple[Loaded, ...] = ()
    persons: Sequence[PersonId] = ()


ContextOf = Callable[["Desk", Situation], Awaitable[Context]]


async def no_context(_desk: "Desk", _situation: Situation) -> Context:
    """The decision needs nothing from elsewhere."""
    return Context()


@dataclass(frozen=True, slots=True)
class Begin(Generic[Command]):
    """A command that begins a stream.

    `organisation` is whose record it will be (None: that of its parents, or with `of_actor` of whoever begins it);
    `parents` the incidents whose cases it joins;
    `claims` digests that it owns for ever; `registered` the stream of an organisation that its context asks for,
    brought up to date by the same look-up as the key. A case that is closed, or was entered in error, takes only what
    says so.
    """

    command: type[Command]
    kind: Kind
    decide: Callable[..., Aggregate]
    parents: Callable[[Command], tuple[UUID, ...]] = lambda _command: ()
    organisation: Callable[[Command], str] | None = None
    context: ContextOf = no_context
    claims: Callable[[Command], tuple[bytes, ...]] = lambda _command: ()
    registered: Callable[[Command], UUID | None] = lambda _command: None
    closed_case_takes_it: bool = False
    case_in_error_takes_it: bool = False
    of_actor: bool = False

    def owner(self, command: Command, actor: Actor, parents: Sequence[Loaded]) -> OdsCode:
        """Whose record the stream will be."""
        if self.of_actor:
            return actor.organisation
        return OdsCode(self.organisation(command)) if self.organisation else parents[0].organisation


@dataclass(frozen=True, slots=True)
class Change(Generic[Command]):
    """A command given to a stream that exists; where all its cases were entered in error, only what says so is taken."""

    command: type[Command]
    kind: Kind
    decide: Callable[..., None]
    context: ContextOf = no_context
    case_in_error_takes_it: bool = False
