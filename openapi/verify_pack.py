#!/usr/bin/env python3
"""Check an evidence pack of an Incident Ledger, offline, with nothing installed but Python 3.9 or later.

    python3 verify_pack.py PACK.zip --key "THE LOG'S VERIFIER KEY"

Ends with 0 where everything holds, 1 where something was changed, 2 where it could not be checked. This file is made
from the modules of the verifier, each of which follows under its name; nothing of the service is in it.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import struct
import sys
import uuid
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Callable, NamedTuple


# damage: What a verifier finds: damage, by kind and position, or a reason why it could not tell.

KINDS = (
    "edited",
    "missing",
    "inserted",
    "reordered",
    "renumbered",
    "truncated",
    "forked",
    "forged-proof",
    "forged-signature",
    "withheld-tail",
    "payload-changed",
    "column-changed",
    "stray-row",
    "not-consistent",
)


class DamageError(Exception):
    """Something is not what the log committed to; `position` is None where no one event is meant."""

    def __init__(self, kind: str, sentence: str, position: int | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.position = position

    def __str__(self) -> str:
        place = "" if self.position is None else f"position {self.position}: "
        return f"{place}{self.kind}: {self.sentence}"


class CannotCheckError(Exception):
    """The question cannot be answered with what is at hand: neither good nor damaged."""


def first_of(damages: list[DamageError]) -> DamageError:
    """The damage to be named first: the lowest position, else what was found first."""
    placed = [each for each in damages if each.position is not None]
    return min(placed, key=lambda each: each.position or 0) if placed else damages[0]


# ed25519: Ed25519 signatures checked (RFC 8032): by the library `cryptography` where it is installed, else by plain arithmetic.

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # the pack opens on a machine with nothing installed
    LIBRARY = False
else:
    LIBRARY = True

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_KEY_SIZE = 32
_SIGNATURE_SIZE = 64


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message was made by the owner of a public key."""
    if len(key) != _KEY_SIZE or len(signature) != _SIGNATURE_SIZE:
        return False
    return _by_library(key, message, signature) if LIBRARY else by_arithmetic(key, message, signature)


def _by_library(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def by_arithmetic(key: bytes, message: bytes, signature: bytes) -> bool:
    """The same answer from RFC 8032 alone; some milliseconds."""
    if len(key) != _KEY_SIZE or len(signature) != _SIGNATURE_SIZE:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    return _same(_times(scalar, _BASE), _sum(commitment, _times(challenge, public)))


def _x_of(y: int, odd: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if square == 0:
        return None if odd else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P:
        return None
    return _P - x if x & 1 != odd else x


def _point(data: bytes) -> tuple[int, int, int, int] | None:
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % _P)


def _sum(first: tuple[int, int, int, int], second: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a = (first[1] - first[0]) * (second[1] - second[0]) % _P
    b = (first[1] + first[0]) * (second[1] + second[0]) % _P
    c = 2 * first[3] * second[3] * _D % _P
    d = 2 * first[2] * second[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        scalar >>= 1
    return total


def _same(first: tuple[int, int, int, int], second: tuple[int, int, int, int]) -> bool:
    return (first[0] * second[2] - second[0] * first[2]) % _P == 0 and (
        first[1] * second[2] - second[1] * first[2]
    ) % _P == 0


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


# merkle: The Merkle tree of RFC 6962: hashes, the root of a growing tree, and checks of proofs that others made.

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and knows its root; it keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self.complete: list[bytes] = []
        """The roots of the complete subtrees, the largest first."""

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next leaf."""
        rising = self.size
        while rising & 1:
            leaf = node_hash(self.complete.pop(), leaf)
            rising >>= 1
        self.complete.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.complete:
            return EMPTY_ROOT
        *rest, root = self.complete
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


def root_by_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which an inclusion path leads (RFC 9162, 2.1.3.2); None where there is none."""
    if not 0 <= index < size or len(leaf) != len(EMPTY_ROOT):
        return None
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(step, root)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            root = node_hash(root, step)
        node >>= 1
        last >>= 1
    return root if last == 0 else None


def consistent(first: tuple[int, bytes], second: tuple[int, bytes], path: list[bytes]) -> bool:
    """Whether a path shows that the first tree (size and root) is the beginning of the second (RFC 9162, 2.1.4.2)."""
    (first_size, first_root), (second_size, second_root) = first, second
    if not 0 < first_size <= second_size:
        return False
    if first_size == second_size:
        return not path and first_root == second_root
    whole = first_size & (first_size - 1) == 0
    steps = [first_root, *path] if whole else list(path)
    return bool(steps) and _both_roots(first_size - 1, second_size - 1, steps) == (first_root, second_root)


def _both_roots(node: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        node >>= 1
        last >>= 1
    return (old, new) if last == 0 else None


# members: The files of a pack, out of a ZIP or a folder; each is read within bounds, and none is ever written anywhere.

FILES_MAX = 20_000
WHOLE_MAX = 512 * 2**20
LINE_MAX = 64 * 2**20
_CHUNK = 2**20
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_ENCRYPTED = 1
_UNREADABLE = (
    zipfile.BadZipFile,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class _Place(NamedTuple):
    path: str
    start: int
    size: int


class Members:
    """The files by name."""

    def __init__(self, places: dict[str, _Place]) -> None:
        self._places = places

    @property
    def names(self) -> list[str]:
        """The names of all files, sorted."""
        return sorted(self._places)

    def read(self, name: str) -> bytes:
        """All bytes of one file.

        Raises:
            DamageError: the pack does not have it.
            CannotCheckError: it is too large.
        """
        if self._place(name).size > WHOLE_MAX:
            raise CannotCheckError(f"{name} is larger than this verifier reads at once")
        return b"".join(self._chunks(name))

    def sha256(self, name: str) -> str:
        """The digest of one file, in hexadecimal.

        Raises:
            DamageError: the pack does not have it.
        """
        digest = hashlib.sha256()
        for chunk in self._chunks(name):
            digest.update(chunk)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of one file without their ends.

        Raises:
            DamageError: the pack does not have it, or its last line has no end.
            CannotCheckError: a line is too long.
        """
        rest = b""
        for chunk in self._chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > LINE_MAX:
                raise CannotCheckError(f"a line of {name} is longer than this verifier reads")
        if rest:
            raise DamageError("edited", f"{name} does not end with a whole line")

    def _place(self, name: str) -> _Place:
        if name not in self._places:
            raise DamageError("missing", f"the pack has no {name}")
        return self._places[name]

    def _chunks(self, name: str) -> Iterator[bytes]:
        path, start, size = self._place(name)
        with _opened(path) as file:
            file.seek(start)
            for read in range(0, size, _CHUNK):
                chunk = file.read(min(size - read, _CHUNK))
                if len(chunk) < min(size - read, _CHUNK):
                    raise DamageError("edited", f"{name} is shorter than the ZIP says")
                yield chunk


def members_of(path: str) -> Members:
    """The files of a pack: a ZIP, or the folder that one was unpacked into.

    Raises:
        CannotCheckError: there is no such ZIP or folder, or it cannot be read.
        DamageError: it holds a file twice, or one that no pack would hold.
    """
    return Members(_in_folder(path) if Path(path).is_dir() else _in_zip(path))


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror}") from None


def _in_folder(path: str) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for folder, _, files in os.walk(path):
        for file in files:
            whole = Path(folder, file)
            if whole.is_symlink() or not whole.is_file():
                raise DamageError("inserted", f"{file!r} is not a plain file")
            if len(places) >= FILES_MAX:
                raise CannotCheckError("the folder holds more files than a pack does")
            places[whole.relative_to(path).as_posix()] = _Place(str(whole), 0, whole.stat().st_size)
    return places


def _in_zip(path: str) -> dict[str, _Place]:
    with _opened(path) as file:
        try:
            infos = zipfile.ZipFile(file).infolist()
        except _UNREADABLE:
            raise CannotCheckError(f"{path} is not a ZIP that can be read") from None
        if len(infos) > FILES_MAX:
            raise CannotCheckError("the ZIP holds more files than a pack does")
        places: dict[str, _Place] = {}
        for info in infos:
            _fit(info, places)
            places[info.filename] = _Place(path, _start(file, info), info.file_size)
        if sum(place.size for place in places.values()) > Path(path).stat().st_size:
            raise DamageError("edited", "files of the ZIP lie over one another")
        return places


def _fit(info: zipfile.ZipInfo, places: dict[str, _Place]) -> None:
    name = info.filename
    if name in places:
        raise DamageError("inserted", f"the ZIP holds {name!r} twice")
    if not name.isprintable() or "\\" in name or ":" in name or {"", ".", ".."} & set(name.split("/")):
        raise DamageError("inserted", f"the ZIP holds a file of the name {name!r}, which no pack does")
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & _ENCRYPTED or info.compress_size != info.file_size:
        raise DamageError("edited", f"{name} is compressed or encrypted, which no file of a pack is")


def _start(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Where the bytes begin; read past the ZIP's own checksums, because the manifest's digests say more."""
    if info.header_offset < 0:
        raise DamageError("edited", f"the ZIP does not say where {info.filename} begins")
    file.seek(info.header_offset)
    header = file.read(_LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
        raise DamageError("edited", f"the ZIP does not say where {info.filename} begins")
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    return info.header_offset + _LOCAL_SIZE + int(name_size) + int(extra_size)


# notes: Signed notes and verifier keys of C2SP: who signed a text, and when a witness did.

LOG_KEY = 1
WITNESS_KEY = 4
_TYPES = (LOG_KEY, WITNESS_KEY)
_DASH = "\u2014 "
_ID_SIZE = 4
_TIME_SIZE = 8
_VKEY_SIZE = 33
_VKEY_PARTS = 3
_SIGNATURES_MAX = 100
_NOTE_MAX = 1_000_000


class VerifierKey(NamedTuple):
    """A public key with the name of its owner, as `name+id+base64` says it."""

    name: str
    key_id: bytes
    type: int
    key: bytes


class Signature(NamedTuple):
    """A line under a note that holds: by which key, and for a witness when (seconds since 1970)."""

    key: VerifierKey
    time: int | None


class Note(NamedTuple):
    """A note whose signatures by known keys hold."""

    text: str
    signatures: tuple[Signature, ...]


def key_of(vkey: str) -> VerifierKey:
    """The key in one line of text.

    Raises:
        CannotCheckError: it is no verifier key.
    """
    name, key_id, encoded = [*vkey.strip().split("+", 2), "", ""][:_VKEY_PARTS]
    try:
        data, claimed = base64.b64decode(encoded, validate=True), bytes.fromhex(key_id)
    except (binascii.Error, ValueError):
        data, claimed = b"", b""
    if len(data) != _VKEY_SIZE or data[0] not in _TYPES or not name or " " in name:
        raise CannotCheckError(f"this is no verifier key (name+id+base64): {vkey.strip()[:80]!r}")
    digest = hashlib.sha256(name.encode("utf-8", "replace") + b"\n" + data).digest()
    if claimed != digest[:_ID_SIZE]:
        raise CannotCheckError(
            f"the id in the verifier key of {name!r} is not the id of its key: it was copied wrongly"
        )
    return VerifierKey(name, claimed, data[0], data[1:])


def keys_of(text: str) -> list[VerifierKey]:
    """The keys of a text, one a line; blank lines are passed over.

    Raises:
        CannotCheckError: a line is no verifier key.
    """
    return [key_of(line) for line in text.splitlines() if line.strip()]


def open_note(data: bytes, keys: list[VerifierKey], what: str) -> Note:
    """The note, with those of its signatures that are by these keys; there may be none.

    Raises:
        DamageError: it is no note, or a signature by one of the keys does not hold.
    """
    text, lines = _parts(data, what)
    signatures: list[Signature] = []
    for line in lines:
        name, blob = _line(line, what)
        key = next((each for each in keys if each.name == name and each.key_id == blob[:_ID_SIZE]), None)
        if key is not None:
            signatures.append(_checked(key, text, blob[_ID_SIZE:], what))
    return Note(text, tuple(signatures))


def signed_by_log(data: bytes, keys: list[VerifierKey], origin: str, what: str) -> Note:
    """A note that the log itself signed: with one of the keys, under the log's own name.

    Raises:
        DamageError: it is no note, none of the log's keys signed it, or a signature does not hold.
    """
    note = open_note(data, [key for key in keys if key.type == LOG_KEY and key.name == origin], what)
    if not note.signatures:
        raise DamageError("forged-signature", f"{what} is not signed by {origin} with any of the keys given")
    return note


def _parts(data: bytes, what: str) -> tuple[str, list[str]]:
    try:
        whole = data.decode("utf-8") if len(data) <= _NOTE_MAX else ""
    except UnicodeDecodeError:
        whole = ""
    text, gap, under = whole.rpartition("\n\n")
    lines = under.split("\n")
    controls = any(ord(letter) < ord(" ") and letter != "\n" for letter in whole)
    if not gap or controls or lines[-1] or not lines[0] or len(lines) > _SIGNATURES_MAX:
        raise DamageError("edited", f"{what} is not a signed note")
    return text + "\n", lines[:-1]


def _line(line: str, what: str) -> tuple[str, bytes]:
    name, _, encoded = line[len(_DASH) :].partition(" ")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if not line.startswith(_DASH) or len(blob) <= _ID_SIZE:
        raise DamageError("edited", f"a signature line of {what} is not one")
    return name, blob


def _checked(key: VerifierKey, text: str, blob: bytes, what: str) -> Signature:
    message, time = text.encode("utf-8"), None
    if key.type == WITNESS_KEY:
        time, blob = int.from_bytes(blob[:_TIME_SIZE], "big"), blob[_TIME_SIZE:]
        message = f"cosignature/v1\ntime {time}\n".encode() + message
    if not signature_holds(key.key, message, blob):
        raise DamageError("forged-signature", f"the signature of {key.name} under {what} does not hold")
    return Signature(key, time)


# reading: JSON read strictly, and values checked for their form: nothing that a pack holds is taken on trust.

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


# report: What a check found, line by line, and what it comes to.

HOLDS, DAMAGED, COULD_NOT_CHECK = 0, 1, 2
_NAMED_MAX = 20


class Report:
    """Lines that say what holds and what is only told; damage; questions that could not be answered."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.damages: list[DamageError] = []
        self.unanswered: list[str] = []

    def holds(self, sentence: str) -> None:
        """Something was checked and is as it should be."""
        self.lines.append(f"holds    {sentence}")

    def says(self, sentence: str) -> None:
        """Something to know, which is no check."""
        self.lines.append(f"         {sentence}")

    def warns(self, sentence: str) -> None:
        """Something that whoever relies on the answer must know."""
        self.lines.append(f"CAUTION  {sentence}")

    @contextmanager
    def part(self) -> Iterator[None]:
        """Go on after a part of the check, whatever it found."""
        try:
            yield
        except DamageError as damage:
            self.damages.append(damage)
        except CannotCheckError as unanswered:
            self.unanswered.append(str(unanswered))

    @property
    def code(self) -> int:
        """How the program ends: 0 holds, 1 damaged, 2 could not check."""
        if self.damages:
            return DAMAGED
        return COULD_NOT_CHECK if self.unanswered else HOLDS

    def text(self) -> str:
        """All of it, the verdict last."""
        told = [*self.lines, *(f"unknown  {each}" for each in self.unanswered)]
        told += [f"DAMAGED  {each}" for each in self.damages[:_NAMED_MAX]]
        if len(self.damages) > _NAMED_MAX:
            told.append(f"DAMAGED  and {len(self.damages) - _NAMED_MAX} more")
        return "".join(f"{line}\n" for line in [*told, "", self._verdict()])

    def _verdict(self) -> str:
        if self.damages:
            return f"DAMAGED: {first_of(self.damages)}"
        return "COULD NOT CHECK everything: see above" if self.unanswered else "EVERYTHING HOLDS"


# checkpoints: Checkpoints: the size and root of a log at one moment, under a signature; and the statement of heads beside each.

HEADS = "/heads"
"""What follows the name of a log in the name of its statement of heads."""

_LINES = 3
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


_RESUMED = re.compile(r"(.+/[0-9a-f]{8}-[0-9a-f-]{27})/[0-9]{1,6}")


def log_of(origin: str) -> str:
    """The name that is in every leaf: a log that is gone on with after a restore signs as `<name>/<number>`."""
    resumed = _RESUMED.fullmatch(origin)
    return resumed.group(1) if resumed else origin


class Checkpoint(NamedTuple):
    """What a checkpoint commits to."""

    origin: str
    size: int
    root: bytes


def checkpoint_of(text: str, what: str) -> Checkpoint:
    """The checkpoint in the text of a note.

    Raises:
        DamageError: the text is no checkpoint.
    """
    lines = text.split("\n")
    if len(lines) <= _LINES or not lines[0] or not _SIZE.fullmatch(lines[1]) or int(lines[1]) > GREATEST:
        raise DamageError("edited", f"{what} does not have the three lines of a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), hash_of_base64(lines[2], f"the root of {what}"))


def signed_checkpoint(data: bytes, keys: list[VerifierKey], origin: str, *, about: str = "") -> Checkpoint:
    """A checkpoint that a log signed (`about` "": its own; `HEADS`: the statement of its stream heads).

    Raises:
        DamageError: the log did not sign it, or it is about something else.
    """
    what = "the statement of stream heads" if about else "the checkpoint"
    checkpoint = checkpoint_of(signed_by_log(data, keys, origin, what).text, what)
    if checkpoint.origin != origin + about:
        raise DamageError("edited", f"{what} is about {checkpoint.origin}, not about {origin}{about}")
    return checkpoint


def witnessed(data: bytes, witnesses: list[VerifierKey], what: str) -> list[Signature]:
    """The cosignatures of witnesses under a checkpoint.

    Raises:
        DamageError: one of them does not hold.
        CannotCheckError: a witness has not signed it.
    """
    signatures = list(open_note(data, witnesses, what).signatures)
    absent = [each.name for each in witnesses if each not in [signature.key for signature in signatures]]
    if absent:
        raise CannotCheckError(
            f"{absent[0]} has not signed {what}: a second history made by whoever holds the log's key would not show"
        )
    return signatures


def held_checkpoint(data: bytes, keys: list[VerifierKey], origin: str) -> Checkpoint:
    """The checkpoint that the auditor holds, which some key that they trust has signed.

    Raises:
        CannotCheckError: it is no checkpoint of this log, or none of the keys signed it.
    """
    what = "the checkpoint that you hold"
    try:
        note = open_note(data, keys, what)
        checkpoint = checkpoint_of(note.text, what)
    except DamageError as damage:
        raise CannotCheckError(damage.sentence) from None
    if log_of(checkpoint.origin) != log_of(origin):
        raise CannotCheckError(f"{what} is of {checkpoint.origin}, not of {origin}")
    if not note.signatures:
        raise CannotCheckError(f"{what} is signed by none of the keys given")
    return checkpoint


def vkey_of(key: VerifierKey) -> str:
    """The key as one line of text."""
    return f"{key.name}+{key.key_id.hex()}+{base64.b64encode(bytes([key.type]) + key.key).decode()}"


def log_keys(keys: list[VerifierKey]) -> list[VerifierKey]:
    """Those keys that belong to a log, not to a witness."""
    return [key for key in keys if key.type == LOG_KEY]


# heads: The map of stream heads: what every stream and every case had come to when a checkpoint was signed.

LEVELS = 16
BUCKETS = 2**LEVELS
_EMPTY = bytes(32)


class HeadProof(NamedTuple):
    """A whole bucket of the map, with the way from it to the root."""

    entries: dict[bytes, bytes]
    siblings: list[bytes]
    bucket: int


def stream_key(stream: str) -> bytes:
    """Where a stream stands in the map."""
    return hashlib.sha256(b"stream\x00" + uuid.UUID(stream).bytes).digest()


def case_key(case: str) -> bytes:
    """Where a case stands in the map."""
    return hashlib.sha256(b"case\x00" + uuid.UUID(case).bytes).digest()


def stream_value(version: int, leaf: bytes) -> bytes:
    """What the map says of a stream: its newest event."""
    return hashlib.sha256(version.to_bytes(8, "big") + leaf).digest()


def case_value(joined: Iterable[tuple[int, str]]) -> bytes:
    """What the map says of a case: which streams it has, and from which position on each."""
    parts = [uuid.UUID(stream).bytes + position.to_bytes(8, "big") for position, stream in sorted(joined)]
    return hashlib.sha256(b"".join(parts)).digest()


def bucket_of(key: bytes) -> int:
    """The bucket that a key falls into."""
    return int.from_bytes(key[:2], "big")


def bucket_hash(entries: dict[bytes, bytes]) -> bytes:
    """The hash of a bucket."""
    if not entries:
        return _EMPTY
    return hashlib.sha256(b"\x02" + b"".join(key + entries[key] for key in sorted(entries))).digest()


def node_of_heads(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node of the map."""
    return hashlib.sha256(b"\x03" + left + right).digest()


def map_root(buckets: dict[int, bytes]) -> bytes:
    """The root over all buckets; those that are not given are empty."""
    level, empty = dict(buckets), _EMPTY
    for _ in range(LEVELS):
        parents = {number >> 1 for number in level}
        level = {
            each: node_of_heads(level.get(2 * each, empty), level.get(2 * each + 1, empty)) for each in sorted(parents)
        }
        empty = node_of_heads(empty, empty)
    return level.get(0, empty)


def map_of(values: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The root of the map that holds these keys with their values."""
    buckets: dict[int, dict[bytes, bytes]] = {}
    for key, value in values:
        buckets.setdefault(bucket_of(key), {})[key] = value
    return map_root({number: bucket_hash(entries) for number, entries in buckets.items()})


def head_proof_of(value: Any) -> tuple[str, str, HeadProof]:
    """A proof as `proofs.json` writes it: the kind of its subject, the subject, the proof.

    Raises:
        DamageError: it has another form.
    """
    where = "a proof of a stream head"
    proof = expect(value, dict, where)
    kind, subject = member(proof, "kind", str, where), member(proof, "subject", str, where)
    entries: dict[bytes, bytes] = {}
    pairs = member(proof, "bucket", list, where)
    for pair in pairs:
        if not isinstance(pair, list) or [is_hash(each) for each in pair] != [True, True]:
            raise DamageError("forged-proof", "an entry of a bucket is not a key with its value")
        entries[bytes.fromhex(pair[0])] = bytes.fromhex(pair[1])
    if not is_uuid(subject) or kind not in ("stream", "case"):
        raise DamageError("forged-proof", "a proof of a stream head does not say what it is about")
    if [pair[0] for pair in pairs] != sorted({pair[0] for pair in pairs}):
        raise DamageError("forged-proof", f"the bucket of {kind} {subject} is not in order")
    key = stream_key(subject) if kind == "stream" else case_key(subject)
    return kind, subject, HeadProof(entries, hashes_of_base64(proof.get("siblings"), where), bucket_of(key))


def check_head(proof: HeadProof, root: bytes, name: str) -> None:
    """Pass a bucket that lies under the root of the map.

    Raises:
        DamageError: it does not.
    """
    if len(proof.siblings) != LEVELS or any(bucket_of(key) != proof.bucket for key in proof.entries):
        raise DamageError("forged-proof", f"the proof for {name} is not one of this map")
    node, place = bucket_hash(proof.entries), proof.bucket
    for sibling in proof.siblings:
        node = node_of_heads(sibling, node) if place & 1 else node_of_heads(node, sibling)
        place >>= 1
    if node != root:
        raise DamageError("forged-proof", f"the proof for {name} does not lead to the signed root of the stream heads")


# records: One line of `events.ndjson`: the record that the tree commits to, and the payload exactly as it was stored.

LEAF_FORMAT = "incident-ledger-leaf/1"
_BYTES = re.compile(r"(?:[0-9a-f]{2})*")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_uuids(value: Any) -> bool:
    return isinstance(value, list) and all(is_uuid(each) for each in value)


def _is_format(value: Any) -> bool:
    return bool(value == LEAF_FORMAT)


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _BYTES.fullmatch(value) is not None


def _is_request(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _REQUEST.keys()
        and all(_REQUEST[key](value[key]) for key in _REQUEST)
    )


_REQUEST: dict[str, Callable[[Any], bool]] = {
    "key": _is_digest,
    "body": _is_digest,
    "stream": is_uuid,
    "stream_version": is_count,
    "first_position": is_count,
    "last_position": is_count,
    "recorded_at": is_instant,
}

_RECORD: dict[str, Callable[[Any], bool]] = {
    "format": _is_format,
    "log": _is_text,
    "position": is_count,
    "id": is_uuid,
    "stream": is_uuid,
    "stream_version": is_count,
    "kind": _is_text,
    "stream_organisation": _is_text,
    "cases": _is_uuids,
    "type": _is_text,
    "payload_sha256": is_hash,
    "organisation": _is_text,
    "actor": is_uuid,
    "correlation_id": lambda value: value is None or isinstance(value, str),
    "causation_id": lambda value: value is None or is_uuid(value),
    "effective_at": is_instant,
    "recorded_at": is_instant,
    "editions": _is_texts,
    "build": _is_text,
    "request": _is_request,
    "previous": lambda value: value is None or is_hash(value),
}


class Entry(NamedTuple):
    """An event of a pack."""

    record: dict[str, Any]
    payload: bytes
    leaf: bytes
    """The hash of its leaf."""

    @property
    def position(self) -> int:
        """Where it stands in the log."""
        position: int = self.record["position"]
        return position


def entry_of(line: bytes, expected: int, origin: str) -> Entry:
    """The event in one line; `expected` names the line's place where it does not say its own.

    Raises:
        DamageError: the line is not written as packs write it, or is of another log.
    """
    record, payload = _read(line, expected)
    position = record["position"]
    wrong = [name for name, fits in _RECORD.items() if not fits(record[name])]
    if wrong:
        raise DamageError("edited", f"{wrong[0]} is not of the form that records have", position)
    if record["log"] != origin:
        raise DamageError("edited", "the record is of another log", position)
    try:
        data, stored, text = canonical_bytes(record), payload.encode("utf-8"), canonical_bytes(payload)
    except ValueError:
        raise DamageError("edited", "a text holds half a letter, which no UTF-8 has", position) from None
    if line != b'{"payload":' + text + b',"record":' + data + b"}":
        raise DamageError("edited", "the line is not the canonical form of what it says", position)
    return Entry(record, stored, leaf_hash(data))


def check_payload(entry: Entry) -> None:
    """Pass an event whose payload is the one that its record names.

    Raises:
        DamageError: it is another payload.
    """
    if hashlib.sha256(entry.payload).hexdigest() != entry.record["payload_sha256"]:
        raise DamageError("payload-changed", "the payload is not the one that the record commits to", entry.position)


def _read(line: bytes, expected: int) -> tuple[dict[str, Any], str]:
    try:
        whole = parsed(line, canonical=True)
    except ValueError:
        raise DamageError("edited", "the line is not JSON", expected) from None
    if not isinstance(whole, dict) or whole.keys() != {"record", "payload"}:
        raise DamageError("edited", "the line is not a record with its payload", expected)
    record, payload = whole["record"], whole["payload"]
    if not isinstance(record, dict) or record.keys() != _RECORD.keys() or not isinstance(payload, str):
        raise DamageError("edited", "the line is not a record with its payload", expected)
    if not is_count(record["position"]):
        raise DamageError("edited", "the record does not say where it stands", expected)
    return record, payload


# histories: The events of a pack in their order: each follows from the ones before it, in its stream and in time.

DAMAGES_MAX = 1_000
"""So many are looked for at most, to name the first."""


class StreamHead(NamedTuple):
    """The newest event of a stream so far, and what its stream is."""

    position: int
    version: int
    leaf: bytes
    kind: str
    organisation: str
    cases: tuple[str, ...]


class History:
    """Takes in events one by one, and keeps what each stream came to."""

    def __init__(self, size: int, *, whole: bool) -> None:
        """A history of a log of this size, all of it (`whole`) or some of its streams."""
        self.size = size
        self._whole = whole
        self.count = 0
        self.streams: dict[str, StreamHead] = {}
        self.joined: dict[str, list[tuple[int, str]]] = {}
        """The streams of each case, with the position at which each joined it."""
        self.types: set[str] = set()
        self.editions: set[str] = set()
        self.damages: list[DamageError] = []
        self._position = 0
        self._recorded_at = ""

    def take(self, entry: Entry) -> None:
        """Check an event against those before it; what does not follow is added to `damages`."""
        for check in (self._place, check_payload, self._request, self._version, self._chain, self._stream, self._time):
            self._note(check, entry)
        self._keep(entry)

    def _note(self, check: Callable[[Entry], None], entry: Entry) -> None:
        try:
            check(entry)
        except DamageError as damage:
            self.damages.append(damage)

    def _place(self, entry: Entry) -> None:
        if self._whole:
            return  # `order_damage` says more, once all positions are known
        if entry.position <= self._position:
            raise DamageError("reordered", f"it stands after position {self._position} in the file", entry.position)
        if entry.position > self.size:
            raise DamageError("inserted", f"the checkpoint covers only {self.size} events", entry.position)

    def _request(self, entry: Entry) -> None:
        record, request = entry.record, entry.record["request"]
        if not request["first_position"] <= entry.position <= request["last_position"]:
            raise DamageError("renumbered", "its request put it at another position", entry.position)
        ahead = request["last_position"] - entry.position
        if request["stream"] != record["stream"] or request["stream_version"] - ahead != record["stream_version"]:
            raise DamageError("edited", "its request was about another stream or version", entry.position)
        if request["recorded_at"] != record["recorded_at"]:
            raise DamageError("edited", "its request was recorded at another time", entry.position)

    def _version(self, entry: Entry) -> None:
        head = self.streams.get(entry.record["stream"])
        follows, version = (head.version if head else 0) + 1, entry.record["stream_version"]
        if version > follows:
            raise DamageError("missing", f"version {follows} of its stream is not here", entry.position)
        if version < follows:
            raise DamageError("inserted", f"version {version} of its stream stands already", entry.position)

    def _chain(self, entry: Entry) -> None:
        head = self.streams.get(entry.record["stream"])
        if head is None:
            if entry.record["previous"] is not None:
                raise DamageError("missing", "the event of its stream before it is not here", entry.position)
        elif entry.record["previous"] != head.leaf.hex() and entry.record["stream_version"] == head.version + 1:
            raise DamageError(
                "edited", f"the next event of its stream, at {entry.position}, names another leaf hash", head.position
            )

    def _stream(self, entry: Entry) -> None:
        record, cases = entry.record, tuple(entry.record["cases"])
        head = self.streams.get(record["stream"])
        before = head.cases if head else ()
        new = cases[len(before) :]
        if head and (record["kind"], record["stream_organisation"]) != (head.kind, head.organisation):
            raise DamageError("edited", "its stream had another kind or organisation before", entry.position)
        if cases[: len(before)] != before or list(new) != sorted(set(new)) or set(new) & set(before):
            raise DamageError(
                "edited", "a stream never leaves a case, and joins several in the order of ids", entry.position
            )
        if new and entry.position != record["request"]["first_position"]:
            raise DamageError("edited", "a stream joins a case with the first event of a request", entry.position)

    def _time(self, entry: Entry) -> None:
        if entry.record["recorded_at"] < self._recorded_at:
            raise DamageError("edited", f"back-dated: recorded before position {self._position}", entry.position)

    def _keep(self, entry: Entry) -> None:
        record, head = entry.record, self.streams.get(entry.record["stream"])
        for case in record["cases"][len(head.cases) if head else 0 :]:
            self.joined.setdefault(case, []).append((entry.position, record["stream"]))
        self.streams[record["stream"]] = StreamHead(
            entry.position,
            record["stream_version"],
            entry.leaf,
            record["kind"],
            record["stream_organisation"],
            tuple(record["cases"]),
        )
        self.count += 1
        self.types.add(record["type"])
        self.editions.update(record["editions"])
        self._position, self._recorded_at = entry.position, record["recorded_at"]


def order_damage(positions: list[int], size: int) -> DamageError | None:
    """What is wrong with the positions of a whole log, which count from 1 to its size; None where nothing is."""
    expected = list(range(1, size + 1))
    if positions == expected:
        return None
    wrong = next((place for place, position in zip(expected, positions) if place != position), None)
    if wrong is None:
        return _by_length(len(positions), size)
    twice = [position for position, count in Counter(positions).items() if count > 1]
    absent = sorted(set(expected) - set(positions))
    if absent and len(positions) == size:
        return DamageError("renumbered", "no event has this position: one was given another", absent[0])
    if absent:
        return DamageError("missing", "the event is not here", absent[0])
    if twice:
        return DamageError("inserted", "two events claim this position", min(twice))
    return DamageError("reordered", f"position {positions[wrong - 1]} stands in its place", wrong)


def _by_length(found: int, size: int) -> DamageError:
    if found > size:
        return DamageError("inserted", f"the checkpoint covers only {size} events", size + 1)
    return DamageError(
        "truncated", f"the checkpoint covers {size} events, and the pack stops before this one", found + 1
    )


# manifest: `pack.json`: what a pack is, for whom it was made, and what each of its other files is to the byte.

PACK_FORMAT = "incident-ledger-pack/1"
PACK_KINDS = ("case", "sample", "log")
_ALONE = ("pack.json", "pack.note")


class Manifest(NamedTuple):
    """What `pack.json` says."""

    kind: str
    log: str
    size: int
    subjects: list[str]
    reader: str
    files: dict[str, str]
    digest: bytes

    @property
    def log_in_records(self) -> str:
        """The name that every record has: a log that goes on under another one, `<name>/2`, keeps it there."""
        return log_of(self.log)


def manifest_of(members: Members) -> Manifest:
    """The manifest of a pack.

    Raises:
        CannotCheckError: this is no pack, or one of a form that this verifier does not know.
        DamageError: the manifest is not of the form that packs have.
    """
    if "pack.json" not in members.names:
        raise CannotCheckError("this is no evidence pack: it has no pack.json")
    data, where = members.read("pack.json"), "pack.json"
    said = json_object(data, where)
    if said.get("format") != PACK_FORMAT:
        raise CannotCheckError(f"the pack is not of the form {PACK_FORMAT}; another verifier may know it")
    kind, size = member(said, "kind", str, where), member(said, "size", int, where)
    log = member(said, "log", str, where)
    if kind not in PACK_KINDS or not is_count(size):
        raise DamageError("edited", "pack.json does not say what the pack is")
    subjects = [] if kind == "log" else member(said, "subjects", list, where)
    if not all(is_uuid(each) for each in subjects) or len(set(map(str, subjects))) != len(subjects):
        raise DamageError("edited", "the subjects in pack.json are not ids of cases")
    return Manifest(kind, log, size, subjects, _reader(said, where), _files(said, where), hashlib.sha256(data).digest())


def check_signed(members: Members, manifest: Manifest, keys: list[VerifierKey]) -> None:
    """Pass a manifest that the log signed.

    Raises:
        DamageError: it did not, or it signed another one.
    """
    note = signed_by_log(members.read("pack.note"), keys, manifest.log, "pack.note")
    digest = base64.b64encode(manifest.digest).decode()
    if note.text != f"{PACK_FORMAT}\n{manifest.log}\n{digest}\n":
        raise DamageError("edited", "pack.json is not the one that pack.note signs")


def check_files(members: Members, manifest: Manifest) -> None:
    """Pass a pack of exactly the files that its manifest names.

    Raises:
        DamageError: a file was added, taken out or changed.
    """
    expected = {*manifest.files, *_ALONE}
    added = sorted(set(members.names) - expected)
    if added:
        raise DamageError("inserted", f"the pack holds {added[0]!r}, which pack.json does not name")
    for name, digest in sorted(manifest.files.items()):
        if members.sha256(name) != digest:
            raise DamageError("edited", f"{name} is not the file that pack.json names")


def _reader(said: dict[str, Any], where: str) -> str:
    reader = member(said, "reader", dict, where)
    roles = [str(expect(role, str, "a role")) for role in member(reader, "roles", list, where)]
    return f"{member(reader, 'organisation', str, where)} ({', '.join(roles) or 'no role'})"


def _files(said: dict[str, Any], where: str) -> dict[str, str]:
    files: dict[str, str] = member(said, "files", dict, where)
    if not all(is_hash(digest) for digest in files.values()) or set(files) & set(_ALONE):
        raise DamageError("edited", "the files in pack.json do not have digests")
    return files


# opened: Sealed values in payloads, and those of them that the pack shows open to its reader.

_SEALED = {"about", "key", "box"}
_DEPTH_MAX = 100


def sealed_paths(payload: bytes) -> list[str]:
    """Where the sealed values of a payload are: names and places of lists from the event down, between dots."""
    try:
        value = parsed(payload, canonical=True)
    except ValueError:
        return []
    found: list[str] = []
    _walk(value, "", found, _DEPTH_MAX)
    return found


def _walk(value: Any, path: str, found: list[str], depth: int) -> None:
    prefix = f"{path}." if path else ""
    if isinstance(value, dict) and value.keys() == _SEALED and all(isinstance(each, str) for each in value.values()):
        found.append(path)
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in parts if depth else ():
        _walk(inner, f"{prefix}{name}", found, depth - 1)


class Opened:
    """What `opened.json` shows, held against the payloads as they come by."""

    def __init__(self, listed: Any) -> None:
        """Take in the list.

        Raises:
            DamageError: it is no such list, or a value is there twice.
        """
        self.sealed = self.words = self.erased = 0
        self._awaited: dict[int, dict[str, bool]] = {}
        for each in expect(listed, list, "opened.json"):
            position, path, erased = _shown(each)
            paths = self._awaited.setdefault(position, {})
            if path in paths:
                raise DamageError("inserted", f"the value at {path} is shown twice", position)
            paths[path] = erased

    def meet(self, entry: Entry) -> None:
        """Count the sealed values of an event, and pass those that are shown.

        Raises:
            DamageError: a value is shown where nothing was sealed.
        """
        position = entry.position
        shown = self._awaited.pop(position, {})
        paths = set(sealed_paths(entry.payload))
        stray = sorted(shown.keys() - paths)
        if stray:
            raise DamageError(
                "inserted", f"opened.json shows a value at {stray[0]}, where nothing was sealed", position
            )
        self.erased += sum(shown.values())
        self.words += len(shown) - sum(shown.values())
        self.sealed += len(paths) - len(shown)

    def end(self) -> None:
        """Pass where every value shown belonged to an event.

        Raises:
            DamageError: one is of an event that the pack does not have.
        """
        if self._awaited:
            raise DamageError("inserted", "opened.json shows a value of an event that is not here", min(self._awaited))


def _shown(value: Any) -> tuple[int, str, bool]:
    each = expect(value, dict, "a value in opened.json")
    position, path = each.get("position"), each.get("path")
    erased = each.keys() == {"position", "path", "erased"} and each["erased"] is True
    words = each.keys() == {"position", "path", "words"} and isinstance(each["words"], str)
    if not is_count(position) or not isinstance(path, str) or not (erased or words):
        raise DamageError("edited", "a value in opened.json is neither words nor erased")
    return position, path, erased


# proofs: `proofs.json`: the paths from events to the signed root, the heads of streams and cases, the way from an older tree.

_PLACE = re.compile(r"[1-9][0-9]{0,15}")


class Grown(NamedTuple):
    """That the tree of the pack grew out of an older one."""

    size: int
    root: bytes
    path: list[bytes]


class Proofs(NamedTuple):
    """What `proofs.json` says."""

    inclusion: dict[int, Any]
    heads: dict[tuple[str, str], HeadProof]
    streams: dict[str, list[tuple[int, str]]]
    """Of each case its streams, with the position at which each joined it."""
    grown: Grown | None


def proofs_of(data: bytes) -> Proofs:
    """The proofs of a pack.

    Raises:
        DamageError: they are not of the form that packs have.
    """
    where = "proofs.json"
    said = json_object(data, where)
    inclusion = {}
    for place, path in member(said, "inclusion", dict, where).items():
        if not _PLACE.fullmatch(place):
            raise DamageError("forged-proof", "a path in proofs.json is of no position")
        inclusion[int(place)] = path
    heads: dict[tuple[str, str], HeadProof] = {}
    for each in member(said, "heads", list, where):
        kind, subject, proof = head_proof_of(each)
        heads[kind, subject] = proof
    streams = {case: _joined(pairs) for case, pairs in member(said, "streams", dict, where).items()}
    return Proofs(inclusion, heads, streams, _grown(said.get("consistency")))


def check_included(entry: Entry, proofs: Proofs, checkpoint: Checkpoint) -> None:
    """Pass an event whose path leads to the signed root.

    Raises:
        DamageError: it has none, or it does not.
    """
    position = entry.position
    if position not in proofs.inclusion:
        raise DamageError("inserted", "no proof shows that the log holds this event", position)
    path = hashes_of_base64(proofs.inclusion[position], f"the path of position {position}")
    root = root_by_inclusion(entry.leaf, position - 1, checkpoint.size, path)
    if root is None:
        raise DamageError("forged-proof", "its path is not one of a tree of this size", position)
    if root != checkpoint.root:
        raise DamageError("edited", "the record and its path do not lead to the signed root", position)


def check_grown(grown: Grown, checkpoint: Checkpoint) -> None:
    """Pass a path that shows that the older tree is the beginning of the signed one.

    Raises:
        DamageError: it does not.
    """
    if not consistent((grown.size, grown.root), (checkpoint.size, checkpoint.root), grown.path):
        raise DamageError(
            "not-consistent", f"the tree of {grown.size} events is not shown to be the beginning of this one"
        )


def _joined(value: Any) -> list[tuple[int, str]]:
    pairs = []
    for pair in expect(value, list, "the streams of a case"):
        if not isinstance(pair, list) or len(pair) != 2 or not is_uuid(pair[0]) or not is_count(pair[1]):  # noqa: PLR2004
            raise DamageError("forged-proof", "the streams of a case are not ids with positions")
        pairs.append((pair[1], pair[0]))
    return sorted(pairs)


def _grown(value: Any) -> Grown | None:
    if value is None:
        return None
    where = "the proof of consistency"
    said = expect(value, dict, where)
    size = member(said, "from", int, where)
    if not is_count(size):
        raise DamageError("forged-proof", f"{where} does not say how large the older tree was")
    root = hash_of_base64(said.get("root"), where)
    return Grown(size, root, hashes_of_base64(said.get("path"), where))


# completeness: Whether anything was withheld: the heads that were signed with the checkpoint, against what the pack holds.

def check_stream_ends(stream: str, head: StreamHead, proofs: Proofs, root: bytes) -> None:
    """Pass a stream of which the pack holds the newest event.

    Raises:
        DamageError: it goes on after what is here, or nothing shows that it does not.
    """
    name = f"stream {stream}"
    proof = proofs.heads.get(("stream", stream))
    if proof is None:
        raise DamageError("withheld-tail", f"nothing shows that {name} ends with this event", head.position)
    check_head(proof, root, name)
    signed = proof.entries.get(stream_key(stream))
    if signed != stream_value(head.version, head.leaf):
        raise DamageError(
            "withheld-tail", f"{name} did not end with this event: what follows is not here", head.position
        )


def check_case_whole(case: str, history: History, proofs: Proofs, root: bytes) -> None:
    """Pass a case of which the pack holds every stream.

    Raises:
        DamageError: one is withheld, or nothing shows that none is.
    """
    name = f"case {case}"
    proof = proofs.heads.get(("case", case))
    listed = proofs.streams.get(case)
    if proof is None or listed is None:
        raise DamageError("withheld-tail", f"nothing shows which streams {name} has")
    check_head(proof, root, name)
    if proof.entries.get(case_key(case)) != case_value(listed):
        raise DamageError("withheld-tail", f"the streams listed for {name} are not those that were signed")
    here = set(history.joined.get(case, []))
    absent = sorted(set(listed) - here)
    if absent:
        raise DamageError("withheld-tail", f"stream {absent[0][1]} of {name} is not here", absent[0][0])
    stray = sorted(here - set(listed))
    if stray:
        raise DamageError("inserted", f"stream {stray[0][1]} says that it is of {name}, which it is not", stray[0][0])


def root_of_heads(history: History) -> bytes:
    """The root of the map of heads that the events of a whole log give."""
    streams = ((stream_key(each), stream_value(head.version, head.leaf)) for each, head in history.streams.items())
    cases = ((case_key(each), case_value(joined)) for each, joined in history.joined.items())
    return map_of([*streams, *cases])


# scanning: One walk over the events of a pack: everything that can be said of them while they pass by.

EVENTS = "events.ndjson"


class Scan(NamedTuple):
    """What the walk came to."""

    history: History
    opened: Opened
    root: bytes
    roots: dict[int, bytes]
    """Roots of the tree at the sizes that were asked for, of a whole log."""


def scanned(
    members: Members, manifest: Manifest, proofs: Proofs | None, checkpoint: Checkpoint | None, held: Checkpoint | None
) -> Scan:
    """Walk over the events.

    Raises:
        DamageError: there are none, or `opened.json` is not of the form that packs have.
    """
    walk = _Walk(manifest, proofs, checkpoint, Opened(_listed(members)))
    sizes = {held.size} if held else set()
    if manifest.kind == "log" and proofs is not None and proofs.grown is not None:
        sizes.add(proofs.grown.size)
    try:
        for number, line in enumerate(members.lines(EVENTS)):
            walk.take(entry_of(line, walk.expected(number), manifest.log_in_records))
            if walk.tree.size in sizes:
                walk.roots[walk.tree.size] = walk.tree.root()
            if len(walk.history.damages) >= DAMAGES_MAX:
                break
        else:
            walk.end()
    except DamageError as damage:
        walk.history.damages.append(damage)
    return Scan(walk.history, walk.opened, walk.tree.root(), walk.roots)


def _listed(members: Members) -> object:
    try:
        return parsed(members.read("opened.json"))
    except ValueError:
        raise DamageError("edited", "opened.json is not JSON") from None


class _Walk:
    def __init__(
        self, manifest: Manifest, proofs: Proofs | None, checkpoint: Checkpoint | None, opened: Opened
    ) -> None:
        self.history = History(manifest.size, whole=manifest.kind == "log")
        self.opened = opened
        self.tree = Tree()
        self.roots: dict[int, bytes] = {}
        self._whole = manifest.kind == "log"
        self._proofs = proofs
        self._checkpoint = checkpoint
        self._positions = array("q")
        self._awaited = sorted(proofs.inclusion) if proofs and not self._whole else []

    def expected(self, number: int) -> int:
        """The position of the event in a line, where the line itself does not say it."""
        return self._awaited[number] if number < len(self._awaited) else number + 1

    def take(self, entry: Entry) -> None:
        """Take in the next event."""
        self._positions.append(entry.position)
        for check in (self._included, self.opened.meet):
            try:
                check(entry)
            except DamageError as damage:  # noqa: PERF203 - rare, and the others are still to be made
                self.history.damages.append(damage)
        self.history.take(entry)

    def _included(self, entry: Entry) -> None:
        if self._whole:
            self.tree.add(entry.leaf)
        elif self._proofs is not None and self._checkpoint is not None:
            check_included(entry, self._proofs, self._checkpoint)

    def end(self) -> None:
        """Pass where all events are here that should be.

        Raises:
            DamageError: one is missing of which the proofs speak.
        """
        if self._whole:
            wrong = order_damage(list(self._positions), self.history.size)
            if wrong is not None:
                self.history.damages.insert(0, wrong)
            return
        absent = sorted(set(self._awaited) - set(self._positions))
        if absent:
            raise DamageError("missing", "the proofs speak of this event, and it is not here", absent[0])


# pack: The whole check of an evidence pack, part by part; each part is made whatever the others found.

class Asked(NamedTuple):
    """What the auditor brings: a pack, and what they trust."""

    path: str
    keys: list[VerifierKey]
    witnesses: list[VerifierKey]
    checkpoint: bytes | None


def verify_pack(asked: Asked, report: Report) -> None:
    """Check a pack; everything that is found stands in the report."""
    with report.part():
        members = members_of(asked.path)
        manifest = manifest_of(members)
        report.says(f"{_subject(manifest)}, of {manifest.log} at size {manifest.size}")
        _Check(asked, report, members, manifest).run()


def _subject(manifest: Manifest) -> str:
    if manifest.kind == "log":
        return "Evidence pack of a whole log"
    cases = f"case {manifest.subjects[0]}" if len(manifest.subjects) == 1 else f"{len(manifest.subjects)} cases"
    return f"Evidence pack of {'a random sample with ' if manifest.kind == 'sample' else ''}{cases}"


class _Check:
    def __init__(self, asked: Asked, report: Report, members: Members, manifest: Manifest) -> None:
        self._asked = asked
        self._report = report
        self._members = members
        self._manifest = manifest
        self._keys: list[VerifierKey] = []
        self._checkpoint: Checkpoint | None = None
        self._heads: Checkpoint | None = None
        self._held: Checkpoint | None = None
        self._proofs: Proofs | None = None

    def run(self) -> None:
        self._trust()
        statements = (self._signed, self._files, self._checkpoints, self._statement, self._witnesses)
        for part in (*statements, self._hold, self._prove, self._events):
            with self._report.part():
                part()

    def _trust(self) -> None:
        self._keys = log_keys(self._asked.keys)
        if self._keys:
            return
        self._keys = log_keys(keys_of(self._members.read("log.vkey").decode("utf-8", "replace")))
        if not self._keys:
            raise CannotCheckError("there is no key of the log to check signatures with")
        self._report.warns("No --key was given: signatures are checked with the key that the pack itself brings.")
        self._report.warns("Whoever made this pack up could have made up the key too. Ask for the key another way.")

    def _signed(self) -> None:
        check_signed(self._members, self._manifest, self._keys)
        self._report.holds(f"the manifest is signed by the log; the pack was made for {self._manifest.reader}")

    def _files(self) -> None:
        check_files(self._members, self._manifest)
        self._report.holds(f"all {len(self._manifest.files)} files are those that the manifest names")

    def _checkpoints(self) -> None:
        checkpoint = signed_checkpoint(self._members.read("checkpoint"), self._keys, self._manifest.log)
        if checkpoint.size != self._manifest.size:
            raise DamageError("edited", f"the checkpoint is of {checkpoint.size} events, not of {self._manifest.size}")
        self._checkpoint = checkpoint
        self._report.holds(f"the checkpoint at size {checkpoint.size} is signed by the log")

    def _statement(self) -> None:
        heads = signed_checkpoint(self._members.read("heads"), self._keys, self._manifest.log, about=HEADS)
        if heads.size != self._manifest.size:
            raise DamageError(
                "edited", f"the statement of heads is of {heads.size} events, not of {self._manifest.size}"
            )
        self._heads = heads
        self._report.holds("the statement of stream heads is signed by the log, at the same size")

    def _witnesses(self) -> None:
        for signature in witnessed(self._members.read("checkpoint"), self._asked.witnesses, "the checkpoint"):
            self._report.holds(f"witness {signature.key.name} signed the checkpoint at {signature.time} s after 1970")

    def _hold(self) -> None:
        if self._asked.checkpoint is not None:
            trusted = [*self._keys, *self._asked.witnesses]
            self._held = held_checkpoint(self._asked.checkpoint, trusted, self._manifest.log)

    def _prove(self) -> None:
        self._proofs = proofs_of(self._members.read("proofs.json"))

    def _events(self) -> None:
        if self._checkpoint is None or self._heads is None or self._proofs is None:
            self._report.unanswered.append(
                "without the signed statements the events can only be held against each other"
            )
        scan = scanned(self._members, self._manifest, self._proofs, self._checkpoint, self._held)
        self._report.damages += scan.history.damages
        if not scan.history.damages:
            self._report.holds(
                f"{scan.history.count} events in {len(scan.history.streams)} streams: contiguous and chained"
            )
            self._report.holds("every payload is the one that its record commits to")
        if self._checkpoint is not None and self._heads is not None and self._proofs is not None:
            for part in (self._complete, self._grown):
                with self._report.part():
                    part(scan, self._checkpoint, self._heads.root, self._proofs)
        for last in (self._opened, self._shelf):
            with self._report.part():
                last(scan)

    def _complete(self, scan: Scan, checkpoint: Checkpoint, heads: bytes, proofs: Proofs) -> None:
        if self._manifest.kind == "log":
            self._whole_log(scan, checkpoint, heads)
            return
        found = len(self._report.damages)
        for stream, head in scan.history.streams.items():
            with self._report.part():
                check_stream_ends(stream, head, proofs, heads)
        for case in self._manifest.subjects:
            with self._report.part():
                check_case_whole(case, scan.history, proofs, heads)
        if not scan.history.damages and len(self._report.damages) == found:
            self._report.holds("every event is in the tree that was signed")
            self._report.holds("every stream ends where the signed heads say; of each case every stream is here")

    def _whole_log(self, scan: Scan, checkpoint: Checkpoint, heads: bytes) -> None:
        if scan.history.damages:
            return
        if scan.root != checkpoint.root:
            raise DamageError("edited", "the events follow from one another, but are not those of the signed root")
        self._report.holds("the tree rebuilt from all events has the signed root")
        if root_of_heads(scan.history) != heads:
            raise DamageError("forged-proof", "the signed map of stream heads is not the one of these events")
        self._report.holds("the map of stream heads rebuilt from all events has the signed root")

    def _grown(self, scan: Scan, checkpoint: Checkpoint, _heads: bytes, proofs: Proofs) -> None:
        if proofs.grown is not None:
            check_grown(proofs.grown, checkpoint)
            self._report.holds(f"the tree grew out of the one of {proofs.grown.size} events")
        held = self._held
        if held is None:
            return
        roots = {checkpoint.size: checkpoint.root, **scan.roots}
        if proofs.grown is not None:
            roots.setdefault(proofs.grown.size, proofs.grown.root)
        if held.size not in roots:
            raise CannotCheckError(_no_way(held.size, checkpoint.size))
        if roots[held.size] != held.root:
            raise DamageError(
                "forked", f"the log signed another history of its first {held.size} events: yours differs"
            )
        self._report.holds(f"the checkpoint that you hold, at size {held.size}, is of the same history")

    def _opened(self, scan: Scan) -> None:
        opened = scan.opened
        opened.end()
        told = f"{opened.words} values opened, {opened.erased} erased, {opened.sealed} sealed"
        self._report.says(f"{told}. The words are what the log's signature under the manifest says they are.")

    def _shelf(self, scan: Scan) -> None:
        absent = sorted(each for each in scan.history.types if f"schemas/{each}.json" not in self._members.names)
        if absent:
            raise DamageError("missing", f"the schema of {absent[0]} is not here")
        here = 0
        for edition in sorted(scan.history.editions):
            here += self._edition(edition)
        self._report.holds(f"the schemas of all {len(scan.history.types)} kinds of events are here")
        self._report.holds(f"{here} of {len(scan.history.editions)} policy editions are here, to the letter")

    def _edition(self, edition: str) -> bool:
        name, _, digest = edition.partition("@")
        file = f"editions/{name}.toml"
        if file not in self._members.names:
            return False
        if not self._members.sha256(file).startswith(digest):
            raise DamageError("edited", f"{file} is not the text of {edition}")
        return True


def _no_way(held: int, size: int) -> str:
    if held > size:
        return (
            f"your checkpoint covers {held} events, and the pack was made at {size}: it says nothing of what came after"
        )
    return f"the pack does not show that it grew out of your checkpoint at {held}: ask for one made `since` that size"


# command: The command of the verifier: what is asked on the command line, and how it is answered.

_TRUSTED_MAX = 1_000_000
_ABOUT = (
    "Check an evidence pack of an Incident Ledger. Ends with 0 where everything holds, 1 where something was changed "
    "(the first bad position and the kind of damage are named), 2 where it could not be checked."
)


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="verify_pack.py", description=_ABOUT)
    parser.add_argument("pack", help="the ZIP, or the folder that it was unpacked into")
    parser.add_argument("--key", action="append", default=[], help="a verifier key of the log, or a file of them")
    parser.add_argument(
        "--witness", action="append", default=[], help="the verifier key of a witness that must have signed"
    )
    parser.add_argument("--checkpoint", help="a file with an earlier checkpoint, which you hold")
    return parser


def trusted_bytes(path: str) -> bytes:
    """The content of a small file that the auditor brings.

    Raises:
        CannotCheckError: it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(_TRUSTED_MAX)
    except (OSError, ValueError):
        raise CannotCheckError(f"{path!r} cannot be read") from None


def trusted_keys(given: list[str]) -> list[VerifierKey]:
    """The keys that the auditor brings, each as text or in a file.

    Raises:
        CannotCheckError: one is no verifier key.
    """
    keys: list[VerifierKey] = []
    for each in given:
        text = trusted_bytes(each).decode("utf-8", "replace") if _is_file(each) else each
        keys += keys_of(text)
    return keys


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a key may be longer than any name of a file
        return False


def report_on(pack: str, *, keys: list[str], witnesses: list[str], checkpoint: str | None) -> Report:
    """Check a pack with what the auditor brings."""
    report = Report()
    with report.part():
        held = None if checkpoint is None else trusted_bytes(checkpoint)
        verify_pack(Asked(pack, trusted_keys(keys), trusted_keys(witnesses), held), report)
    return report


def main(words: list[str] | None = None) -> int:
    """Check what the command line names; the code to end with."""
    asked = arguments().parse_args(words)
    report = report_on(asked.pack, keys=asked.key, witnesses=asked.witness, checkpoint=asked.checkpoint)
    by = "the library cryptography" if LIBRARY else "plain arithmetic (nothing needs to be installed)"
    report.says(f"signatures were checked by {by}")
    sys.stdout.write(report.text())
    return report.code


if __name__ == "__main__":
    sys.exit(main())
