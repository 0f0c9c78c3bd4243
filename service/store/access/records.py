"""What one access record says, before and after it is written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class RecordKind(StrEnum):
    """What somebody did that is written down."""

    CASE_READ = "case_read"
    """They were shown records of these cases."""
    AUDIT_QUERY = "audit_query"
    """They asked the access log itself, about this case (or about none in particular)."""
    PERSON_SEARCH = "person_search"
    """They looked for a person by an identifier, and were shown these cases (or none)."""


@dataclass(frozen=True, slots=True)
class CaseNamed:
    """A case, and the organisation whose record it is."""

    case: UUID
    organisation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAccess:
    """What is about to be written down.

    `purpose_stated`: the reader said it, else their role implies it; `route` is the operation of the HTTP contract;
    `position` is the one that the answer speaks for, `past`: the reader asked what was known then; `words_opened`:
    something that people wrote, or whom it names, was opened. `subject` is sealed before it is kept; whose record each case
    is, the ledger says itself.
    """

    actor: UUID
    subject: str = field(repr=False)
    organisation: str
    roles: tuple[str, ...]
    purpose: str
    purpose_stated: bool
    kind: RecordKind
    route: str
    method: str
    cases: tuple[UUID, ...]
    position: int
    past: bool
    words_opened: bool
    request_id: UUID
    correlation_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """A record as it stands. `hash` is the SHA-256 of the hash before it and of this record's bytes."""

    number: int
    at: datetime
    actor: UUID
    organisation: str
    roles: tuple[str, ...]
    purpose: str
    purpose_stated: bool
    kind: str
    route: str
    method: str
    cases: tuple[CaseNamed, ...]
    position: int
    past: bool
    words_opened: bool
    request_id: UUID
    correlation_id: str | None
    hash: bytes


class AccessNotRecordedError(Exception):
    """The read is not known to be written down, so nothing may be shown."""


class AccessLogBusyError(AccessNotRecordedError):
    """Too much waits to be written down, or another process took too long over it."""


class AccessLogUnavailableError(Exception):
    """The access log cannot be read now."""


def access_of(row: Iterable[Any]) -> Access:
    """The record that a row of `access.reads` holds."""
    number, at, actor, organisation, roles, purpose, stated, kind, route, method, cases, owners, *rest = row
    position, past, words, request_id, correlation_id, digest = rest
    return Access(
        number=number,
        at=at,
        actor=actor,
        organisation=organisation,
        roles=tuple(roles),
        purpose=purpose,
        purpose_stated=stated,
        kind=kind,
        route=route,
        method=method,
        cases=tuple(CaseNamed(case, owner) for case, owner in zip(cases, owners, strict=True)),
        position=position,
        past=past,
        words_opened=words,
        request_id=request_id,
        correlation_id=correlation_id,
        hash=digest,
    )
