"""Files that hold a secret of this installation: made once, durably, and only for their owner to read."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_GROUP_READS: Final = stat.S_IRGRP


class SecretFileError(Exception):
    """A secret's file cannot be used as it stands; the message says which, and what to do."""


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in this file; made, and durably written, when there is none yet. Two makers end up with the same one.

    Raises:
        SecretFileError: the file is open to other users.
    """
    if not path.exists():
        write_once(path, make())
    return read_secret(path)


def read_secret(path: Path, *, group_may_read: bool = False) -> bytes:
    """The secret in this file; a mounted secret is often given so that a group may read it.

    Raises:
        FileNotFoundError: there is none.
        SecretFileError: the file is open to other users.
    """
    allowed = stat.S_IRWXU | (_GROUP_READS if group_may_read else 0)
    if stat.S_IMODE(path.stat().st_mode) & ~allowed:
        raise SecretFileError(
            f"{path.name} is open to other users: make its mode 0600 (chmod 600), and think of its secret as known"
        )
    return path.read_bytes()


def write_once(path: Path, content: bytes) -> None:
    """Write the file whole or not at all; where another process was quicker, what it wrote stands."""
    if not path.parent.exists():
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    with _made(path, content) as making:
        _name_once(making, path)


def replace_secret(path: Path, content: bytes) -> None:
    """Put other content in the place of what stands, whole or not at all: a reader finds the one or the other."""
    with _made(path, content) as making:
        making.replace(path)


def remove_secret(path: Path) -> None:
    """Remove the file, durably; what is not there is no error."""
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync(path.parent)


@contextmanager
def _made(path: Path, content: bytes) -> Iterator[Path]:
    """A file beside the one meant, written and durable, to be given its name while the context is open."""
    making = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield making
    finally:
        making.unlink(missing_ok=True)
    _sync(path.parent)


def _name_once(making: Path, path: Path) -> None:
    # A link, unlike a rename, never takes the place of a secret that stands: what it sealed could not be read again.
    try:
        path.hardlink_to(making)
    except FileExistsError:
        return


def _sync(folder: Path) -> None:
    """Make the new name durable: a key that is lost with the power takes what it sealed with it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
