"""The event codec: a fact to the exact bytes that are stored, and stored bytes to the fact."""

from collections.abc import Mapping
from typing import Any

from eventsourcing.domain import Aggregate
from eventsourcing.utils import get_topic
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from domain.catalogue.names import BY_EVENT, StoredNameUnknownError, stored_as
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Sealed
from service.store.codec.sealed_values import Secret, rewrite_secrets, with_words
from service.store.codec.stored_form import adapter_of
from service.store.ledger import LedgerEvent

NO_AGGREGATE = ""
"""The topic of a first fact that nobody means to replay: applying it fails instead of making the wrong aggregate."""


class CodecError(ValueError):
    """An event cannot be stored as it is, or stored bytes are not what their name says. Never holds a value."""


def stored_name(fact: Fact | FirstFact | type[Fact] | type[FirstFact]) -> str:
    """The stored name of a fact or of its class.

    Raises:
        StoredNameUnknownError: the class is not in the catalogue.
    """
    event = fact if isinstance(fact, type) else type(fact)
    if event not in BY_EVENT:
        raise StoredNameUnknownError(event.__qualname__)
    return BY_EVENT[event].name


class Codec:
    """Writes and reads payload bytes. The same fact always gives the same bytes; the envelope is never in them.

    `aggregates` says which aggregate each kind of stream holds, so that a first fact can be replayed. Read models
    need none: without it a first fact has the empty topic, and everything else is the same.
    """

    def __init__(self, aggregates: Mapping[str, type[Aggregate]] | None = None) -> None:
        self._topics = {str(kind): get_topic(aggregate) for kind, aggregate in (aggregates or {}).items()}

    def encode(self, fact: Fact | FirstFact) -> bytes:
        """The payload of a fact whose personal and narrative values are all sealed.

        Raises:
            StoredNameUnknownError: the class is not in the catalogue.
            CodecError: a value is open or erased, or not of the type that its field declares.
        """
        name = stored_name(fact)
        form = adapter_of(type(fact))
        try:
            payload = form.dump_json(fact, by_alias=True, warnings="error")
            # Pydantic writes some values without a word that it would not read again (None where there must be one).
            form.validate_json(payload, strict=True)
        except (PydanticSerializationError, ValidationError, UnicodeError):
            # The cause is left out: pydantic quotes the value, which may be somebody's name.
            raise CodecError(f"{name} holds a value that cannot be stored in its field") from None
        return payload

    def decode(self, event: LedgerEvent) -> Any:
        """The fact that a stored event tells, its personal and narrative values `Sealed`.

        Raises:
            StoredNameUnknownError: the stored name is not in the catalogue.
            CodecError: the payload is not what the stored name says: damage.
        """
        stored = stored_as(event.type)
        try:
            fact = adapter_of(stored.event).validate_json(event.payload, strict=True)
        except ValidationError as error:
            places = [".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)]
            raise CodecError(f"{event.type} at position {event.position}: {', '.join(places)}") from None
        self._put_envelope_back(fact, event)

        def place(value: Secret, path: str) -> Secret:
            return with_words(value, Sealed(event.event_id, path, str(value.words)))

        return rewrite_secrets(fact, place)

    def _put_envelope_back(self, fact: Fact | FirstFact, event: LedgerEvent) -> None:
        # The fact is new and nobody else has it yet; its class is frozen, so its fields are filled in underneath.
        vars(fact).update(originator_id=event.stream, originator_version=event.version, timestamp=event.effective_at)
        if isinstance(fact, FirstFact):
            vars(fact)["originator_topic"] = self._topics.get(event.kind, NO_AGGREGATE)
