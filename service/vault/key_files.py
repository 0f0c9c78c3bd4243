"""Key-encryption keys in files: `kek-<n>.key` in one folder, 32 random bytes as base64, for nobody else to read."""

import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from pathlib import Path
from typing import Final

SIZE: Final = 32
_NAME: Final = re.compile(r"kek-([1-9][0-9]{0,8})\.key")
_TOO_OPEN: Final = stat.S_IWGRP | stat.S_IRWXO
"""A group may read (a mounted secret is often given so); nobody else may, and only the owner may write."""


class KeyFileError(Exception):
    """A key file is readable by others, or does not hold a key."""


def keys_in(folder: Path) -> dict[int, bytes]:
    """Every key of the folder, by number; the first one is made where there is none.

    Raises:
        KeyFileError: a file is open to others, or does not hold a key.
    """
    if not _files(folder):
        make_key_file(folder, 1)
    return {number: _key_in(path) for number, path in sorted(_files(folder).items())}


def make_key_file(folder: Path, number: int) -> None:
    """Make one key, whole or not at all; where another process was faster, its key stands."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".kek-{number}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b64encode(secrets.token_bytes(SIZE)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _name_once(unfinished, folder / f"kek-{number}.key")
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(folder)


def _name_once(unfinished: Path, final: Path) -> None:
    # A link, unlike a rename, never takes the place of a key that stands: what it sealed could not be read again.
    try:
        final.hardlink_to(unfinished)
    except FileExistsError:
        return


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> dict[int, Path]:
    found = folder.iterdir() if folder.exists() else ()
    return {int(match[1]): path for path in found if (match := _NAME.fullmatch(path.name))}


def _key_in(path: Path) -> bytes:
    if path.stat().st_mode & _TOO_OPEN:
        raise KeyFileError(f"{path.name} is open to others: its mode must be 0600")
    try:
        key = b64decode(path.read_bytes().strip(), validate=True)
    except NotBase64Error:
        key = b""
    if len(key) != SIZE:
        raise KeyFileError(f"{path.name} does not hold {SIZE} bytes as base64")
    return key
