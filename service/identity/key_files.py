"""Secrets of this installation by name: made on first use, kept in a folder that only its owner may read."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from service.secret_files import SecretFileError, kept_secret, replace_secret

_BYTES: Final = 32
_NAME: Final = re.compile(r"[a-z][a-z-]{0,40}")


class KeyFolder:
    """Key files by name. Two processes that start together get the same key: the first to write it wins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def secret(self, name: str) -> bytes:
        """32 random bytes, the same ones for ever.

        Raises:
            SecretFileError: the file is damaged, or others may read it.
        """
        found = self.kept(name, lambda: secrets.token_bytes(_BYTES))
        if len(found) != _BYTES:
            raise SecretFileError(f"{name} is not {_BYTES} bytes long: restore it from a backup")
        return found

    def renew(self, name: str) -> None:
        """Put 32 other random bytes in the place of a secret: what was made with the old ones must be made again.

        Raises:
            OSError: the file cannot be written; the old secret stands.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        if (self._folder / name).exists():
            replace_secret(self._folder / name, secrets.token_bytes(_BYTES))
        else:
            self.secret(name)

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The content of a key file; `make` gives it where the file does not exist yet.

        Raises:
            SecretFileError: others than its owner may read it.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return kept_secret(self._folder / name, make)
