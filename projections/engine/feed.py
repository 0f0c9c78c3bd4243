"""Events as read models see them, and the port through which the engine reads the log."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import ActorId, OdsCode


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a read model sees it: decoded, with personal and narrative values still sealed.

    `cases` are the cases that the stream belonged to at this position; `organisation` is whose record it is.
    """

    position: int
    stream: UUID
    version: int
    kind: str
    cases: tuple[UUID, ...]
    type: str
    fact: Fact | FirstFact
    organisation: OdsCode
    actor: ActorId
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the log reaches: the newest position (0: empty) and when it was recorded."""

    position: int
    recorded_at: datetime | None


class Feed(Protocol):
    """The log, in order, decoded."""

    async def read(self, *, after: int, limit: int) -> Sequence[Told]:
        """The next events after a position, contiguous; empty at the head.

        Raises:
            LedgerGapError: a position is missing (from `service.store`).
        """
        ...

    async def mark(self) -> Mark:
        """The newest position."""
        ...

    def follow(self, *, after: int, limit: int) -> AsyncIterator[Sequence[Told]]:
        """Batches for ever, waking on a hint or a poll."""
        ...


class Instants(Protocol):
    """Where positions and instants meet."""

    async def mark(self) -> Mark:
        """The newest position."""
        ...

    async def position_at(self, instant: datetime) -> int:
        """The newest position recorded at or before an instant (0: none)."""
        ...

    async def recorded_at(self, position: int) -> datetime | None:
        """When the event at a position was recorded (None: there is none)."""
        ...
