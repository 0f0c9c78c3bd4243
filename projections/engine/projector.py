"""All read models of a process: the log is read once, each model has its own owner, one that fails stops alone."""

import asyncio
from collections.abc import Sequence

from projections.engine.feed import Feed
from projections.engine.keeper import TRANSIENT, Keeper, Pace, Report, Surroundings
from projections.engine.model import AnyReadModel
from projections.engine.positions import Connect
from projections.engine.progress import Progress
from projections.engine.reader import SharedReader


class Projector:
    """Keeps read models in step with the log until it is cancelled.

    Where another process owns a read model, this one stands by. `transient` are errors of the feed that pass by
    themselves (those of the database driver are known); `report` is told of every stop and retry. A stopped read model
    is tried again by the next start, from where it stopped.
    """

    def __init__(
        self,
        models: Sequence[AnyReadModel],
        *,
        feed: Feed,
        connect: Connect,
        report: Report,
        transient: tuple[type[Exception], ...] = (),
        pace: Pace | None = None,
    ) -> None:
        self.progress = Progress()
        pace = pace or Pace()
        self._models = models
        self._reader = SharedReader(feed, limit=pace.batch_events)
        self._shared = Surroundings(
            reader=self._reader,
            connect=connect,
            progress=self.progress,
            report=report,
            transient=(*TRANSIENT, *transient),
            pace=pace,
        )

    async def run(self) -> None:
        """Follow the log with every read model; ends only when all have stopped.

        Raises:
            Exception: the log itself failed (a gap, for one): every read model is stopped, and it is raised again.
        """
        following = asyncio.create_task(self._follow_log())
        try:
            async with asyncio.TaskGroup() as keepers:
                for model in self._models:
                    keepers.create_task(Keeper(model, self._shared).keep())
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        if self._reader.failure is not None:
            raise self._reader.failure

    async def wait_for(self, position: int, *, timeout: float) -> bool:  # noqa: ASYNC109 - the caller's own limit
        """Wait until every read model has reached a position; False when the time is up."""
        names = frozenset(model.name for model in self._models)
        return await self.progress.wait_for(position, names=names, timeout=timeout)

    async def _follow_log(self) -> None:
        pause_seconds = self._shared.pace.first_pause_seconds
        while True:
            try:
                await self._reader.follow()
            except self._shared.transient as error:
                self._shared.report("log", f"tries again: {type(error).__name__}")
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(pause_seconds * 2, self._shared.pace.longest_pause_seconds)
            except Exception as error:  # noqa: BLE001 - whatever it is, `run` raises it once every read model has stopped
                await self._reader.fail(error)
                return
