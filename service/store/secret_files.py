"""Secrets that the service makes for itself: files in the home folder that only its own user can read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


class SecretExposedError(Exception):
    """A secret's file can be read by other users."""


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in this file; made, and durably written, when there is none yet. Two makers end up with the same one.

    Raises:
        SecretExposedError: the file is open to other users.
    """
    if not path.exists():
        _write_once(path, make())
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """The secret in this file.

    Raises:
        FileNotFoundError: there is none.
        SecretExposedError: the file is open to other users.
    """
    if path.stat().st_mode & 0o077:
        raise SecretExposedError(f"{path} is open to other users: chmod 600 it, and think of its secret as known")
    return path.read_bytes()


def _write_once(path: Path, secret: bytes) -> None:
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=_FOLDER_MODE)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
    try:
        os.write(handle, secret)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(making, path)  # fails where another process was quicker: its secret is the one
    except FileExistsError:
        return
    finally:
        making.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
