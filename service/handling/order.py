"""A command as it arrived, and the answer to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel.actor import Actor
from domain.kernel.streams import Kind


@dataclass(frozen=True, slots=True)
class Order:
    """One command as it arrived: who gives it, and what the edge read from its headers.

    `client` names the calling client (organisation and subject) to which the idempotency key belongs; `fingerprint`
    is what the key is bound to: method, path and body. `expected` is the version from If-Match.
    """

    actor: Actor
    client: bytes
    subject: str
    fingerprint: bytes
    key: str | None = None
    effective_at: datetime | None = None
    expected: int | None = None
    correlation: str | None = None
    causation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did: the id of what it added, and where its stream now stands.

    `changed` False: the command was taken and recorded nothing new. `replayed`: this is the answer to an earlier
    request with the same key.
    """

    id: UUID
    stream: UUID
    kind: Kind
    version: int
    position: int
    cases: tuple[UUID, ...] = ()
    organisation: str = ""
    changed: bool = True
    replayed: bool = False
