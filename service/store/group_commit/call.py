"""One call of the append function: requests become its arrays, and its rows become outcomes."""

from collections.abc import Sequence
from typing import Any, Final

from asyncpg import Record

from service.store.ledger import (
    Appended,
    AppendInvalidError,
    AppendRequest,
    Claimed,
    Conflict,
    GuardFailed,
    KeyReused,
    NewEvent,
    Outcome,
)

APPEND: Final = """
    select * from ledger.append(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38
    )
"""
"""The one statement of the writer."""

_MISTAKES: Final = {
    "not_open": "the ledger is not open: nothing says by which clock it runs",
    "already_open": "the ledger is open already",
    "clock_refused": "the clock of a real ledger is never set",
    "clock_missing": "a simulated ledger begins with its clock",
}


def arguments(requests: Sequence[AppendRequest], *, patience_ms: int) -> tuple[Any, ...]:
    """The arguments of the call, in the order of the function's parameters."""
    return (
        patience_ms,
        *_of_requests(requests),
        *_of_events(requests),
        *_of_conditions(requests),
        *_of_companions(requests),
    )


def _of_requests(requests: Sequence[AppendRequest]) -> tuple[list[Any], ...]:
    return (
        [request.stream for request in requests],
        [request.kind for request in requests],
        [request.expected_version for request in requests],
        [len(request.events) for request in requests],
        [request.key for request in requests],
        [request.body for request in requests],
        [request.organisation for request in requests],
        [request.actor for request in requests],
        [request.correlation for request in requests],
        [request.causation for request in requests],
        [request.build for request in requests],
        [request.clock for request in requests],
        [request.born for request in requests],
    )


def _of_events(requests: Sequence[AppendRequest]) -> tuple[list[Any], ...]:
    owned = [(owner, event) for owner, request in enumerate(requests, start=1) for event in request.events]
    return (
        [owner for owner, _ in owned],
        [event.event_id for _, event in owned],
        [event.type for _, event in owned],
        [event.payload for _, event in owned],
        [event.effective_at for _, event in owned],
        [_array_literal(event) for _, event in owned],
    )


def _of_conditions(requests: Sequence[AppendRequest]) -> tuple[list[Any], ...]:
    guards = [(owner, guard) for owner, request in enumerate(requests, start=1) for guard in request.guards]
    cases = [(owner, guard) for owner, request in enumerate(requests, start=1) for guard in request.case_guards]
    claims = [(owner, digest) for owner, request in enumerate(requests, start=1) for digest in request.claims]
    return (
        [owner for owner, _ in guards],
        [guard.stream for _, guard in guards],
        [guard.version for _, guard in guards],
        [owner for owner, _ in cases],
        [guard.case for _, guard in cases],
        [guard.streams for _, guard in cases],
        [owner for owner, _ in claims],
        [digest for _, digest in claims],
    )


def _of_companions(requests: Sequence[AppendRequest]) -> tuple[list[Any], ...]:
    cases = [(owner, case) for owner, request in enumerate(requests, start=1) for case in request.cases]
    keys = [(owner, key) for owner, request in enumerate(requests, start=1) for key in request.new_keys]
    actors = [(owner, actor) for owner, request in enumerate(requests, start=1) for actor in request.new_actors]
    return (
        [owner for owner, _ in cases],
        [case for _, case in cases],
        [owner for owner, _ in keys],
        [key.key_id for _, key in keys],
        [key.about for _, key in keys],
        [key.wrapped for _, key in keys],
        [key.kek for _, key in keys],
        [owner for owner, _ in actors],
        [actor.actor for _, actor in actors],
        [actor.sealed for _, actor in actors],
    )


def _array_literal(event: NewEvent) -> str:
    """Editions as an array in PostgreSQL's own writing: arrays of unequal arrays cannot be sent."""
    if not event.editions:
        return "{}"
    quoted = (edition.replace("\\", "\\\\").replace('"', '\\"') for edition in event.editions)
    return "{" + ",".join(f'"{edition}"' for edition in quoted) + "}"


def outcome_of(row: Record) -> Outcome | AppendInvalidError:
    """What the function says became of a request."""
    word, stream, version, first, last, recorded_at, detail = row
    outcome: Outcome | AppendInvalidError
    match word:
        case "appended" | "replayed":
            outcome = Appended(stream, version, first, last, recorded_at, replayed=word == "replayed")
        case "key_reused":
            outcome = KeyReused()
        case "conflict":
            outcome = Conflict(version)
        case "guard_failed":
            outcome = GuardFailed(stream)
        case "claimed":
            outcome = Claimed(detail, stream)
        case _:
            outcome = AppendInvalidError(_MISTAKES[word])
    return outcome
