"""A read model built again beside the one that answers, compared with it at one position, and switched to at once."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

import orjson
from asyncpg import Connection, Record

from projections.engine.feed import Feed
from projections.engine.follower import Follower, PositionGapError
from projections.engine.model import AnyReadModel
from projections.engine.positions import BUILDING, Connect, claim
from projections.engine.versions.building import drop_version, go_live, make_tables
from projections.engine.versions.parity import Parity, compare

BATCH_EVENTS: Final = 5_000
"""Larger than when following: a case is written once for all its events in a batch."""


class RebuildRunningError(Exception):
    """The read model is being rebuilt already."""


class ParityError(Exception):
    """The same code told the same events and the rows differ: the read model that answers was left as it is."""

    def __init__(self, parity: Parity) -> None:
        super().__init__(f"rows differ at position {parity.position}")
        self.parity = parity


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Which version answers now, from which position on, and how it compared with the one before (None: the first)."""

    table_version: int
    position: int
    parity: Parity | None


@dataclass(frozen=True)
class Rebuild:
    """Builds a read model again.

    `owner` is a connection as the owner of the database, `connect` opens one as the projector. `progress` is told how
    many events are done, of how many. While the tables are compared the read model that answers stands still; it never
    stops answering. The old version is kept, standing still, until it is dropped.
    """

    owner: Connection
    connect: Connect
    feed: Feed
    progress: Callable[[int, int], None]
    batch_events: int = BATCH_EVENTS

    async def run(self, model: AnyReadModel) -> Rebuilt:
        """Fill new tables from the first event on, compare, switch.

        Raises:
            RebuildRunningError: somebody else rebuilds it at this moment.
            ParityError: the same code gave other rows; nothing was switched.
            FoldError: the code cannot take an event; nothing was switched.
        """
        lock = f"projections.rebuild.{model.name}"
        if not await self.owner.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", lock):
            raise RebuildRunningError(model.name)
        try:
            return await self._run(model)
        finally:
            await self.owner.execute("select pg_advisory_unlock(hashtextextended($1, 0))", lock)

    async def _run(self, model: AnyReadModel) -> Rebuilt:
        version = await self._new_version(model)
        connection = await self.connect()
        try:
            held = await claim(connection, model, version)
            assert held is not None, "tables that were just made have no owner"
            follower = Follower(model, connection, held)
            await self._fill(follower)
            return await self._switch(follower)
        finally:
            await connection.close()

    async def _new_version(self, model: AnyReadModel) -> int:
        known = await self.owner.fetch(
            "select table_version, status from projections.positions where name = $1", model.name
        )
        version = 1 + max((row["table_version"] for row in known if row["status"] != BUILDING), default=0)
        for row in known:
            if row["status"] == BUILDING:
                await drop_version(self.owner, model, row["table_version"])
        await make_tables(self.owner, model, version)
        return version

    async def _fill(self, follower: Follower) -> None:
        """Tell events up to the position that answers, which moves on meanwhile."""
        while follower.held.position < (goal := await self._goal(follower.model)):
            await self._tell(follower, goal)

    async def _goal(self, model: AnyReadModel) -> int:
        live = await self._live(model)
        return int(live["position"]) if live else (await self.feed.mark()).position

    async def _live(self, model: AnyReadModel, *, locked: bool = False) -> Record | None:
        return await self.owner.fetchrow(
            f"""select positions.* from projections.positions join projections.live using (name, table_version)
                where name = $1 {"for update of positions" if locked else ""}""",  # noqa: S608 - one of two fixed texts
            model.name,
        )

    async def _tell(self, follower: Follower, goal: int) -> None:
        position = follower.held.position
        events = await self.feed.read(after=position, limit=min(self.batch_events, goal - position))
        if not events:
            raise PositionGapError(f"position {position + 1} is missing, {goal} is told")
        await follower.take(events)
        self.progress(follower.held.position, goal)

    async def _switch(self, follower: Follower) -> Rebuilt:
        model, held = follower.model, follower.held
        async with self.owner.transaction():
            # The owner of the live tables cannot commit while this lock is held, so both versions stand at one position.
            live = await self._live(model, locked=True)
            while live and held.position < live["position"]:
                await self._tell(follower, live["position"])
            parity = await self._compare(follower, live) if live else None
            await go_live(self.owner, model, held.table_version)
        return Rebuilt(held.table_version, held.position, parity)

    async def _compare(self, follower: Follower, live: Record) -> Parity:
        model, new = follower.model, follower.held.table_version
        same_code = live["code_version"] == model.version
        parity = await compare(
            self.owner,
            model,
            live=live["table_version"],
            new=new,
            position=follower.held.position,
            same_code=same_code,
        )
        if same_code and not parity.equal:
            raise ParityError(parity)
        await self.owner.execute(
            "insert into projections.rebuilds (name, table_version, position, report) values ($1, $2, $3, $4)",
            model.name,
            new,
            parity.position,
            orjson.dumps(asdict(parity)).decode(),
        )
        return parity
