"""The keyring of a running process: had from where the settings say, kept up to date, and made known to the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import asyncpg
import structlog

from service.secret_files import SecretFileError
from service.settings import Settings
from service.store.connect import Database, DatabaseUnreachableError, connect
from service.store.sealing.keeper import KeeperKeks
from service.vault.keks.folder import FolderKeks
from service.vault.keks.source import KekSource, KekSourceError, KekSourceRefusedError
from service.vault.keks.transit import TransitKeks, TransitPlace
from service.vault.keyring import Keyring

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

LOG = structlog.get_logger()

LOOK_SECONDS: Final = 2.0
"""How often a process looks whether there is a newer key."""

HEARD_SECONDS: Final = 60.0
"""A process that has not been heard of for so long is taken to have ended."""

_SAY_AGAIN_SECONDS: Final = 20.0
_DROP_SECONDS: Final = 600.0
"""A data key that was destroyed elsewhere stays in memory for no longer."""

_ANY_KEYS: Final = "select exists (select from vault.keys where wrapped <> '')"
_ANNOUNCE: Final = "select vault.announce($1, $2, $3)"
_LEAVE: Final = "select vault.leave($1)"
_TROUBLES: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def source_of(settings: Settings) -> KekSource:
    """Where the settings say that the key-encryption keys are kept."""
    if settings.keeper_url is not None:
        return KeeperKeks(settings.keeper_url, settings.keys)
    if settings.transit_url is not None and settings.transit_token_file is not None:
        place = TransitPlace(settings.transit_url, settings.transit_key, settings.transit_token_file)
        return TransitKeks(settings.keys, place)
    return FolderKeks(settings.keys)


@asynccontextmanager
async def opened_keyring(settings: Settings, database: Database) -> AsyncIterator[Keyring]:
    """The keyring of this process, kept up to date and made known to the others while the context is open.

    Raises:
        KekSourceError, SecretFileError: as `open_keyring` does.
    """
    source = source_of(settings)
    keyring = await open_keyring(source, database.reader)
    watch = KeyringWatch(keyring, source, partial(connect, database.writer, application="incident-ledger keys"))
    async with watch.watching():
        yield keyring


async def open_keyring(source: KekSource, reader_url: str) -> Keyring:
    """The keys of a source, in memory; the first one is made while nothing was ever sealed.

    Raises:
        KekSourceError: the keys cannot be had, or there are none though something is sealed.
        SecretFileError: a file is open to others, or does not hold a key.
    """
    if not await asyncio.to_thread(source.numbers):
        if await _sealed_already(reader_url):
            raise KekSourceRefusedError(
                f"there is no key-encryption key in: {source.name}, but persons are sealed in this database: restore the"
                " keys from a backup, or, where they are kept elsewhere now, run incident-ledger keys init"
            )
        await asyncio.to_thread(source.make_next)
    return await asyncio.to_thread(Keyring.of, source)


async def _sealed_already(reader_url: str) -> bool:
    connection = await connect(reader_url, application="incident-ledger keys")
    try:
        found: bool = await connection.fetchval(_ANY_KEYS)
    finally:
        await connection.close()
    return found


class KeyringWatch:
    """Takes in the keys that others make, and says in the database which ones this process holds.

    Nothing is wrapped under a new key by a rotation before every process that was heard of says that it holds it.
    `connect` opens connections that may append.
    """

    def __init__(
        self,
        keyring: Keyring,
        source: KekSource,
        connect: Callable[[], Awaitable[Connection]],
        *,
        look_seconds: float = LOOK_SECONDS,
        drop_seconds: float = _DROP_SECONDS,
    ) -> None:
        self._keyring = keyring
        self._source = source
        self._connect = connect
        self._look_seconds = look_seconds
        self._drop_seconds = drop_seconds
        self._process: UUID = uuid4()
        self._said: tuple[str, ...] = ()
        self._quiet_until = 0.0
        self._trouble: str | None = None

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch while the context is open; the process is known before it begins, and no more after it."""
        await self._look()
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with suppress(*_TROUBLES):
                await self._tell(_LEAVE, self._process)

    async def _watch(self) -> None:
        drops = asyncio.get_running_loop().time() + self._drop_seconds
        while True:
            await asyncio.sleep(self._look_seconds)
            await self._look()
            if (now := asyncio.get_running_loop().time()) >= drops:
                self._keyring.drop_unwrapped()
                drops = now + self._drop_seconds

    async def _look(self) -> None:
        """Trouble is said once, and what is in memory goes on: the next look may find it gone."""
        try:
            await self._take_in()
            await self._announce()
        except (KekSourceError, SecretFileError, DatabaseUnreachableError, *_TROUBLES) as error:
            if self._trouble != type(error).__name__:
                self._trouble = type(error).__name__
                LOG.warning("keys cannot be looked at", error=self._trouble)
            return
        self._trouble = None

    async def _take_in(self) -> None:
        if not await asyncio.to_thread(self._source.numbers) <= self._keyring.numbers:
            self._keyring.take_in(await asyncio.to_thread(self._source.load))

    async def _announce(self) -> None:
        held, now = self._keyring.held, asyncio.get_running_loop().time()
        if held == self._said and now < self._quiet_until:
            return
        await self._tell(_ANNOUNCE, self._process, self._keyring.newest, list(held))
        self._said, self._quiet_until = held, now + _SAY_AGAIN_SECONDS

    async def _tell(self, statement: str, *values: object) -> None:
        async with asyncio.timeout(_SAY_AGAIN_SECONDS):
            connection = await self._connect()
            try:
                await connection.execute(statement, *values)
            finally:
                await connection.close(timeout=2)
