"""The port to whoever keeps the key-encryption keys; they are asked at the start and when a key is not known yet."""

import re
import secrets
from collections.abc import Iterable
from typing import Final, Protocol

from service.vault.key_files import SIZE


class KekSourceError(Exception):
    """The key-encryption keys cannot be had; the message says why and what to do, and holds nothing secret."""


class KekSourceUnavailableError(KekSourceError):
    """Whoever keeps them does not answer now: what is in memory goes on, and asking again may help."""


class KekSourceRefusedError(KekSourceError):
    """Whoever keeps them says no, or what they keep is damaged: asking again does not help."""


class KekSource(Protocol):
    """Keeps key-encryption keys by number. Numbers only grow; the newest key wraps."""

    @property
    def name(self) -> str:
        """What an operator calls it; no address and no secret is part of it."""
        ...

    def numbers(self) -> frozenset[int]:
        """The numbers of the keys that are kept: asked often, and cheap.

        Raises:
            KekSourceError: it cannot be said now.
        """
        ...

    def load(self) -> dict[int, bytes]:
        """Every key, by number.

        Raises:
            KekSourceError: one of them cannot be had: never some without the others.
            SecretFileError: a file is open to others, or does not hold a key.
        """
        ...

    def add(self, number: int, key: bytes) -> None:
        """Keep a key, durably; where one of this number is kept already, that one stands.

        Raises:
            KekSourceError: it was not kept.
        """
        ...

    def make_next(self) -> int:
        """Make a key that is newer than every other, and keep it durably; its number.

        Two who do this at once may be given the same number, and then have the same key.

        Raises:
            KekSourceError: none was made.
        """
        ...

    def retire(self, number: int) -> None:
        """Keep this key no longer; one that is not kept is no error.

        Raises:
            KekSourceError: it is kept still.
        """
        ...


_NUMBER: Final = re.compile(r"kek-([1-9][0-9]{0,8})-")


def number_in(name: str) -> int | None:
    """The number in the name under which a data key says what wraps it."""
    read = _NUMBER.match(name)
    return int(read[1]) if read else None


def next_number(numbers: Iterable[int]) -> int:
    """The number of the next key."""
    return max(numbers, default=0) + 1


def new_key() -> bytes:
    """A key-encryption key."""
    return secrets.token_bytes(SIZE)


def checked(number: int, key: bytes) -> bytes:
    """A key as it came from where it is kept.

    Raises:
        KekSourceRefusedError: it is none.
    """
    if len(key) != SIZE:
        raise KekSourceRefusedError(f"what is kept as key-encryption key {number} is not {SIZE} bytes long")
    return key
