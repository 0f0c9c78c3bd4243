"""Rotating key-encryption keys: data keys and actors are put under the newest one while the service runs and writes.

Nothing of it is in an event: the sealed values stay as they are, only what opens them is wrapped anew. Each batch is a
transaction of its own and each row is changed only where its old bytes still stand, so it can be broken off anywhere and
begun again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from service.store.ledger import NewKey
from service.store.sealing.keyrings import HEARD_SECONDS
from service.vault.actors import open_actor, seal_actor
from service.vault.boxes import BoxDamagedError
from service.vault.keks.source import KekSource
from service.vault.keyring import KekMissingError, Keyring

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

BATCH: Final = 500
_WAIT_SECONDS: Final = 0.2

_KEYS_BY_KEK: Final = "select kek, count(*) from vault.keys where wrapped <> '' group by kek order by kek"
_DESTROYED: Final = "select count(*) from vault.keys where wrapped = ''"
_ACTORS_BY_NUMBER: Final = """
    select substring(sealed from 1 for 4), count(*)
    from (select sealed from ledger.actors union all select sealed from access.readers) as every group by 1 order by 1
"""
_RETIRED: Final = "select name from vault.retired_keks order by number, name"
_PROCESSES: Final = """
    select newest, held from vault.keyrings where said_at > clock_timestamp() - make_interval(secs => $1)
"""
_OLD_KEYS: Final = """
    select key_id, about, wrapped, kek from vault.keys
    where key_id > $1 and wrapped <> '' and kek <> $2 order by key_id limit $3
"""
_OLD_ACTORS: Final = """
    select actor, sealed from ledger.actors
    where actor > $1 and substring(sealed from 1 for 4) <> int4send($2) order by actor limit $3
"""
_OLD_READERS: Final = """
    select actor, sealed from access.readers
    where actor > $1 and substring(sealed from 1 for 4) <> int4send($2) order by actor limit $3
"""
_REWRAP: Final = "select vault.rewrap($1, $2, $3, $4)"
_RESEAL: Final = "select vault.reseal_actors($1, $2, $3, $4)"
_RETIRE: Final = "select vault.retire($1, $2)"
_FIRST: Final = UUID(int=0)


class KekInUseError(Exception):
    """A key-encryption key cannot be retired; the message says what still needs it."""


class ProcessBehindError(Exception):
    """A process that is running has not taken in the newest key: nothing was wrapped under it yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies under each key-encryption key: data keys by its name, actors and readers by its number; who holds which."""

    data_keys: Mapping[str, int]
    actors: Mapping[int, int]
    destroyed: int
    retired: Sequence[str]
    processes: Sequence["Process"]


@dataclass(frozen=True, slots=True)
class Process:
    """A running process: the key that it wraps with, and those that it holds."""

    newest: str
    held: frozenset[str]


@dataclass(slots=True)
class Progress:
    """How far a rotation is: rows wrapped anew, and rows that could not be opened and stay as they were."""

    keys: int = 0
    actors: int = 0
    damaged: int = 0


class Rotation:
    """What an operator does with the key-encryption keys of a ledger. `connect` opens connections that may append."""

    def __init__(self, keyring: Keyring, source: KekSource, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._keyring = keyring
        self._source = source
        self._connect = connect

    async def standing(self) -> Standing:
        """What lies under which key now."""
        connection = await self._connect()
        try:
            return Standing(
                data_keys={row[0]: row[1] for row in await connection.fetch(_KEYS_BY_KEK)},
                actors={int.from_bytes(row[0], "big"): row[1] for row in await connection.fetch(_ACTORS_BY_NUMBER)},
                destroyed=await connection.fetchval(_DESTROYED),
                retired=[row[0] for row in await connection.fetch(_RETIRED)],
                processes=await _processes(connection),
            )
        finally:
            await connection.close()

    async def make_next(self) -> str:
        """Make a newer key, and take it in here; its name.

        Raises:
            KekSourceError: none was made.
        """
        await asyncio.to_thread(self._source.make_next)
        self._keyring.take_in(await asyncio.to_thread(self._source.load))
        return self._keyring.newest

    async def until_all_hold(self, *, patience_seconds: float) -> None:
        """Return once every process that was heard of lately holds the newest key.

        Raises:
            ProcessBehindError: one does not, after all this time.
        """
        connection = await self._connect()
        try:
            async with asyncio.timeout(patience_seconds):
                await self._until_all_hold(connection)
        except TimeoutError:
            raise ProcessBehindError(
                f"a running process does not hold {self._keyring.newest}: can it reach where the keys are kept? Once it"
                " does, or has ended, run this again"
            ) from None
        finally:
            await connection.close()

    async def rewrap(self, said: Callable[[Progress], None] = lambda _progress: None) -> Progress:
        """Put everything under the newest key, in batches; `said` is told after each.

        What others add meanwhile is looked for too. Rows that do not open are counted and left: they may be put right.
        """
        connection = await self._connect()
        progress = Progress()
        try:
            await connection.execute("set enable_seqscan = off")
            while await self._pass(connection, progress, said):
                progress.damaged = 0
        finally:
            await connection.close()
        return progress

    async def retire(self, number: int) -> str:
        """Keep a key no longer, once nothing lies under it and nobody wraps with it; its name.

        Raises:
            KekInUseError: something or somebody still needs it, or there is no such key.
            KekSourceError: it is kept still; whoever wraps with it is refused already.
        """
        name = self._keyring.name_of(number)
        if name is None:
            raise KekInUseError(f"there is no key-encryption key {number}")
        if name == self._keyring.newest:
            raise KekInUseError(f"{name} is the newest: rotate first")
        connection = await self._connect()
        try:
            if any(process.newest == name for process in await _processes(connection)):
                raise KekInUseError(f"a running process still wraps with {name}")
            await connection.execute(_RETIRE, name, number)
        except asyncpg.RestrictViolationError as error:
            raise KekInUseError(f"{error}: rotate first") from None
        finally:
            await connection.close()
        await asyncio.to_thread(self._source.retire, number)
        return name

    async def _until_all_hold(self, connection: Connection) -> None:
        while True:
            if all(self._keyring.newest in each.held for each in await _processes(connection)):
                return
            await asyncio.sleep(_WAIT_SECONDS)

    async def _pass(self, connection: Connection, progress: Progress, said: Callable[[Progress], None]) -> bool:
        """Go through all that lies under older keys once; whether anything was changed."""
        before = progress.keys + progress.actors
        after = _FIRST
        while rows := await connection.fetch(_OLD_KEYS, after, self._keyring.newest, BATCH):
            await self._rewrap_batch(connection, [NewKey(*row) for row in rows], progress)
            after = rows[-1][0]
            said(progress)
        for old in (_OLD_ACTORS, _OLD_READERS):
            after = _FIRST
            while rows := await connection.fetch(old, after, self._keyring.actor_cipher()[0], BATCH):
                sealed = [(row[0], row[1]) for row in rows]
                await self._reseal_batch(connection, sealed, progress, readers=old is _OLD_READERS)
                after = rows[-1][0]
                said(progress)
        return progress.keys + progress.actors > before

    async def _rewrap_batch(self, connection: Connection, rows: Sequence[NewKey], progress: Progress) -> None:
        done = []
        for row in rows:
            try:
                done.append((row, self._keyring.wrapped_anew(row)))
            except (KekMissingError, BoxDamagedError):
                progress.damaged += 1
        if done:
            progress.keys += await connection.fetchval(
                _REWRAP,
                [old.key_id for old, _ in done],
                [old.wrapped for old, _ in done],
                [new.wrapped for _, new in done],
                [new.kek for _, new in done],
            )

    async def _reseal_batch(
        self, connection: Connection, rows: Sequence[tuple[UUID, bytes]], progress: Progress, *, readers: bool
    ) -> None:
        done = []
        for actor, sealed in rows:
            try:
                done.append((actor, sealed, seal_actor(self._keyring, actor, open_actor(self._keyring, actor, sealed))))
            except (KekMissingError, BoxDamagedError):
                progress.damaged += 1
        if done:
            columns = (list(column) for column in zip(*done, strict=True))
            progress.actors += await connection.fetchval(_RESEAL, *columns, readers)


async def _processes(connection: Connection) -> list[Process]:
    return [Process(row[0], frozenset(row[1])) for row in await connection.fetch(_PROCESSES, HEARD_SECONDS)]
