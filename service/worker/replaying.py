"""Carrying out replays: a read model folded again from the first event on, and compared with the one that answers.

One at a time in each process, in a thread, and as much time is left to others as it takes. Large ledgers are folded in
parts, so that the states of some of the cases are in memory at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

import structlog

from domain.kernel.actor import Actor
from domain.kernel.scope import Scope
from projections.engine.feed import Feed, Told
from projections.engine.model import AnyReadModel
from projections.engine.pages import Order
from projections.engine.positions import OutdatedError
from projections.engine.queries import Asked, NotYetToldError, ReadModels
from projections.engine.versions.replaying import Part, Replaying, compare, digest_of, digest_of_row
from service.handling.identifiers import new_id
from service.reading.queries import ReadModelsUnavailableError, reached
from service.store.ledger import LedgerUnavailableError
from service.store.replays import Replay, Replays

POLL_SECONDS: Final = 0.5
EVENTS_AT_ONCE: Final = 500
EVENTS_IN_A_PART: Final = 250_000
"""About so many events are held as states in memory."""

KEYS_TOLD: Final = 20
"""Of each kind of difference, at most so many rows are named."""

_PAUSE_SECONDS_MAX: Final = 5.0
_TIDY_SECONDS: Final = 60.0
_PASSING: Final = (ReadModelsUnavailableError, LedgerUnavailableError, NotYetToldError)
"""The database is away, or the read model is behind: the replay is begun again."""

_FAILED: Final = "It could not be carried out; the service has recorded the failure under the id of the replay."
_OUTDATED: Final = "The read model was filled by another version of the program and must be rebuilt first."

LOG = structlog.get_logger()


class LeaseLostError(Exception):
    """Somebody else carries out the replay now."""


class Replayer:
    """Carries out the replays that nobody else holds, until it is cancelled.

    `read_models` are those that answer; `reader` reads all of them, whosever record a row is.
    """

    def __init__(
        self, jobs: Replays, feed: Feed, read_models: ReadModels, models: Sequence[AnyReadModel], *, reader: Actor
    ) -> None:
        self._jobs = jobs
        self._feed = feed
        self._read_models = read_models
        self._models = {model.name: model for model in models}
        self._reader = reader
        self._runner = new_id()
        self._tidy_at = 0.0

    async def run(self) -> None:
        """Look for replays and carry them out, and close them in the end; a bad day of the database is waited out."""
        async with aclosing(self._jobs):
            await self._run()

    async def _run(self) -> None:
        pause = POLL_SECONDS
        while True:
            try:
                if not await self.answer_next():
                    await self._rest()
                pause = POLL_SECONDS
            except _PASSING as error:
                LOG.warning("replay tries again", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    async def _rest(self) -> None:
        """Wait for the next replay; once in a while, delete what nobody finds any more."""
        now = asyncio.get_running_loop().time()
        if now >= self._tidy_at:
            self._tidy_at = now + _TIDY_SECONDS
            async with reached():
                await self._jobs.forget_expired()
        await asyncio.sleep(POLL_SECONDS)

    async def answer_next(self) -> bool:
        """Carry out one replay, if one waits; whether one did.

        Raises:
            ReadModelsUnavailableError, LedgerUnavailableError, NotYetToldError: not now; the replay stays held.
        """
        async with reached():
            job = await self._jobs.claim(self._runner)
        if job is None:
            return False
        try:
            async with reached():
                await self._jobs.finish(job.id, self._runner, await self._replayed(job))
        except asyncio.CancelledError:
            await self._jobs.release(job.id, self._runner)
            raise
        except _PASSING:
            raise
        except LeaseLostError:
            LOG.warning("replay was taken over", replay=str(job.id))
        except Exception as error:  # noqa: BLE001 - one replay that cannot be carried out does not end the others
            await self._fail(job, error)
        return True

    async def _fail(self, job: Replay, error: Exception) -> None:
        LOG.error("replay failed", replay=str(job.id), error=type(error).__name__)
        failure = _OUTDATED if isinstance(error, OutdatedError) else _FAILED
        async with reached():
            await self._jobs.fail(job.id, self._runner, failure)

    async def _replayed(self, job: Replay) -> Mapping[str, Any]:
        model = self._models[job.model]
        folded = await self._folded(job, model)
        live, owners, version = await self._live(job, model)
        difference = compare(folded, live)
        told = {
            "only_replayed": difference.only_first,
            "only_live": difference.only_second,
            "different": difference.different,
        }
        return {
            "projection": version,
            "rows_replayed": len(folded),
            "rows_live": len(live),
            "digest_replayed": digest_of(folded),
            "digest_live": digest_of(live),
            "equal": not difference,
            "differences": {name: len(keys) for name, keys in told.items()},
            "keys": {name: self._may_be_told(job, keys, owners) for name, keys in told.items()},
        }

    async def _folded(self, job: Replay, model: AnyReadModel) -> dict[str, bytes]:
        parts = 1 + job.position // EVENTS_IN_A_PART
        digests: dict[str, bytes] = {}
        for number in range(parts):
            replaying = Replaying(model, Part(number, parts))
            position = 0
            while position < job.position:
                position = await self._take(replaying, position, goal=job.position)
                if not await self._jobs.keep(job.id, self._runner, (number * job.position + position) // parts):
                    raise LeaseLostError
            digests |= replaying.digests
        return digests

    async def _take(self, replaying: Replaying[Any, Any], position: int, *, goal: int) -> int:
        loop = asyncio.get_running_loop()
        events: Sequence[Told] = await self._feed.read(after=position, limit=min(EVENTS_AT_ONCE, goal - position))
        began = loop.time()
        # In a thread, and no faster than lets every report go on.
        await asyncio.to_thread(replaying.take, events)
        await asyncio.sleep(loop.time() - began)
        return events[-1].position

    async def _live(self, job: Replay, model: AnyReadModel) -> tuple[dict[str, bytes], dict[str, str], str]:
        """The digests of the rows as they were known at the position, whose they are, and what filled them."""
        digests, owners = {}, {}
        asked = Asked(known_at=job.position)
        async with reached(), self._read_models.at(Scope(self._reader, None), asked, model) as reading:
            async for found in reading.each(model, order=Order()):
                digests[found.key] = digest_of_row(model, found.key, found.row, changed_at=found.changed_position)
                owners[found.key] = found.row.organisation
        return digests, owners, f"{model.name}:{model.version}"

    def _may_be_told(self, job: Replay, keys: Sequence[str], owners: Mapping[str, str]) -> list[str]:
        """The first few keys, of rows that exist for whoever asks; whose a row is that nobody keeps, is not known."""
        if job.providers is None:
            return list(keys[:KEYS_TOLD])
        return [key for key in keys if owners.get(key) in job.providers][:KEYS_TOLD]
