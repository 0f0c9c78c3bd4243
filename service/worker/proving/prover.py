"""The prover: it follows the log with the tree for as long as the process runs; what cannot be proved stops it, loudly."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from asyncpg import Connection, Record, UniqueViolationError

from projections.engine.keeper import TRANSIENT, StoppedError
from projections.engine.positions import Claim, Connect, FencedError, claim, remark, stop
from service.secret_files import SecretFileError
from service.store.proofs.leaves import LeafImpossibleError
from service.store.proofs.memory import OvertakenError
from service.store.proofs.nodes import NodeMissingError
from service.store.proofs.standing import SignedOtherwiseError
from service.store.reading.hints import CHANNEL
from service.worker.proving.extending import CHUNK, ProofDamagedError, Tree
from service.worker.proving.signing import Signer

LOG = structlog.get_logger()

_PASSING: Final[tuple[type[Exception], ...]] = (*TRANSIENT, FencedError, OvertakenError, UniqueViolationError)
"""The database has a bad day, or another worker has the tree: it is taken up again."""

_ALARMS: Final = (ProofDamagedError, SignedOtherwiseError, LeafImpossibleError, NodeMissingError, SecretFileError)
"""What was signed and what stands differ: nothing more is signed until somebody has looked. Their words may be shown."""

_SESSION: Final = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off"
"""Every question by index, whatever the statistics of a young table say."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited, in seconds: between two checkpoints, for a sign of new events, and after an error."""

    between: float = 0.5
    poll: float = 1.0
    standby: float = 2.0
    first_pause: float = 0.05
    longest_pause: float = 5.0


@dataclass(frozen=True, slots=True)
class Named:
    """The name under which the position of the proof is kept, beside those of the read models."""

    name: str = "proof"


class Prover:
    """Extends the tree whenever no other worker does, until it is cancelled."""

    def __init__(self, connect: Connect, keys: Path, *, pace: Pace | None = None) -> None:
        self._connect = connect
        self._keys = keys
        self._pace = pace or Pace()

    async def run(self) -> None:
        """Follow the log; returns when an alarm has stopped it, which the log and `/_status` say."""
        pause = self._pace.first_pause
        while True:
            try:
                await self._own()
                pause = self._pace.first_pause
                await asyncio.sleep(self._pace.standby)
            except StoppedError as error:
                LOG.critical("proof stopped", reason=str(error))
                return
            except _PASSING as error:
                LOG.warning("proof tries again", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._pace.longest_pause)

    async def _own(self) -> None:
        connection = await self._connect()
        try:
            await connection.execute(_SESSION)
            held = await claim(connection, Named(), 1)
            if held is not None:
                await self._follow(connection, held)
        finally:
            with suppress(*TRANSIENT):
                await connection.close(timeout=2)

    async def _follow(self, connection: "Connection[Record]", held: Claim) -> None:
        try:
            await self._extend_for_ever(connection, held)
        except _PASSING:
            raise
        except Exception as error:
            reason = str(error) if isinstance(error, _ALARMS) else f"It failed: {type(error).__name__}."
            await stop(connection, held, reason)
            raise StoppedError(reason) from error

    async def _extend_for_ever(self, connection: "Connection[Record]", held: Claim) -> None:
        heard = asyncio.Event()
        await connection.add_listener(CHANNEL, lambda *_: heard.set())
        tree: Tree | None = None
        alarm: str | None = None
        while True:
            heard.clear()
            tree = tree or await Tree.taken_up(connection, held, Signer(self._keys))
            taken = await tree.extend() if tree else 0
            if tree and tree.alarm != alarm:
                alarm = tree.alarm
                await self._say(connection, held, alarm)
            if taken < CHUNK:
                await asyncio.sleep(self._pace.between)
                with suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), self._pace.poll)

    async def _say(self, connection: "Connection[Record]", held: Claim, alarm: str | None) -> None:
        if alarm is not None:
            LOG.critical("no checkpoint is signed", reason=alarm)
        await remark(connection, held, alarm)
