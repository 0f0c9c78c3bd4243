"""The keyring: key-encryption keys, and the data keys that they wrap.

A data key is 32 random bytes, wrapped with AES-256-GCM under a key derived from the key-encryption key, with its own
id, whom it is about and the wrapping key's name authenticated. Of a destroyed key the row stays, its `wrapped` empty.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.vault.boxes import open_bytes, seal_bytes
from service.vault.key_files import SIZE, keys_in

DESTROYED: Final = b""
"""What stands in the place of a wrapped key that was destroyed."""

KEPT_UNWRAPPED: Final = 16_384
"""How many data keys are kept unwrapped in memory."""


class KekMissingError(LookupError):
    """A data key was wrapped under a key-encryption key that this keyring does not hold."""


class KeyRow(Protocol):
    """A data key as the ledger keeps it."""

    @property
    def key_id(self) -> UUID:
        """The key's own id, which each sealed value names."""
        ...

    @property
    def about(self) -> UUID:
        """The person, or the stream whose text it is."""
        ...

    @property
    def wrapped(self) -> bytes:
        """The wrapped key; empty once it is destroyed."""
        ...

    @property
    def kek(self) -> str:
        """The name of the key that wraps it."""
        ...


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key that was just made."""

    key_id: UUID
    about: UUID
    wrapped: bytes
    kek: str


class _Kek:
    """One key-encryption key: its name tells it from another key of the same number, and gives nothing away."""

    def __init__(self, number: int, key: bytes) -> None:
        self.number = number
        self.name = f"kek-{number}-{_derived(key, b'name')[:4].hex()}"
        self.wrapping = AESGCM(_derived(key, b"data keys"))
        self.actors = AESGCM(_derived(key, b"actors"))


class Keyring:
    """Makes data keys, and gives the cipher of each one that still stands."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        keks = [_Kek(number, key) for number, key in sorted(keys.items())]
        self._by_name = {kek.name: kek for kek in keks}
        self._by_number = {kek.number: kek for kek in keks}
        self._newest = keks[-1]
        self._unwrapped = lru_cache(KEPT_UNWRAPPED)(self._unwrap)

    @classmethod
    def in_folder(cls, folder: Path) -> "Keyring":
        """The keyring of a folder of key files; the first key is made where there is none.

        Raises:
            SecretFileError: a file is open to others, or does not hold a key.
        """
        return cls(keys_in(folder))

    @property
    def newest(self) -> str:
        """The name of the key that wraps new data keys."""
        return self._newest.name

    def new_key(self, key_id: UUID, about: UUID) -> WrappedKey:
        """Make a data key about a person, or for a text of a stream."""
        kek = self._newest
        wrapped = seal_bytes(kek.wrapping, secrets.token_bytes(SIZE), _owner(key_id, about, kek.name))
        return WrappedKey(key_id, about, wrapped, kek.name)

    def cipher(self, row: KeyRow) -> AESGCM | None:
        """The cipher of a data key; None where the key was destroyed, whatever is still in memory.

        Raises:
            KekMissingError: the key-encryption key is not here.
            BoxDamagedError: the row was changed.
        """
        if row.wrapped == DESTROYED:
            return None
        return self._unwrapped(row.key_id, row.about, row.wrapped, row.kek)

    def actor_cipher(self, number: int | None = None) -> tuple[int, AESGCM]:
        """What seals the names behind pseudonyms: the newest, or the one of a number.

        Raises:
            KekMissingError: there is no key-encryption key of this number.
        """
        kek = self._newest if number is None else self._by_number.get(number)
        if kek is None:
            raise KekMissingError(f"kek-{number}")
        return kek.number, kek.actors

    def _unwrap(self, key_id: UUID, about: UUID, wrapped: bytes, name: str) -> AESGCM:
        kek = self._by_name.get(name)
        if kek is None:
            raise KekMissingError(name)
        return AESGCM(open_bytes(kek.wrapping, wrapped, _owner(key_id, about, name)))


def _owner(key_id: UUID, about: UUID, kek: str) -> bytes:
    return key_id.bytes + about.bytes + kek.encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), SIZE, salt=None, info=b"incident-ledger " + purpose).derive(key)
