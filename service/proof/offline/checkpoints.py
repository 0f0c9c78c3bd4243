"""Checkpoints: the size and root of a log at one moment, under a signature; and the statement of heads beside each."""

from __future__ import annotations

import base64
import re
from typing import NamedTuple

from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.notes import LOG_KEY, Signature, VerifierKey, open_note, signed_by_log
from service.proof.offline.reading import GREATEST, hash_of_base64

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
