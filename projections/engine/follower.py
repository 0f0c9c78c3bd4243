"""One owner of one read model: takes batches in order, one transaction each, and stops at the first error."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from projections.engine.feed import Told
from projections.engine.folding import FoldError, Folding
from projections.engine.model import AnyReadModel
from projections.engine.positions import Claim, advance
from projections.engine.writing import Writer


class PositionGapError(Exception):
    """An event's position is not the previous one plus one: an integrity alarm, never skipped."""


class Follower:
    """Keeps the tables of a claim in step with the log, on the connection that holds the claim."""

    def __init__(self, model: AnyReadModel, connection: Connection, held: Claim) -> None:
        self.model = model
        self.held = held
        self._connection = connection
        self._writer = Writer(model, held.table_version)

    async def take(self, events: Sequence[Told]) -> None:
        """Apply the next events, whole or not at all.

        Where an event cannot be folded, those before it are applied and the error is raised: how the log was cut into
        batches makes no difference to where a read model stops.

        Raises:
            PositionGapError: the events do not follow the position, without a gap.
            FoldError: the read model could not take an event.
            FencedError: another owner has taken over; nothing was written.
        """
        self._assert_contiguous(events)
        try:
            await self._apply(events)
        except FoldError as error:
            before = [event for event in events if event.position < error.position]
            if before:
                await self._apply(before)
            raise

    def _assert_contiguous(self, events: Sequence[Told]) -> None:
        for expected, event in enumerate(events, start=self.held.position + 1):
            if event.position != expected:
                raise PositionGapError(f"position {event.position} does not follow {expected - 1}")

    async def _apply(self, events: Sequence[Told]) -> None:
        last = events[-1]
        async with self._connection.transaction():
            # A read model can always be told again from the log, so its commit need not wait for the disk.
            await self._connection.execute("set local synchronous_commit = off")
            keys = {key for event in events for key in self._keys(event)}
            loaded = await self._writer.load(self._connection, keys)
            folding = Folding(self.model, loaded)
            for event in events:
                folding.take(event)
            # The fence comes before the writes: an owner who lost the lock changes nothing, and fails as fenced.
            changed = folding.versions[-1].position if folding.versions else None
            await advance(self._connection, self.held, last, changed=changed)
            await self._writer.write(self._connection, folding, loaded)
        self.held.position = last.position

    def _keys(self, event: Told) -> list[UUID]:
        try:
            return list(self.model.keys(event))
        except Exception as error:
            raise FoldError(event, error) from error
