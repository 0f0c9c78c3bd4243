"""The ledger as the rest of the service sees it: what may be appended, what comes back, what may be read.

Two implementations keep this contract (`postgres.py`, and `memory.py` for tests) and pass the same conformance tests.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

OPENED: Final = "ledger.opened.v1"
"""The stored name of the very first event of every ledger."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is about to be appended; the payload bytes are stored exactly as given."""

    event_id: UUID
    type: str
    payload: bytes
    effective_at: datetime
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """Another stream that must still be at `version` (0: must not exist) when the request is appended."""

    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class CaseGuard:
    """A case that must still have exactly `streams` streams: nothing joined it while the decision was made."""

    case: UUID
    streams: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A wrapped data key, stored in schema `vault` by the append that first uses it.

    A key id that exists already makes the request a conflict: it is decided and sealed again with the existing key.
    """

    key_id: UUID
    about: UUID
    wrapped: bytes
    kek: str


@dataclass(frozen=True, slots=True)
class NewActor:
    """Whom an actor's pseudonym stands for, sealed; kept the first time it is seen."""

    actor: UUID
    sealed: bytes


@dataclass(frozen=True, slots=True)
class AppendRequest:
    """Events for one stream, appended together or not at all.

    `expected_version` 0 means that the stream must be new. `key` and `body` are HMACs of the client's idempotency key
    (with the client) and of the request's body. `claims` are digests that one stream owns for ever. `organisation` is
    whose record it is; `cases` are the incidents the stream belongs to (recorded when it begins, added to later).
    """

    stream: UUID
    kind: str
    expected_version: int
    events: tuple[NewEvent, ...]
    key: bytes
    body: bytes
    organisation: str
    actor: UUID
    correlation: str | None = None
    causation: UUID | None = None
    build: str = ""
    cases: tuple[UUID, ...] = ()
    guards: tuple[Guard, ...] = ()
    case_guards: tuple[CaseGuard, ...] = ()
    claims: tuple[bytes, ...] = ()
    new_keys: tuple[NewKey, ...] = ()
    new_actors: tuple[NewActor, ...] = ()
    clock: datetime | None = None
    """The instant to which a simulated ledger's clock moves with this append; refused on a real one."""
    born: Literal["real", "simulated"] | None = None
    """By which clock this ledger runs, for ever: given by its very first append, and by no other."""


@dataclass(frozen=True, slots=True)
class Appended:
    """The events stand in the ledger, durably, at these positions (`replayed`: they already did, by the same key)."""

    stream: UUID
    version: int
    first_position: int
    last_position: int
    recorded_at: datetime
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key was used before, with another body."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The stream is at another version than the one expected, or a new key id already exists."""

    version: int


@dataclass(frozen=True, slots=True)
class GuardFailed:
    """A stream or case that the decision relied on has changed."""

    stream: UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim belongs to another stream already."""

    digest: bytes
    stream: UUID


Outcome = Appended | KeyReused | Conflict | GuardFailed | Claimed


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """An event as it stands in the ledger."""

    position: int
    stream: UUID
    version: int
    kind: str
    event_id: UUID
    type: str
    payload: bytes
    organisation: str
    actor: UUID
    correlation: str | None
    causation: UUID | None
    effective_at: datetime
    recorded_at: datetime
    editions: tuple[str, ...]
    build: str
    cases: tuple[UUID, ...] = ()
    """The cases that the stream belonged to at this position, in the order in which it joined them (then by id)."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event: its position (0: the ledger is empty) and when it was recorded."""

    position: int
    recorded_at: datetime | None
    simulated: bool = False
    """Whether this ledger was born on a simulated clock."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an idempotency key did: the answer is rebuilt from these."""

    body: bytes
    stream: UUID
    version: int
    first_position: int
    last_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What one look-up found: the key's earlier use, if any, and the newer events of each stream asked for."""

    known: Known | None
    events: dict[UUID, list[LedgerEvent]] = field(default_factory=dict)


class LedgerUnavailableError(Exception):
    """The database cannot be reached or did not answer in time; nothing is known to have been stored."""


class LedgerBusyError(LedgerUnavailableError):
    """The queue of appends is full, or the append lock was not granted in time: nothing was stored; try again."""


class AppendUnknownError(LedgerUnavailableError):
    """The connection broke around the commit: the events may or may not stand. The same key tells."""


class AppendInvalidError(ValueError):
    """The request can never be stored as it is, which is a mistake of ours: nothing of it was stored."""


class LedgerGapError(Exception):
    """A reader saw a position that is not the previous one plus one: an integrity alarm, never skipped."""


Fate = Outcome | LedgerUnavailableError | AppendInvalidError
"""What became of one request among several: its outcome, or the error that met it alone."""


class Ledger(Protocol):
    """The ordered log of all events."""

    async def append(self, request: AppendRequest) -> Outcome:
        """Queue one request for the next group commit; answered only after the commit is durable.

        Raises:
            LedgerBusyError: nothing was stored; try again later.
            LedgerUnavailableError: the database cannot be reached; nothing was stored.
            AppendUnknownError: the outcome is unknown; the same key is safe to send again.
            AppendInvalidError: the request breaks a rule that no caller may break (no events, a clock on a real
                ledger, an event id used before, text that the database cannot hold).
        """
        ...

    async def append_batch(self, requests: Sequence[AppendRequest]) -> list[Fate]:
        """Append several requests; each has its own fate, and an error meets one alone.

        Those that depend on one another are decided in their order. One that waits for an earlier one lets others pass,
        so that positions need not follow the order of independent requests.

        Bulk waits for room instead of failing, and never fills the queue alone.
        """
        ...

    async def look(self, key: bytes | None, streams: Sequence[tuple[UUID, int]]) -> Look:
        """Look up a key and, in the same snapshot, the events of each stream after the version given."""
        ...

    async def read_stream(self, stream: UUID, *, after: int = 0) -> list[LedgerEvent]:
        """The events of one stream after a version, in order."""
        ...

    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        """The events of all streams of a case, in order of position.

        Up to a position where given: then only of the streams that had joined the case by that position.
        """
        ...

    async def case_streams(self, case: UUID) -> list[tuple[UUID, str]]:
        """The streams of a case with their kinds, in the order in which they joined it."""
        ...

    async def cases_of(self, stream: UUID) -> list[UUID]:
        """The cases that a stream belongs to."""
        ...

    async def read_all(self, *, after: int, limit: int) -> list[LedgerEvent]:
        """Events in order of position; checked to be contiguous.

        Raises:
            LedgerGapError: a position is missing.
        """
        ...

    async def keys(self, ids: Sequence[UUID]) -> dict[UUID, NewKey]:
        """The wrapped data keys with these ids; one that was destroyed has no bytes left, one that never stood is left out."""
        ...

    async def keys_about(self, abouts: Sequence[UUID]) -> dict[UUID, NewKey]:
        """The data key about each person or stream: the lowest id of those that stand, else of those destroyed."""
        ...

    async def standing_keys(self, about: UUID) -> list[UUID]:
        """The ids of all data keys about a person or stream that were not destroyed, in order."""
        ...

    async def head(self) -> Head:
        """The newest position and when it was recorded."""
        ...

    async def position_at(self, instant: datetime) -> int:
        """The newest position recorded at or before an instant (0: none)."""
        ...

    def follow(self, *, after: int, limit: int = 500) -> AsyncGenerator[list[LedgerEvent], None]:
        """Batches of events for ever, waking on a notification or a poll.

        Raises:
            LedgerGapError: a position is missing.
        """
        ...
