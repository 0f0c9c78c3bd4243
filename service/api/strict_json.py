"""Bytes to values, in front of every model: what is ambiguous, hostile or cannot be kept is refused, never repaired.

The parser is the standard library's, for it alone shows duplicate keys; the rest is decided from the bytes where they
can tell (a body without a backslash holds no escaped control character), and by a walk where they cannot.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from service.api.problems import ProblemError
from service.api.refusing.invalid import FieldError, json_pointer

_UNSAFE_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SUSPECT_ESCAPE: Final = re.compile(rb"\\(?:u00[01]|u[dD][89a-fA-F]|[bf])")
_INTEGER_LARGEST: Final = 2**53 - 1
_INTEGER_DIGITS: Final = 17
_NUMBER_CHARACTERS: Final = 64

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How much one body may hold: bytes, levels of nesting, values (with keys), and characters in one text."""

    size: int = 1024 * 1024
    depth: int = 32
    values: int = 20_000
    text: int = 100_000


def parse_json(raw: bytes, limits: JsonLimits) -> Any:
    """The value that a body stands for.

    Raises:
        ProblemError: with the code of the first thing wrong; never with a value from the body.
    """
    if len(raw) > limits.size:
        raise too_large(limits.size)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise ProblemError("request.encoding", f"The byte at offset {error.start} is not UTF-8.") from None
    if raw.startswith(codecs.BOM_UTF8):
        raise ProblemError("request.encoding", "The body must be UTF-8 without a byte order mark.")
    value = _parse(text)
    if _needs_walk(raw, limits):
        _walk(value, limits)
    return value


def too_large(size: int) -> ProblemError:
    """The problem of a body that is larger than `size` bytes."""
    return ProblemError("request.too-large", f"At most {size} bytes are taken here.")


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ProblemError("request.malformed", f"The JSON breaks off or is wrong at {where}.") from None
    except RecursionError:
        raise ProblemError("request.too-deep") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ProblemError("request.duplicate-key")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS:
        raise ProblemError("request.number-range")
    number = int(digits)
    if abs(number) > _INTEGER_LARGEST:
        raise ProblemError("request.number-range")
    return number


def _decimal(digits: str) -> float:
    if len(digits) > _NUMBER_CHARACTERS:
        raise ProblemError("request.number-range")
    number = float(digits)
    if not math.isfinite(number):
        raise ProblemError("request.not-a-number")
    return number


def _constant(_name: str) -> float:
    raise ProblemError("request.not-a-number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)


def _needs_walk(raw: bytes, limits: JsonLimits) -> bool:
    """Whether the bytes alone do not show that the body is within the limits and holds no unsafe text."""
    opened = raw.count(b"{") + raw.count(b"[")
    return (
        opened > limits.depth
        or 2 * (raw.count(b",") + opened + 1) > limits.values
        or len(raw) > limits.text
        or (b"\\" in raw and _SUSPECT_ESCAPE.search(raw) is not None)
    )


def _walk(value: Any, limits: JsonLimits) -> None:
    """Look at every text, and count, level by level (a list of what is left: no recursion to exhaust)."""
    left: list[tuple[Any, Path]] = [(value, ())]
    seen = 1
    while left:
        here, path = left.pop()
        if isinstance(here, str):
            _check_text(here, path, limits)
        elif isinstance(here, dict | list):
            seen += len(here) * (2 if isinstance(here, dict) else 1)
            _check_size(seen, len(path), limits)
            left.extend(_inside(here, path, limits))


def _inside(here: dict[str, Any] | list[Any], path: Path, limits: JsonLimits) -> Iterator[tuple[Any, Path]]:
    if isinstance(here, list):
        yield from ((item, (*path, at)) for at, item in enumerate(here))
        return
    for name, item in here.items():
        _check_text(name, path, limits)
        yield item, (*path, name)


def _check_size(seen: int, depth: int, limits: JsonLimits) -> None:
    if seen > limits.values:
        raise ProblemError("request.too-many-values", f"At most {limits.values} values are taken here.")
    if depth >= limits.depth:
        raise ProblemError("request.too-deep", f"At most {limits.depth} levels are taken.")


def _check_text(text: str, path: Path, limits: JsonLimits) -> None:
    if len(text) > limits.text:
        wrong = FieldError(json_pointer(path), "too-long", f"This must have at most {limits.text} characters.")
        raise ProblemError("request.text-too-long", errors=[wrong])
    if _UNSAFE_TEXT.search(text):
        wrong = FieldError(json_pointer(path), "unsafe-text", "This holds a control character or half a character.")
        raise ProblemError("request.unsafe-text", errors=[wrong])
