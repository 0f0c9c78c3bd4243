"""Key-encryption keys in PostgreSQL, under another role and best on another server than the ledger's.

Each is sealed once more under a secret file of the keys folder, with its number authenticated: a dump of that database
alone opens nothing, and neither does the folder alone.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import override

from service.secret_files import SecretFileError, kept_secret, read_secret
from service.store.connect import DatabaseUrlInvalidError, connect
from service.vault.boxes import BoxDamagedError, open_bytes, seal_bytes
from service.vault.keks.source import (
    KekSource,
    KekSourceRefusedError,
    KekSourceUnavailableError,
    checked,
    new_key,
    next_number,
)
from service.vault.key_files import SIZE

FILE: Final = "keeper"
"""The file under which the rows are sealed."""

_SECONDS: Final = 3.0
"""Requests may wait for this while a key is fetched that nobody knew of."""

_MAKE: Final = """
    create schema if not exists keeper;
    revoke all on schema keeper from public;
    create table if not exists keeper.keks (
        number integer not null constraint keks_pkey primary key,
        sealed bytea not null,
        made_at timestamptz not null default now(),
        constraint keks_number_check check (number > 0)
    );
    revoke all on keeper.keks from public;
"""
_NUMBERS: Final = "select number from keeper.keks"
_LOAD: Final = "select number, sealed from keeper.keks order by number"
_ADD: Final = "insert into keeper.keks (number, sealed) values ($1, $2) on conflict do nothing"
_RETIRE: Final = "delete from keeper.keks where number = $1"

_Answer = TypeVar("_Answer")


class KeeperKeks(KekSource):
    """The table `keeper.keks` at a URL, and the folder of the secret that seals its rows."""

    name: Final = "keeper (PostgreSQL)"

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder

    def prepare(self) -> None:
        """Make the table where there is none.

        Raises:
            KekSourceError: it cannot be made.
        """
        self._asked(lambda connection: connection.execute(_MAKE))

    @override
    def numbers(self) -> frozenset[int]:
        return frozenset(row[0] for row in self._asked(lambda connection: connection.fetch(_NUMBERS)))

    @override
    def load(self) -> dict[int, bytes]:
        rows = self._asked(lambda connection: connection.fetch(_LOAD))
        if not rows:
            return {}
        cipher = self._cipher(self._secret())
        return {number: _opened(cipher, number, sealed) for number, sealed in rows}

    @override
    def add(self, number: int, key: bytes) -> None:
        # a secret is made only where nothing is sealed under one that was lost
        secret = self._secret() if self.load() else self._first_secret()
        sealed = seal_bytes(self._cipher(secret), key, _place(number))
        self._asked(lambda connection: connection.execute(_ADD, number, sealed))

    @override
    def make_next(self) -> int:
        number = next_number(self.numbers())
        self.add(number, new_key())
        return number

    @override
    def retire(self, number: int) -> None:
        self._asked(lambda connection: connection.execute(_RETIRE, number))

    def _secret(self) -> bytes:
        try:
            return read_secret(self._folder / FILE)
        except OSError as error:
            raise KekSourceRefusedError(
                f"the file {FILE} of the keys folder cannot be read ({error.strerror}): restore it from a backup"
            ) from None

    def _first_secret(self) -> bytes:
        try:
            return kept_secret(self._folder / FILE, new_key)
        except OSError as error:
            raise KekSourceUnavailableError(f"the file {FILE} cannot be made: {error.strerror}") from None

    @staticmethod
    def _cipher(secret: bytes) -> AESGCM:
        if len(secret) != SIZE:
            raise SecretFileError(f"{FILE} is not {SIZE} bytes long: restore it from a backup")
        return AESGCM(hashlib.sha256(b"incident-ledger keeper\0" + secret).digest())

    def _asked(self, ask: Callable[["asyncpg.Connection[Any]"], Awaitable[_Answer]]) -> _Answer:
        """Ask over a connection of its own, in a thread of its own: whoever needs a key may be in an event loop.

        Raises:
            KekSourceUnavailableError, KekSourceRefusedError: there is no answer.
        """
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._conversation(ask)).result()

    async def _conversation(self, ask: Callable[["asyncpg.Connection[Any]"], Awaitable[_Answer]]) -> _Answer:
        try:
            async with asyncio.timeout(_SECONDS):
                connection = await connect(self._url, application="incident-ledger keys")
                try:
                    return await ask(connection)
                finally:
                    await connection.close(timeout=1)
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            raise KekSourceRefusedError("the keeper has no table yet: run incident-ledger keys init") from None
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InsufficientPrivilegeError):
            raise KekSourceRefusedError("the keeper does not let us in, or not at its keys") from None
        except (asyncpg.InvalidCatalogNameError, DatabaseUrlInvalidError) as error:
            raise KekSourceRefusedError(f"the keeper's URL names no database ({type(error).__name__})") from None
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise KekSourceUnavailableError(f"the keeper cannot be reached: {type(error).__name__}") from None


def _opened(cipher: AESGCM, number: int, sealed: bytes) -> bytes:
    try:
        return checked(number, open_bytes(cipher, sealed, _place(number)))
    except BoxDamagedError:
        raise KekSourceRefusedError(
            f"key-encryption key {number} does not open with the file {FILE}: another file, or a damaged row"
        ) from None


def _place(number: int) -> bytes:
    return b"keeper kek" + number.to_bytes(4, "big")
