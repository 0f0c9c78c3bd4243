"""The pen of one command: what people wrote goes under a key before the decision, and into boxes after it."""

from collections.abc import Callable, Iterable
from uuid import UUID

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Narrative, Personal, Sealed
from domain.kernel.words import KeyId, PersonId
from service.store.codec import Codec, CodecError
from service.store.codec.sealed_values import Secret, rewrite_secrets, with_words
from service.store.ledger import NewKey
from service.store.sealing.opener import KeyMissingError
from service.vault.boxes import place_of, seal_text
from service.vault.keyring import DESTROYED, Keyring, KeyRow


class Pen:
    """Makes the personal and narrative values of one command, and seals the events that it leads to.

    All narratives about one stream share one fresh key; a person keeps the key they have. `known` are the rows of the
    persons whom the command names, and of the events that it was decided on: a value taken over from an earlier event
    is sealed again under the key it had. `new_id` draws the ids of keys.
    """

    def __init__(self, keyring: Keyring, *, new_id: Callable[[], UUID], known: Iterable[KeyRow] = ()) -> None:
        self._keyring = keyring
        self._new_id = new_id
        self._codec = Codec()
        self._rows: dict[UUID, KeyRow] = {}
        self._by_person: dict[UUID, UUID] = {}
        self._by_stream: dict[UUID, UUID] = {}
        self._made: dict[UUID, NewKey] = {}
        self._used: set[UUID] = set()
        self.know(known)

    def know(self, rows: Iterable[KeyRow]) -> None:
        """Take in keys that stand; of several about one person the lowest id is used, and a destroyed one never."""
        for row in sorted(rows, key=lambda row: row.key_id):
            self._rows.setdefault(row.key_id, row)
            if row.wrapped != DESTROYED:
                self._by_person.setdefault(row.about, row.key_id)

    def narrative(self, about: UUID, words: str) -> Narrative:
        """What somebody wrote about a stream."""
        return Narrative(about, words, self._key(self._by_stream, about))

    def personal(self, person: PersonId, words: str) -> Personal:
        """A value that identifies a person."""
        return Personal(person, words, self._key(self._by_person, person))

    def seal(self, event_id: UUID, fact: Fact | FirstFact) -> bytes:
        """The payload of a decided event, every personal and narrative value in a box of its own.

        Raises:
            KeyMissingError: a value is under a key that is not known here.
            KekMissingError: the key-encryption key is not here.
            CodecError: the event cannot be stored: a value was erased or is not text, or a field has a wrong type.
        """

        def change(value: Secret, path: str) -> Secret:
            return with_words(value, Sealed(event_id, path, self._box(event_id, value, path)))

        return self._codec.encode(rewrite_secrets(fact, change))

    def new_keys(self) -> tuple[NewKey, ...]:
        """The keys made here that sealed events use, to be stored by the append that stores the events."""
        return tuple(key for key in self._made.values() if key.key_id in self._used)

    def _key(self, chosen: dict[UUID, UUID], about: UUID) -> KeyId:
        if about not in chosen:
            made = self._keyring.new_key(self._new_id(), about)
            key = NewKey(made.key_id, made.about, made.wrapped, made.kek)
            self._rows[key.key_id] = self._made[key.key_id] = key
            chosen[about] = key.key_id
        return KeyId(chosen[about])

    def _box(self, event_id: UUID, value: Secret, path: str) -> str:
        row = self._rows.get(value.key)
        if row is None:
            raise KeyMissingError(str(value.key))
        cipher = self._keyring.cipher(row)
        if cipher is None or not isinstance(value.words, str):
            raise CodecError(f"{path} holds no text that could be sealed")
        if row.about != value.about:
            raise CodecError(f"{path} is under a key that is about somebody else")
        self._used.add(value.key)
        try:
            return seal_text(cipher, value.words, place_of(event_id, value.key, path))
        except UnicodeEncodeError:
            raise CodecError(f"{path} holds no text that could be sealed") from None
