"""Key-encryption keys in files that only a key service can open: the transit engine of Vault or OpenBao over HTTP.

The keys are made here and encrypted there; `kek-<n>.transit` in the keys folder holds the ciphertext. Whoever takes the
folder and the database has nothing while the service refuses them.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
from typing_extensions import override

from service.secret_files import SecretFileError, read_secret, remove_secret, replace_secret, write_once
from service.vault.keks.source import (
    KekSource,
    KekSourceRefusedError,
    KekSourceUnavailableError,
    checked,
    new_key,
    next_number,
)

_NAME: Final = re.compile(r"kek-([1-9][0-9]{0,8})\.transit")
_SECONDS: Final = 3.0
"""Requests may wait for this while a key is fetched that nobody knew of."""

_WAITS: Final = frozenset(
    {
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses of a service that is sealed, standing by, crowded or away: the same request may be answered later."""


@dataclass(frozen=True, slots=True)
class TransitPlace:
    """Where the transit engine is, which of its keys wraps ours, and the file in which an agent keeps our token."""

    url: str
    key: str
    token_file: Path


class TransitKeks(KekSource):
    """Ciphertexts in a folder, opened by a key service. `open_client` makes the client of one conversation."""

    name: Final = "key service (transit)"

    def __init__(
        self, folder: Path, place: TransitPlace, *, open_client: Callable[[], httpx.Client] | None = None
    ) -> None:
        self._folder = folder
        self._place = place
        self._open_client = open_client or (lambda: httpx.Client(timeout=_SECONDS, trust_env=False))

    @override
    def numbers(self) -> frozenset[int]:
        return frozenset(self._files())

    @override
    def load(self) -> dict[int, bytes]:
        files = self._files()
        with self._open_client() as client:
            return {number: self._opened(client, number, path) for number, path in sorted(files.items())}

    @override
    def add(self, number: int, key: bytes) -> None:
        with self._open_client() as client:
            data = self._asked(client, "encrypt", plaintext=b64encode(key).decode())
        self._write(partial(write_once, self._file(number), _ciphertext(data)))

    @override
    def make_next(self) -> int:
        """As the port says; and what is kept already is put under the newest version of the service's own key."""
        self._wrap_anew()
        number = next_number(self.numbers())
        self.add(number, new_key())
        return number

    @override
    def retire(self, number: int) -> None:
        self._write(partial(remove_secret, self._file(number)))

    def _wrap_anew(self) -> None:
        with self._open_client() as client:
            for path in self._files().values():
                data = self._asked(client, "rewrap", ciphertext=_text_of(path))
                self._write(partial(replace_secret, path, _ciphertext(data)))

    def _opened(self, client: httpx.Client, number: int, path: Path) -> bytes:
        data = self._asked(client, "decrypt", ciphertext=_text_of(path))
        try:
            return checked(number, b64decode(str(data.get("plaintext", "")), validate=True))
        except NotBase64Error:
            raise KekSourceRefusedError("the key service answered with what is not base64") from None

    def _asked(self, client: httpx.Client, verb: str, **body: str) -> dict[str, Any]:
        """Ask the service; the `data` of its answer.

        Raises:
            KekSourceUnavailableError, KekSourceRefusedError: it did not do it; its own words are not repeated, because
                they may hold what was sent.
        """
        url = f"{self._place.url.rstrip('/')}/v1/transit/{verb}/{quote(self._place.key, safe='')}"
        try:
            answer = client.post(url, json=body, headers={"X-Vault-Token": self._token()})
        except httpx.HTTPError as error:
            raise KekSourceUnavailableError(f"the key service cannot be reached: {type(error).__name__}") from None
        if answer.status_code in _WAITS:
            raise KekSourceUnavailableError(f"the key service is sealed or away: it answered {answer.status_code}")
        if answer.status_code == HTTPStatus.FORBIDDEN:
            raise KekSourceRefusedError(f"the key service does not let us {verb}: is the token of its file still good?")
        if not answer.is_success:
            raise KekSourceRefusedError(
                f"the key service would not {verb} (it answered {answer.status_code}): is there the transit key, and is"
                " its oldest version still allowed?"
            )
        return _data_of(answer)

    def _token(self) -> str:
        """Read anew each time: an agent renews it."""
        try:
            return read_secret(self._place.token_file, group_may_read=True).decode("ascii").strip()
        except OSError as error:
            raise KekSourceUnavailableError(f"the key service's token cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise KekSourceRefusedError("the key service's token is not one") from None
        except SecretFileError as error:
            raise KekSourceRefusedError(str(error)) from None

    def _files(self) -> dict[int, Path]:
        try:
            found = list(self._folder.iterdir()) if self._folder.exists() else []
        except OSError as error:
            raise KekSourceUnavailableError(f"the folder of the keys cannot be read: {error.strerror}") from None
        return {int(match[1]): path for path in found if (match := _NAME.fullmatch(path.name))}

    def _file(self, number: int) -> Path:
        return self._folder / f"kek-{number}.transit"

    @staticmethod
    def _write(change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            raise KekSourceUnavailableError(f"no key can be written: {error.strerror}") from None


def _text_of(path: Path) -> str:
    try:
        return read_secret(path, group_may_read=True).decode("ascii").strip()
    except OSError as error:
        raise KekSourceUnavailableError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise KekSourceRefusedError(f"{path.name} does not hold what the key service gave") from None


def _data_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = answer.json()["data"]
    except (ValueError, KeyError, TypeError):
        raise KekSourceRefusedError("the key service answered with what is not its form") from None
    if not isinstance(data, dict):
        raise KekSourceRefusedError("the key service answered with what is not its form")
    return data


def _ciphertext(data: dict[str, Any]) -> bytes:
    text = data.get("ciphertext")
    if not isinstance(text, str) or not text.isascii() or not text:
        raise KekSourceRefusedError("the key service answered without a ciphertext")
    return text.encode("ascii") + b"\n"
