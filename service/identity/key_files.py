"""Secrets of this installation: made on first use, kept in a folder that only its owner may read."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

_BYTES: Final = 32
_NAME: Final = re.compile(r"[a-z][a-z-]{0,40}")


class KeyFileError(Exception):
    """A key file cannot be used as it stands; the message says which, and what to do."""


class KeyFolder:
    """Key files by name. Two processes that start together get the same key: the first to write it wins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def secret(self, name: str) -> bytes:
        """32 random bytes, the same ones for ever.

        Raises:
            KeyFileError: the file is damaged, or others may read it.
        """
        found = self.kept(name, lambda: secrets.token_bytes(_BYTES))
        if len(found) != _BYTES:
            raise KeyFileError(f"{name} is not {_BYTES} bytes long: restore it from a backup")
        return found

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The content of a key file; `make` gives it where the file does not exist yet.

        Raises:
            KeyFileError: others than its owner may read it.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        path = self._folder / name
        if not path.exists():
            self._write(path, make())
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"others may read the key file {name}: make its mode 0600")
        return path.read_bytes()

    def _write(self, path: Path, content: bytes) -> None:
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a rename, never replaces: whoever comes second uses what the first one wrote.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
        _sync(self._folder)


def _sync(folder: Path) -> None:
    """Make the new name durable: a key that is lost with the power takes what it sealed with it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
