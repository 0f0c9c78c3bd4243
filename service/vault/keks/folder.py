"""Key-encryption keys in files of one folder: the place they are kept in unless the settings name another."""

from base64 import b64encode
from pathlib import Path
from typing import Final

from typing_extensions import override

from service.secret_files import remove_secret, write_once
from service.vault.keks.source import KekSource, KekSourceUnavailableError, new_key, next_number
from service.vault.key_files import key_files, keys_in


class FolderKeks(KekSource):
    """The folder of a local keyring."""

    name: Final = "key files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @override
    def numbers(self) -> frozenset[int]:
        try:
            return frozenset(key_files(self._folder))
        except OSError as error:
            raise KekSourceUnavailableError(f"the folder of the keys cannot be read: {error.strerror}") from None

    @override
    def load(self) -> dict[int, bytes]:
        if not self.numbers():
            return {}
        try:
            return keys_in(self._folder)
        except OSError as error:
            raise KekSourceUnavailableError(f"the folder of the keys cannot be read: {error.strerror}") from None

    @override
    def add(self, number: int, key: bytes) -> None:
        try:
            write_once(self._file(number), b64encode(key) + b"\n")
        except OSError as error:
            raise KekSourceUnavailableError(f"no key can be written: {error.strerror}") from None

    @override
    def make_next(self) -> int:
        number = next_number(self.numbers())
        self.add(number, new_key())
        return number

    @override
    def retire(self, number: int) -> None:
        try:
            remove_secret(self._file(number))
        except OSError as error:
            raise KekSourceUnavailableError(f"the key cannot be removed: {error.strerror}") from None

    def _file(self, number: int) -> Path:
        return self._folder / f"kek-{number}.key"
