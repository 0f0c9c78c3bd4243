"""Who sends a request, as the rest of the service knows them: a pseudonym, never the token's subject."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from domain.kernel.actor import Actor
from domain.kernel.words import ActorId

_ACTOR: Final = b"actor"
_CLIENT: Final = b"client"


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. `subject` may be an e-mail address: it is sealed before it is kept, and never shown or logged.

    `client` tells one client (issuer, organisation and subject) from another; idempotency keys are scoped to it.
    """

    actor: Actor
    issuer: str
    subject: str = field(repr=False)
    client: bytes = field(repr=False)


class Pseudonyms:
    """Gives each (issuer, organisation, subject) one pseudonym, which says nothing without the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def actor(self, issuer: str, organisation: str, subject: str) -> ActorId:
        """The pseudonym under which this person acts, shaped as a UUID (version 8: made in our own way)."""
        digest = bytearray(self._digest(_ACTOR, issuer, organisation, subject)[:16])
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        return ActorId(UUID(bytes=bytes(digest)))

    def client(self, issuer: str, organisation: str, subject: str) -> bytes:
        """What scopes idempotency keys to this client."""
        return self._digest(_CLIENT, issuer, organisation, subject)

    def _digest(self, purpose: bytes, *parts: str) -> bytes:
        return hmac.new(self._key, purpose + json.dumps(parts).encode(), hashlib.sha256).digest()
