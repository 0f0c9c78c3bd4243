"""Key-encryption keys in files: `kek-<n>.key` in one folder, 32 random bytes as base64, for nobody else to read."""

import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from pathlib import Path
from typing import Final

from service.secret_files import SecretFileError, read_secret, write_once

SIZE: Final = 32
_NAME: Final = re.compile(r"kek-([1-9][0-9]{0,8})\.key")


def keys_in(folder: Path) -> dict[int, bytes]:
    """Every key of the folder, by number; the first one is made where there is none.

    Raises:
        SecretFileError: a file is open to others, or does not hold a key.
    """
    if not key_files(folder):
        make_key_file(folder, 1)
    return {number: _key_in(path) for number, path in sorted(key_files(folder).items())}


def make_key_file(folder: Path, number: int) -> None:
    """Make one key, whole or not at all; where another process was faster, its key stands."""
    write_once(folder / f"kek-{number}.key", b64encode(secrets.token_bytes(SIZE)) + b"\n")


def key_files(folder: Path) -> dict[int, Path]:
    """The files of the folder that keep keys, by number; none where there is no folder."""
    found = folder.iterdir() if folder.exists() else ()
    return {int(match[1]): path for path in found if (match := _NAME.fullmatch(path.name))}


def _key_in(path: Path) -> bytes:
    try:
        key = b64decode(read_secret(path, group_may_read=True).strip(), validate=True)
    except NotBase64Error:
        key = b""
    if len(key) != SIZE:
        raise SecretFileError(f"{path.name} does not hold {SIZE} bytes as base64")
    return key
