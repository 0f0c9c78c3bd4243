"""Signed notes and verifier keys of C2SP: who signed a text, and when a witness did."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.ed25519 import signature_holds

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
