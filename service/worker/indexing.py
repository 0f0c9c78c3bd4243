"""The blind index, filled: the worker reads the log in order and digests each NHS number that can be opened.

As with reactions, one process owns it at a time, and nothing is skipped: what passes by itself (also a key-encryption key
that is out of reach) is waited out, any other error stops it where it is. What was erased is nobody's number any more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import structlog
from asyncpg import Connection

from domain.incident.events import PersonAdded
from projections.engine.feed import Mark
from projections.engine.keeper import TRANSIENT, StoppedError, said
from projections.engine.positions import Claim, Connect, FencedError, advance, claim, stop
from service.reading.opening import Opening
from service.reading.stories import told_of
from service.store.codec import Codec, stored_name
from service.store.ledger import Ledger, LedgerEvent, LedgerUnavailableError
from service.store.sealing.numbers import NAME, TABLE_VERSION, Bearer, begin_again, digested_under, take_in
from service.vault.blind_index import BlindIndex, NotAnNhsNumberError
from service.vault.keyring import KekMissingError

_STANDBY_SECONDS: Final = 2.0
_PAUSE_SECONDS_MAX: Final = 5.0
_RENEWED_SECONDS: Final = 1.0
_BATCH: Final = 500
_PASSING: Final[tuple[type[Exception], ...]] = (*TRANSIENT, LedgerUnavailableError, FencedError, KekMissingError)
_PERSON_ADDED: Final = stored_name(PersonAdded)

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Named:
    """The name under which its position is kept."""

    name: str = NAME


class NumberIndexer:
    """Follows the log and keeps the index, until it is cancelled. `secret` reads the index's key, which may be renewed."""

    def __init__(
        self, ledger: Ledger, codec: Codec, opening: Opening, connect: Connect, *, secret: Callable[[], bytes]
    ) -> None:
        self._ledger = ledger
        self._codec = codec
        self._opening = opening
        self._connect = connect
        self._secret = secret

    async def run(self) -> None:
        """Own the index whenever nobody else does; a bad day of the database or of the keys is waited out.

        Returns when an error stopped it: the next start tries again from where it stopped.
        """
        pause = 0.05
        while True:
            try:
                renewed = await self._own()
                pause = 0.05
                await asyncio.sleep(0 if renewed else _STANDBY_SECONDS)
            except StoppedError as error:
                LOG.critical("index of persons stopped", where=str(error))
                return
            except _PASSING as error:
                LOG.warning("index of persons tries again", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    async def _own(self) -> bool:
        """Own it until its key is renewed (True); False at once where another process owns it."""
        connection = await self._connect()
        try:
            held = await claim(connection, Named(), TABLE_VERSION)
            if held is None:
                return False
            index = BlindIndex(self._secret())
            if await digested_under(connection) not in (None, index.name):
                await begin_again(connection, epoch=held.epoch)
                held.position = 0
            await self._until_renewed(connection, held, index)
        finally:
            await connection.close(timeout=2)
        return True

    async def _until_renewed(self, connection: Connection, held: Claim, index: BlindIndex) -> None:
        following = asyncio.create_task(self._follow(connection, held, index))
        try:
            while BlindIndex(self._secret()).name == index.name:
                done, _ = await asyncio.wait({following}, timeout=_RENEWED_SECONDS)
                if done:
                    await following
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _follow(self, connection: Connection, held: Claim, index: BlindIndex) -> None:
        try:
            async with aclosing(self._ledger.follow(after=held.position, limit=_BATCH)) as batches:
                await self._keep(connection, held, index, batches)
        except _PASSING:
            raise
        except Exception as error:
            message = said(error, held)
            await stop(connection, held, message)
            raise StoppedError(message) from error

    async def _keep(
        self, connection: Connection, held: Claim, index: BlindIndex, batches: AsyncIterator[list[LedgerEvent]]
    ) -> None:
        async for events in batches:
            bearers = await self._bearers(events, index)
            last = events[-1]
            changed = last.position if bearers else None
            async with connection.transaction():
                if bearers:
                    await take_in(connection, bearers, under=index.name)
                await advance(connection, held, Mark(last.position, last.recorded_at), changed=changed)
            held.position = last.position

    async def _bearers(self, events: Sequence[LedgerEvent], index: BlindIndex) -> list[Bearer]:
        told = told_of([event for event in events if event.type == _PERSON_ADDED], self._codec)
        sealed = [
            (event, event.fact.person, event.fact.nhs_number)
            for event in told
            if isinstance(event.fact, PersonAdded) and event.fact.nhs_number is not None
        ]
        words = await self._opening.of([number for _, _, number in sealed])
        bearers = []
        for event, person, number in sealed:
            digest = _digest(index, words(number))
            if digest is not None:
                bearers.append(Bearer(digest, event.stream, person, number.key, event.organisation))
        return bearers


def _digest(index: BlindIndex, words: object) -> bytes | None:
    """By what it is found; None for what was erased, and for what is no number and so is looked for by nobody."""
    if not isinstance(words, str):
        return None
    try:
        return index.digest(words)
    except NotAnNhsNumberError:
        return None
