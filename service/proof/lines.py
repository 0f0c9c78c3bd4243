"""The parts that the text formats of C2SP share: base64, decimal numbers, lists of hashes; each value has one spelling."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Sequence
from typing import Final

from service.proof.hashing import HASH_SIZE

LARGEST_SIZE: Final = 2**63 - 1
"""Sizes and positions are stored, and cosignatures timed, in 63 bits."""

MOST_HASHES: Final = 63
"""A path has one hash a level, and no tree is higher."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class LineMalformedError(ValueError):
    """A line does not have the form that its format demands; the message says which, and never holds what was read."""


def base64_of(data: bytes) -> str:
    """Standard base64 with padding."""
    return b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes behind standard base64.

    Raises:
        LineMalformedError: it is not base64, or not the one way to write these bytes.
    """
    try:
        data = b64decode(text, validate=True)
    except (NotBase64Error, ValueError):
        raise LineMalformedError("not base64") from None
    if base64_of(data) != text:
        raise LineMalformedError("not the one way to write this in base64")
    return data


def from_decimal(text: str) -> int:
    """The number behind ASCII digits without leading zeroes, up to `LARGEST_SIZE`.

    Raises:
        LineMalformedError: it is anything else.
    """
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > LARGEST_SIZE:
        raise LineMalformedError("not a decimal number without leading zeroes, below 2 to the power of 63")
    return number


def hash_lines(hashes: Iterable[bytes]) -> str:
    """One hash a line."""
    return "".join(f"{base64_of(digest)}\n" for digest in hashes)


def from_hash_lines(lines: Sequence[str]) -> list[bytes]:
    """The hashes of these lines.

    Raises:
        LineMalformedError: a line is not a hash, or there are more than any path has.
    """
    if len(lines) > MOST_HASHES:
        raise LineMalformedError(f"more than {MOST_HASHES} hashes")
    hashes = [from_base64(line) for line in lines]
    if any(len(digest) != HASH_SIZE for digest in hashes):
        raise LineMalformedError(f"a hash is {HASH_SIZE} bytes long")
    return hashes
