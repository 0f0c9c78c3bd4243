"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.

    <text, ending in a newline>
    <an empty line>
    — <key name> <base64 of key id and signature>

A note with several lines serves the rotation of a key (the old one and the new one sign) and witnesses (who add theirs).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.proof.lines import LARGEST_SIZE, LineMalformedError, base64_of, from_base64
from service.proof.signing import COSIGNATURE, KEY_ID_SIZE, LOG_SIGNATURE, Signer, VerifierKey, is_key_name

__all__ = [
    "COSIGNATURE",
    "LOG_SIGNATURE",
    "NoteError",
    "NoteMalformedError",
    "NoteUnsignedError",
    "Opened",
    "SignatureInvalidError",
    "SignatureLine",
    "Signer",
    "Verified",
    "VerifierKey",
    "cosign",
    "open_note",
    "sign_note",
    "signature_lines",
    "split_note",
    "with_lines",
]

LONGEST_NOTE: Final = 131_072
MOST_SIGNATURES: Final = 64
_DASH: Final = "\N{EM DASH} "
_TIME_SIZE: Final = 8
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteError(ValueError):
    """A note is not to be believed."""


class NoteMalformedError(NoteError):
    """It does not have the form of a signed note."""


class NoteUnsignedError(NoteError):
    """None of the keys that we know has signed it."""


class SignatureInvalidError(NoteError):
    """A signature in the name of a key that we know is not that key's."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature, as it stands in a note: by which key it claims to be, and its bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.signature)}\n"

    def by(self, key: VerifierKey) -> bool:
        """Whether it claims to be by this key."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Verified:
    """A key that signed a note; the time in seconds since 1970 where it is a witness's."""

    key: VerifierKey
    time: int | None
    line: SignatureLine


@dataclass(frozen=True, slots=True)
class Opened:
    """A text, and the known keys that signed it (each once), in the order of their lines."""

    text: str
    by: tuple[Verified, ...]


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The text, signed by each of the log's keys: one line a key.

    Raises:
        NoteMalformedError: the text cannot be that of a note, or a key is not a log's.
    """
    if not signers or any(signer.key.kind != LOG_SIGNATURE for signer in signers):
        raise NoteMalformedError("a note is signed by one or more keys of type 0x01")
    lines = [SignatureLine(signer.name, signer.key_id, signer.sign(_encoded(text))) for signer in signers]
    return with_lines(f"{text}\n", lines)


def cosign(text: str, witness: Signer, time: int) -> SignatureLine:
    """A witness's signature on the text of a checkpoint at a time (seconds since 1970).

    Raises:
        NoteMalformedError: the text cannot be that of a note, the time is out of range, or the key is not a witness's.
    """
    if witness.key.kind != COSIGNATURE or not 0 <= time <= LARGEST_SIZE:
        raise NoteMalformedError("a cosignature is made by a key of type 0x04 at a time since 1970")
    signature = witness.sign(_cosigned(_encoded(text), time))
    return SignatureLine(witness.name, witness.key_id, time.to_bytes(_TIME_SIZE, "big") + signature)


def with_lines(note: str, lines: Sequence[SignatureLine]) -> str:
    """The note with more signatures at its end.

    Raises:
        NoteMalformedError: what comes out is not a signed note.
    """
    whole = note + "".join(line.text for line in lines)
    split_note(whole)
    return whole


def open_note(note: str | bytes, verifier_keys: Sequence[VerifierKey]) -> Opened:
    """The text of a note that at least one of these keys signed. Lines of other keys are passed over, as the format demands.

    Raises:
        NoteMalformedError: it is not a signed note.
        SignatureInvalidError: a signature in the name of one of the keys is not that key's.
        NoteUnsignedError: none of the keys signed it.
    """
    text, lines = split_note(note)
    verified: dict[VerifierKey, Verified] = {}
    for line in lines:
        for key in verifier_keys:
            if line.by(key):
                verified.setdefault(key, _checked(text.encode(), line, key))
    if not verified:
        raise NoteUnsignedError("no known key has signed the note")
    return Opened(text, tuple(verified.values()))


def split_note(note: str | bytes) -> tuple[str, list[SignatureLine]]:
    """The text of a note and its signatures, none of which has been checked: nothing of it is to be believed yet.

    Raises:
        NoteMalformedError: it is not a signed note.
    """
    whole = _decoded(note)
    end = whole.rfind("\n\n")
    if end < 0:
        raise NoteMalformedError("a note has an empty line before its signatures")
    return whole[: end + 1], signature_lines(whole[end + 2 :])


def signature_lines(text: str) -> list[SignatureLine]:
    """The signatures of these lines, as a note ends in them and as a witness answers with them; none has been checked.

    Raises:
        NoteMalformedError: a line is not a signature line, or there are too many, or none.
    """
    lines = _decoded(text).split("\n")
    if lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteMalformedError(f"a note has from 1 to {MOST_SIGNATURES} signatures, each on a line of its own")
    return [_signature_line(line) for line in lines]


def _signature_line(line: str) -> SignatureLine:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator or not is_key_name(name):
        raise NoteMalformedError("a signature line is a dash, the key's name and base64, with a space between them")
    try:
        content = from_base64(encoded)
    except LineMalformedError:
        raise NoteMalformedError("a signature is base64") from None
    if len(content) <= KEY_ID_SIZE:
        raise NoteMalformedError("a signature is longer than its key id")
    return SignatureLine(name, content[:KEY_ID_SIZE], content[KEY_ID_SIZE:])


def _checked(text: bytes, line: SignatureLine, key: VerifierKey) -> Verified:
    time, signature, message = None, line.signature, text
    if key.kind == COSIGNATURE:
        time, signature = int.from_bytes(line.signature[:_TIME_SIZE], "big"), line.signature[_TIME_SIZE:]
        message = _cosigned(text, time)
    if (time or 0) > LARGEST_SIZE or not key.verifies(signature, message):
        raise SignatureInvalidError(f"the signature in the name of {key.name} ({key.key_id.hex()}) is not that key's")
    return Verified(key, time, line)


def _cosigned(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text


def _encoded(text: str) -> bytes:
    if not text.endswith("\n"):
        raise NoteMalformedError("the text of a note ends in a newline")
    return _decoded(text).encode()


def _decoded(note: str | bytes) -> str:
    """The note as text; whatever else its bytes are, they are few, UTF-8, and without control characters."""
    if len(note) > LONGEST_NOTE:
        raise NoteMalformedError(f"a note has at most {LONGEST_NOTE} bytes")
    try:
        raw = note if isinstance(note, bytes) else note.encode()
        text = raw.decode()
    except UnicodeError:
        raise NoteMalformedError("a note is UTF-8") from None
    if len(raw) > LONGEST_NOTE or _CONTROL.search(text):
        raise NoteMalformedError(f"a note has at most {LONGEST_NOTE} bytes, and no control characters but newlines")
    return text
