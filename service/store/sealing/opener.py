"""Opening what is sealed in an event: with its keys where they stand, as `ERASED` where they were destroyed."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from domain.kernel.personal import ERASED, Erased, Sealed
from service.store.codec.sealed_values import Secret, rewrite_secrets, with_words
from service.vault.boxes import BoxDamagedError, open_text, place_of
from service.vault.keyring import Keyring, KeyRow

AnyFact = TypeVar("AnyFact")


class KeyMissingError(LookupError):
    """The vault has no row for a key that an event names: not an erasure, which leaves its row. A failure of ours."""


class Opener:
    """Opens values with the rows of the vault; a row whose key was destroyed gives `ERASED`, never an empty text."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def open(self, fact: AnyFact, keys: Mapping[UUID, KeyRow]) -> AnyFact:
        """The fact with each value that can be read open, and the others `ERASED`.

        Raises:
            KeyMissingError: a key has no row.
            KekMissingError: the key-encryption key is not here.
            BoxDamagedError: a box was changed, or stands where it was not sealed.
        """

        def change(value: Secret, _path: str) -> Secret:
            return with_words(value, self.words(value, keys))

        return rewrite_secrets(fact, change)

    def words(self, value: Secret, keys: Mapping[UUID, KeyRow]) -> str | Erased:
        """The words of one value.

        Raises:
            KeyMissingError: its key has no row.
            KekMissingError: the key-encryption key is not here.
            BoxDamagedError: its box was changed, or stands where it was not sealed.
        """
        if not isinstance(value.words, Sealed):
            return value.words
        row = keys.get(value.key)
        if row is None:
            raise KeyMissingError(str(value.key))
        if row.about != value.about:
            raise BoxDamagedError("the value names a key that is about somebody else")
        cipher = self._keyring.cipher(row)
        if cipher is None:
            return ERASED
        sealed = value.words
        return open_text(cipher, sealed.box, place_of(sealed.event, value.key, sealed.path))
