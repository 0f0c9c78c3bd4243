"""The blind index: an NHS number is found by a digest under a key of its own, and by nobody who has not got that key.

A bare hash would not do: ten digits, one of which checks the rest, are all tried in seconds.
"""

import hmac
import re
from typing import Final

SECRET: Final = "blind-index"  # noqa: S105 - the name of a file
"""The name of the key's file."""

_TEN: Final = re.compile(r"[0-9]{10}")
_BETWEEN: Final = str.maketrans("", "", " -")


class NotAnNhsNumberError(ValueError):
    """Not ten digits, however they are grouped; the message never repeats what it was."""


def normalised(number: str) -> str:
    """An NHS number as it is digested: ten digits without what people put between them.

    Raises:
        NotAnNhsNumberError: it is none.
    """
    digits = number.translate(_BETWEEN)
    if _TEN.fullmatch(digits) is None:
        raise NotAnNhsNumberError("an NHS number has ten digits")
    return digits


class BlindIndex:
    """Digests NHS numbers under one key."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"incident-ledger nhs numbers", "sha256")

    @property
    def name(self) -> str:
        """Tells this key from another, and gives nothing away."""
        return f"{SECRET}-{hmac.digest(self._key, b'name', 'sha256')[:4].hex()}"

    def digest(self, number: str) -> bytes:
        """By what a number is found.

        Raises:
            NotAnNhsNumberError: it is none.
        """
        return hmac.digest(self._key, b"number" + normalised(number).encode(), "sha256")
