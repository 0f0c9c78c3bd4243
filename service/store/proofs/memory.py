"""What the signer remembers outside the database: the last checkpoint that it signed, written before anybody sees it.

A database that is put back to an older state forgets what was signed since; this file does not. It holds the note itself.
One file for each name under which the log has signed, because a new name is a new beginning.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from service.proof.checkpoint import Checkpoint, CheckpointMalformedError
from service.proof.notes import NoteError, split_note
from service.secret_files import SecretFileError, replace_secret

_PREFIX: Final = "last-checkpoint-"
_LOCK: Final = ".last-checkpoint.lock"


class OvertakenError(Exception):
    """Another signer has signed a larger checkpoint meanwhile: this one is not published."""


def remembered(folder: Path, origin: str) -> Checkpoint | None:
    """The last checkpoint that was signed under this name; None where none was.

    Raises:
        SecretFileError: the file is damaged, or is about another log.
    """
    path = _path(folder, origin)
    try:
        note = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise SecretFileError(f"{path.name} cannot be read: {type(error).__name__}") from None
    try:
        checkpoint = Checkpoint.parse(split_note(note)[0])
    except (NoteError, CheckpointMalformedError):
        raise SecretFileError(f"{path.name} is damaged: restore it from a backup of the keys folder") from None
    if checkpoint.origin != origin:
        raise SecretFileError(f"{path.name} is about another log: restore it from a backup of the keys folder")
    return checkpoint


def remember(folder: Path, note: str) -> None:
    """Remember a signed checkpoint, durably, in the place of the one before it.

    Raises:
        OvertakenError: a larger one is remembered.
        SecretFileError: the file cannot be written, or what stands there cannot be read.
    """
    checkpoint = Checkpoint.parse(split_note(note)[0])
    try:
        with _alone(folder):
            last = remembered(folder, checkpoint.origin)
            if last is not None and last.size > checkpoint.size:
                raise OvertakenError(f"a checkpoint of {last.size} events was signed meanwhile")
            replace_secret(_path(folder, checkpoint.origin), note.encode())
    except OSError as error:
        raise SecretFileError(f"the last checkpoint cannot be remembered: {type(error).__name__}") from error


def remembered_notes(folder: Path) -> tuple[bytes, ...]:
    """What is remembered, of every name, as it stands in the files; for whoever checks the signatures themselves.

    Raises:
        SecretFileError: a file cannot be read.
    """
    try:
        return tuple(path.read_bytes() for path in sorted(folder.glob(f"{_PREFIX}*")))
    except OSError as error:
        raise SecretFileError(f"what the signer remembers cannot be read: {type(error).__name__}") from None


def remembers_any(folder: Path) -> bool:
    """Whether anything was ever signed with this folder."""
    return folder.exists() and any(folder.glob(f"{_PREFIX}*"))


def remembers(folder: Path, origin: str) -> bool:
    """Whether anything was signed under this name."""
    return _path(folder, origin).exists()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one signer at a time looks and writes."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _path(folder: Path, origin: str) -> Path:
    """The file of a name: `incident-ledger/<id>` and `incident-ledger/<id>/2` have each their own."""
    return folder / (_PREFIX + "-".join(origin.split("/")[1:]))
