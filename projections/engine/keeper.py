"""One read model for as long as the process runs: claimed, followed, tried again after a bad day, stopped by an error."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import asyncpg

from projections.engine.folding import FoldError
from projections.engine.follower import Follower, PositionGapError
from projections.engine.model import AnyReadModel
from projections.engine.positions import Claim, Connect, FencedError, OutdatedError, claim, live_version, stop
from projections.engine.progress import Progress
from projections.engine.reader import SharedReader

Transient = tuple[type[Exception], ...]

TRANSIENT: Final[Transient] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
)
"""What a database does on a bad day: tried again, with growing pauses. Everything else stops the read model."""

Report = Callable[[str, str], None]
"""Told the name of a read model and what befell it; never a personal value."""

_CLOSE_SECONDS: Final = 2.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How much is taken at once, and how long is waited, in seconds."""

    batch_events: int = 500
    standby_seconds: float = 2.0
    first_pause_seconds: float = 0.05
    longest_pause_seconds: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every keeper of a process shares."""

    reader: SharedReader
    connect: Connect
    progress: Progress
    report: Report
    transient: Transient
    pace: Pace


class StoppedError(Exception):
    """The read model met an error and was stopped; its message says where."""


class Keeper:
    """Keeps one read model in step with the log."""

    def __init__(self, model: AnyReadModel, surroundings: Surroundings) -> None:
        self._model = model
        self._shared = surroundings
        self._passing: Transient = (FencedError, *surroundings.transient)
        self._pause_seconds = surroundings.pace.first_pause_seconds

    async def keep(self) -> None:
        """Own the read model whenever nobody else does; returns when it has stopped. One to be rebuilt is waited for."""
        told: str | None = None
        while True:
            try:
                await self._own()
                await asyncio.sleep(self._shared.pace.standby_seconds)
            except StoppedError as error:
                self._report(f"stopped: {error}")
                return
            except OutdatedError as error:
                # A rebuild beside this process ends it: who had gone away would leave the new tables behind the log.
                if str(error) != told:
                    told = str(error)
                    self._report(f"must be rebuilt: {told}")
                if self._shared.reader.failure is not None:
                    return
                await asyncio.sleep(self._shared.pace.standby_seconds)
            except self._passing as error:
                self._report(f"tries again: {type(error).__name__}")
                await asyncio.sleep(self._pause_seconds)
                self._pause_seconds = min(self._pause_seconds * 2, self._shared.pace.longest_pause_seconds)

    async def _own(self) -> None:
        connection = await self._shared.connect()
        try:
            version = await live_version(connection, self._model)
            held = await claim(connection, self._model, version)
            if held is not None:
                await self._follow(connection, held)
        finally:
            await _close(connection)

    async def _follow(self, connection: asyncpg.Connection, held: Claim) -> None:
        follower = Follower(self._model, connection, held)
        try:
            while True:
                await self._shared.progress.tell(self._model.name, held.position)
                await follower.take(await self._shared.reader.after(held.position))
                self._pause_seconds = self._shared.pace.first_pause_seconds
        except self._passing:
            raise
        except Exception as error:
            message = said(error, held)
            await stop(connection, held, message)
            raise StoppedError(message) from error

    def _report(self, what: str) -> None:
        self._shared.report(self._model.name, what)


def said(error: Exception, held: Claim) -> str:
    """What may be told of an error: its kind and its place. Its own words may quote a value, so they are left out."""
    if isinstance(error, FoldError | PositionGapError):
        return str(error)
    state = f" {error.sqlstate}" if isinstance(error, asyncpg.PostgresError) else ""
    return f"{type(error).__name__}{state} after position {held.position}"


async def _close(connection: asyncpg.Connection) -> None:
    try:
        await connection.close(timeout=_CLOSE_SECONDS)
    except TRANSIENT:
        connection.terminate()
