"""JSON read strictly, and values checked for their form: nothing that a pack holds is taken on trust."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from service.proof.offline.damage import DamageError

GREATEST = 2**53 - 1
"""The greatest number that any JSON reader keeps exactly."""

HASH_SIZE = 32
_DIGITS_MAX = 16
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        raise ValueError("a number is too long")
    return int(digits)


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no value of ours")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


_loose = json.JSONDecoder(parse_int=_whole, parse_float=_refused, parse_constant=_refused).decode
_strict = json.JSONDecoder(
    parse_int=_whole, parse_float=_refused, parse_constant=_refused, object_pairs_hook=_once
).decode


def parsed(data: bytes, *, canonical: bool = False) -> Any:
    """The value of a JSON text; members that stand twice are left to the caller where the text must be canonical.

    Raises:
        ValueError: it is not JSON, or holds a fraction, a long number or, unless canonical, a member twice.
    """
    try:
        return (_loose if canonical else _strict)(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def canonical_bytes(value: Any) -> bytes:
    """The one way (RFC 8785) to write a value of texts, whole numbers, lists and objects with ASCII names.

    Raises:
        ValueError: a text holds half of a surrogate pair, which no UTF-8 has.
    """
    return _canonical(value).encode("utf-8")


def json_object(data: bytes, name: str) -> dict[str, Any]:
    """The object in a file of the pack.

    Raises:
        DamageError: the file holds no JSON object.
    """
    try:
        value = parsed(data)
    except ValueError as error:
        raise DamageError("edited", f"{name} is not the JSON that was written: {_plain(error)}") from None
    found: dict[str, Any] = expect(value, dict, name)
    return found


def expect(value: Any, kind: type[Any], name: str) -> Any:
    """The value, of the type that it must have (a boolean is no number).

    Raises:
        DamageError: it has another type.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise DamageError("edited", f"{name} is not of the form that packs have")
    return value


def member(record: dict[str, Any], name: str, kind: type[Any], where: str) -> Any:
    """A member that an object must have.

    Raises:
        DamageError: it is missing, or of another type.
    """
    if name not in record:
        raise DamageError("edited", f"{where} says nothing of {name}")
    return expect(record[name], kind, f"{name} in {where}")


def is_uuid(value: Any) -> bool:
    """Whether a value is an id in lower-case text."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_hash(value: Any) -> bool:
    """Whether a value is a SHA-256 digest in lower-case hexadecimal."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def is_instant(value: Any) -> bool:
    """Whether a value is an instant in UTC with six decimals."""
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None


def is_count(value: Any) -> bool:
    """Whether a value is a whole number from 0 on that every JSON reader keeps exactly."""
    return type(value) is int and 0 <= value <= GREATEST


def hash_of_base64(value: Any, name: str) -> bytes:
    """A digest of 32 bytes from base64.

    Raises:
        DamageError: it is no such thing.
    """
    try:
        digest = base64.b64decode(expect(value, str, name), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != HASH_SIZE:
        raise DamageError("forged-proof", f"{name} holds something that is no SHA-256 digest")
    return digest


def hashes_of_base64(value: Any, name: str) -> list[bytes]:
    """Digests from a list of base64 texts.

    Raises:
        DamageError: it is no such list.
    """
    return [hash_of_base64(each, name) for each in expect(value, list, name)]


def _plain(error: ValueError) -> str:
    return "the text is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error).split(":")[0]
