"""The only door to read models: who asks, about which position, and rows that all speak for that one position."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.kernel.scope import Scope
from projections.engine.feed import Instants
from projections.engine.model import AnyReadModel
from projections.engine.pages import Cursor
from projections.engine.positions import NotBuiltError, OutdatedError
from projections.engine.reading import Freshness, Reading, Standing
from projections.engine.tables import ENGINE

KnownAt = int | datetime | None
"""A position or an instant of the ledger's past; None: the present."""

_FIRST_PAUSE_SECONDS: Final = 0.005
_LONGEST_PAUSE_SECONDS: Final = 0.1


class NotYetToldError(Exception):
    """The read models have not reached the position that was asked for; try again."""

    def __init__(self, position: int, reached: int) -> None:
        super().__init__(f"position {position} was asked for, {reached} is reached")
        self.position = position
        self.reached = reached


class HistoryNotKeptError(Exception):
    """The read model keeps no older rows: it cannot say what was known earlier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How a question is asked.

    `known_at`: about which past; `min_position`: wait (up to `patience_seconds`) until this event is told; `limit` and
    `cursor`: which page. A cursor brings its own position, so that all pages of a list speak for the same one.
    """

    known_at: KnownAt = None
    min_position: int = 0
    patience_seconds: float = 2.0
    limit: int = 50
    cursor: Cursor | None = None


class ReadModels:
    """Opens readings. The engine's connections are those of the reader role."""

    def __init__(self, engine: AsyncEngine, instants: Instants) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._instants = instants

    @asynccontextmanager
    async def at(self, scope: Scope, asked: Asked, *models: AnyReadModel) -> AsyncIterator[Reading]:
        """One reading of these read models, for one reader, at one position and in one snapshot.

        Raises:
            NotYetToldError: the position asked for was not reached in time.
            HistoryNotKeptError: the past was asked of a read model that is not versioned.
            OutdatedError: the tables were filled by another version of the code, or are not built.
        """
        pinned = await self._pinned(asked)
        if asked.known_at is not None and any(not model.versioned for model in models):
            raise HistoryNotKeptError(", ".join(model.name for model in models if not model.versioned))
        async with AsyncExitStack() as held:
            connection, standings = await self._settled(held, asked, pinned, models)
            behind = min(standings.values(), key=lambda standing: standing.position)
            position = behind.position if pinned is None else pinned
            known = behind.recorded_at if position == behind.position else await self._instants.recorded_at(position)
            head = (await self._instants.mark()).position
            freshness = Freshness(
                position=position,
                recorded_at=known,
                lag=max(0, head - behind.position),
                changed_position=0,
                version=",".join(
                    f"{each.model.name}.{each.model.version}.{each.table_version}" for each in standings.values()
                ),
                projections=tuple(sorted(f"{each.model.name}:{each.model.version}" for each in standings.values())),
            )
            yield Reading(connection, scope, standings, freshness)

    async def standings(self, *models: AnyReadModel) -> Sequence[Standing]:
        """How far each read model is and whether it runs; those that are not built are left out."""
        async with self._engine.connect() as connection:
            return list((await _standings(connection, models)).values())

    async def status_of(self, name: str) -> str | None:
        """Whether something else that follows the log (the reactions) runs or has stopped; None: it is not known."""
        positions = ENGINE["positions"]
        newest = select(positions.c.status).where(positions.c.name == name).order_by(positions.c.table_version.desc())
        async with self._engine.connect() as connection:
            found: str | None = await connection.scalar(newest.limit(1))
            return found

    async def _pinned(self, asked: Asked) -> int | None:
        if asked.cursor is not None:
            return asked.cursor.position
        if isinstance(asked.known_at, datetime):
            return await self._instants.position_at(asked.known_at)
        return asked.known_at

    async def _settled(
        self, held: AsyncExitStack, asked: Asked, pinned: int | None, models: Sequence[AnyReadModel]
    ) -> tuple[AsyncConnection, Mapping[str, Standing]]:
        """A snapshot in which the question can be answered, kept open by `held`, and its standings; waits for one.

        Between two looks the connection is given back: there are few of them, and many may wait.
        """
        wanted = max(asked.min_position, pinned or 0)
        waited, pause = 0.0, _FIRST_PAUSE_SECONDS
        while True:
            async with AsyncExitStack() as looking:
                connection = await looking.enter_async_context(self._engine.connect())
                standings = await _standings(connection, models)
                _assert_built(standings, models)
                reached = min(standing.position for standing in standings.values())
                if reached >= wanted and (pinned is not None or _together(standings, reached)):
                    held.push_async_exit(looking.pop_all())
                    return connection, standings
            if waited >= asked.patience_seconds:
                raise NotYetToldError(wanted, reached)
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _together(standings: Mapping[str, Standing], reached: int) -> bool:
    """Whether every read model can be read at this position: those ahead of it need a history."""
    return all(each.position == reached or each.model.versioned for each in standings.values())


def _assert_built(standings: Mapping[str, Standing], models: Sequence[AnyReadModel]) -> None:
    for model in models:
        standing = standings.get(model.name)
        if standing is None:
            raise NotBuiltError(model.name)
        if not standing.is_current:
            raise OutdatedError(f"{model.name}: tables of version {standing.code_version}, code of {model.version}")


async def _standings(connection: AsyncConnection, models: Sequence[AnyReadModel]) -> dict[str, Standing]:
    positions, live = ENGINE["positions"], ENGINE["live"]
    same = (live.c.name == positions.c.name) & (live.c.table_version == positions.c.table_version)
    by_name = {model.name: model for model in models}
    asked = select(positions).join(live, same).where(positions.c.name.in_(by_name))
    found = {row["name"]: row for row in (await connection.execute(asked)).mappings()}
    standings = {}
    for name, model in by_name.items():
        if name not in found:
            continue
        row = found[name]
        standings[name] = Standing(
            model,
            row["table_version"],
            row["code_version"],
            row["position"],
            row["recorded_at"],
            row["changed_position"],
            row["status"],
            row["message"],
        )
    return standings
