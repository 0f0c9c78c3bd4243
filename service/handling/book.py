"""How commands are written down and read back: sealed events, keyed digests, pseudonyms, the ids that answers give."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from secrets import token_bytes
from typing import Final
from uuid import UUID

from domain.catalogue.names import stored_as
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import ActorId, PersonId
from service.handling.identifiers import new_id
from service.handling.order import Order
from service.handling.pen import Pen
from service.store.codec import Codec, keys_named, stored_name
from service.store.ledger import Ledger, LedgerEvent, NewActor, NewEvent
from service.store.sealing import Opener
from service.store.sealing import Pen as SealingPen
from service.vault.actors import seal_actor
from service.vault.keyring import Keyring

_ACTORS_KEPT: Final = 1_000
"""Busy clients, whose sealed subject is the same with every command: only the first one is stored."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys that a service needs: those that hide persons, and the one under which keys and bodies are digested."""

    keyring: Keyring
    digests: bytes


class Book:
    """Seals what was decided and opens what was stored. `build` names the program on every event it writes."""

    def __init__(self, ledger: Ledger, codec: Codec, secrets: Secrets, *, build: str) -> None:
        self._ledger = ledger
        self._codec = codec
        self._secrets = secrets
        self._opener = Opener(secrets.keyring)
        self._sealed_actor = lru_cache(_ACTORS_KEPT)(self._seal_actor)
        self.build = build

    async def open(self, events: Sequence[LedgerEvent]) -> list[Fact | FirstFact]:
        """The facts of stored events, readable where their keys still stand."""
        facts = [self._codec.decode(event) for event in events]
        named = set().union(*(keys_named(fact) for fact in facts))
        if not named:
            return facts
        keys = await self._ledger.keys(sorted(named))
        return [self._opener.open(fact, keys) for fact in facts]

    async def pen(self, stream: UUID, *, path: Mapping[str, UUID], persons: Sequence[PersonId], now: datetime) -> Pen:
        """A pen for one command; persons who have a key keep it."""
        known = await self._ledger.keys_about(persons) if persons else {}
        sealing = SealingPen(self._secrets.keyring, new_id=new_id, known=known.values())
        return Pen(sealing, stream=stream, path=path, now=now)

    @staticmethod
    def seal(pen: Pen, fact: Fact | FirstFact, editions: tuple[str, ...]) -> NewEvent:
        """The event that stores a fact."""
        event_id = new_id()
        return NewEvent(
            event_id=event_id,
            type=stored_name(fact),
            payload=pen.sealing.seal(event_id, fact),
            effective_at=fact.timestamp,
            editions=editions,
        )

    def key_of(self, order: Order) -> bytes:
        """The digest of the client's key; without a key, one that nothing else has."""
        if order.key is None:
            return token_bytes(32)
        return self._digest(b"key", order.client, order.key.encode())

    def body_of(self, order: Order) -> bytes:
        """The digest of what the key is bound to."""
        return self._digest(b"body", order.fingerprint)

    def actor_of(self, order: Order) -> NewActor:
        """The pseudonym, with the subject that it stands for sealed."""
        return self._sealed_actor(order.actor.id, order.subject, self._secrets.keyring.newest)

    def _seal_actor(self, actor: ActorId, subject: str, _under: str) -> NewActor:
        return NewActor(actor, seal_actor(self._secrets.keyring, actor, subject))

    def subject_in(self, event: LedgerEvent) -> UUID:
        """The id that the answer to a command gives: of the entry that its first event added, or of the stream."""
        return self._subject(self._codec.decode(event), event.type, event.stream)

    @staticmethod
    def subject_of(fact: Fact | FirstFact, stream: UUID) -> UUID:
        """The same, of a fact just decided."""
        return Book._subject(fact, stored_name(fact), stream)

    @staticmethod
    def _subject(fact: Fact | FirstFact, name: str, stream: UUID) -> UUID:
        field = stored_as(name).subject
        return stream if field is None else getattr(fact, field)

    def _digest(self, purpose: bytes, *parts: bytes) -> bytes:
        message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose, *parts))
        return hmac.digest(self._secrets.digests, message, "sha256")
