"""The keyring: key-encryption keys, and the data keys that they wrap.

A data key is 32 random bytes, wrapped with AES-256-GCM under a key derived from the key-encryption key, with its own
id, whom it is about and the wrapping key's name authenticated. Of a destroyed key the row stays, its `wrapped` empty.
"""

import math
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.secret_files import SecretFileError
from service.vault.boxes import open_bytes, seal_bytes
from service.vault.keks.source import KekSource, KekSourceError, KekSourceRefusedError
from service.vault.key_files import SIZE, keys_in

DESTROYED: Final = b""
"""What stands in the place of a wrapped key that was destroyed."""

KEPT_UNWRAPPED: Final = 16_384
"""How many data keys are kept unwrapped in memory."""

ASK_AGAIN_SECONDS: Final = 10.0
"""How long after a key was asked for none is asked for again: a request may have to wait for the answer."""


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
    """Makes data keys, and gives the cipher of each one that still stands.

    Key-encryption keys are held in memory from when they are first had; `reload` asks for them again when one is named
    that is not held.
    """

    def __init__(self, keys: Mapping[int, bytes], *, reload: Callable[[], Mapping[int, bytes]] | None = None) -> None:
        self._by_name: dict[str, _Kek] = {}
        self._by_number: dict[int, _Kek] = {}
        self._quiet_until = -math.inf
        self._reload = reload
        self._unwrapped = lru_cache(KEPT_UNWRAPPED)(self._unwrap)
        self.take_in(keys)

    @classmethod
    def in_folder(cls, folder: Path) -> "Keyring":
        """The keyring of a folder of key files; the first key is made where there is none.

        Raises:
            SecretFileError: a file is open to others, or does not hold a key.
        """
        return cls(keys_in(folder))

    @classmethod
    def of(cls, source: KekSource) -> "Keyring":
        """The keyring of whoever keeps the keys.

        Raises:
            KekSourceError: they cannot be had, or there are none.
            SecretFileError: a file is open to others, or does not hold a key.
        """
        keys = source.load()
        if not keys:
            raise KekSourceRefusedError(f"there is no key-encryption key in: {source.name}")
        return cls(keys, reload=source.load)

    def take_in(self, keys: Mapping[int, bytes]) -> None:
        """Hold these keys too. One that is held stays, even when it is not among them: what it wrapped may be asked for.

        Another key under a number that is held takes its place for what is made from now on.
        """
        keks = [_Kek(number, key) for number, key in sorted(keys.items())]
        # new dictionaries, because another thread may be looking at the old ones
        self._by_name = self._by_name | {kek.name: kek for kek in keks}
        self._by_number = self._by_number | {kek.number: kek for kek in keks}
        self._newest = self._by_number[max(self._by_number)]

    @property
    def newest(self) -> str:
        """The name of the key that wraps new data keys."""
        return self._newest.name

    @property
    def held(self) -> tuple[str, ...]:
        """The names of the keys that are held, the newest last."""
        return tuple(kek.name for kek in sorted(self._by_name.values(), key=lambda kek: kek.number))

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the keys that are held."""
        return frozenset(self._by_number)

    def name_of(self, number: int) -> str | None:
        """The name of the key of a number; None where it is not held."""
        kek = self._by_number.get(number)
        return kek.name if kek else None

    def drop_unwrapped(self) -> None:
        """Keep no data key in memory: each is unwrapped again when it is next used, if it still stands."""
        self._unwrapped.cache_clear()

    def new_key(self, key_id: UUID, about: UUID) -> WrappedKey:
        """Make a data key about a person, or for a text of a stream."""
        return self._wrapped(key_id, about, secrets.token_bytes(SIZE))

    def wrapped_anew(self, row: KeyRow) -> WrappedKey:
        """The same data key under the newest key-encryption key.

        Raises:
            KekMissingError: the key that wraps it is not here.
            BoxDamagedError: the row was changed, or its key was destroyed.
        """
        return self._wrapped(row.key_id, row.about, self._content(row.key_id, row.about, row.wrapped, row.kek))

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
        kek = self._newest if number is None else self._held(lambda: self._by_number.get(number), f"kek-{number}")
        return kek.number, kek.actors

    def _unwrap(self, key_id: UUID, about: UUID, wrapped: bytes, name: str) -> AESGCM:
        return AESGCM(self._content(key_id, about, wrapped, name))

    def _content(self, key_id: UUID, about: UUID, wrapped: bytes, name: str) -> bytes:
        kek = self._held(lambda: self._by_name.get(name), name)
        return open_bytes(kek.wrapping, wrapped, _owner(key_id, about, name))

    def _wrapped(self, key_id: UUID, about: UUID, key: bytes) -> WrappedKey:
        kek = self._newest
        return WrappedKey(key_id, about, seal_bytes(kek.wrapping, key, _owner(key_id, about, kek.name)), kek.name)

    def _held(self, find: Callable[[], _Kek | None], name: str) -> _Kek:
        found = find()
        if found is None:
            try:
                self._ask_again()
            except (KekSourceError, SecretFileError) as error:
                raise KekMissingError(name) from error
            found = find()
        if found is None:
            raise KekMissingError(name)
        return found

    def _ask_again(self) -> None:
        """Another process may just have made the key. Names stand in rows, and a row may be damaged: so not all the time.

        Raises:
            KekSourceError: whoever keeps the keys does not give them.
            SecretFileError: a file is open to others, or does not hold a key.
        """
        now = time.monotonic()
        if self._reload is None or now < self._quiet_until:
            return
        self._quiet_until = now + ASK_AGAIN_SECONDS
        self.take_in(self._reload())


def _owner(key_id: UUID, about: UUID, kek: str) -> bytes:
    return key_id.bytes + about.bytes + kek.encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), SIZE, salt=None, info=b"incident-ledger " + purpose).derive(key)
