"""One answer: rows of read models for one reader, all at one position and in one snapshot of the database."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, FromClause, RowMapping, Select, Subquery, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.kernel.scope import Scope
from projections.engine.model import AnyReadModel, ReadModel, Row, State
from projections.engine.pages import Cursor, Order, Page, after, cursor_value, cut, ordering
from projections.engine.tables import Physical, tables_of

_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


@dataclass(frozen=True, slots=True)
class Freshness:
    """What an answer speaks for.

    `position`: the ledger as of this event, recorded at `recorded_at`; `lag`: how many events the read models are
    behind the ledger; `changed_position`: the last event that changed any row of these read models (or this very row);
    `version`: which tables answered, filled by which code; `projections`: the read models with the version of their
    code (`timeliness:2`), in order of name.
    """

    position: int
    recorded_at: datetime | None
    lag: int
    changed_position: int
    version: str
    projections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """A row, its key, and the last event that changed it."""

    key: str
    row: Row
    changed_position: int


@dataclass(frozen=True, slots=True)
class MergedRows(Generic[Row]):
    """Rows that are put together from the views of several read models, and asked for like those of one.

    `view` has the columns `key` and `changed_position`, and beside them the fields of `row`.
    """

    row: type[Row]
    view: Subquery


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the live tables of a read model are."""

    model: AnyReadModel
    table_version: int
    code_version: int
    position: int
    recorded_at: datetime | None
    changed_position: int
    status: str
    message: str | None

    @property
    def is_current(self) -> bool:
        """Whether this program filled the tables; else they must be rebuilt before they can be asked."""
        return self.code_version == self.model.version


def scoped(source: FromClause, scope: Scope) -> Select[Any]:
    """The rows of a source that exist for a reader: every query begins here."""
    rows = select(source)
    if scope.organisations is None:
        return rows
    seen = literal(sorted(scope.organisations), ARRAY(Text))
    return rows.where(source.columns["organisation"] == any_(seen))


class Reading:
    """Asks questions over rows, for one reader, at one position. Made by `ReadModels.at`, and gone with its context."""

    def __init__(
        self, connection: AsyncConnection, scope: Scope, standings: Mapping[str, Standing], freshness: Freshness
    ) -> None:
        self._connection = connection
        self._scope = scope
        self._standings = standings
        self._freshness = freshness
        self._views: dict[str, Subquery] = {}

    @property
    def position(self) -> int:
        """The position that this answer speaks for."""
        return self._freshness.position

    @property
    def recorded_at(self) -> datetime | None:
        """When the event at that position was recorded: the present, for an answer about the past."""
        return self._freshness.recorded_at

    def view(self, model: AnyReadModel) -> Subquery:
        """The rows of a read model that exist for this reader at this position: its columns and `changed_position`."""
        if model.name not in self._views:
            source = self._source(self._standings[model.name])
            self._views[model.name] = scoped(source, self._scope).subquery(model.name)
        return self._views[model.name]

    def once(self, name: str, make: Callable[[], Subquery]) -> Subquery:
        """A view that is put together from others, made at the first call by this name: its columns stay the same."""
        if name not in self._views:
            self._views[name] = make()
        return self._views[name]

    async def find(self, model: ReadModel[State, Row], key: str) -> Found[Row] | None:
        """The row with this key, if it exists for this reader."""
        view = self.view(model)
        rows = await self.execute(select(view).where(view.c.key == key))
        return _found(model.row, rows[0]) if rows else None

    async def page(
        self,
        model: ReadModel[State, Row] | MergedRows[Row],
        *where: Any,
        order: Order,
        limit: int,
        cursor: Cursor | None = None,
    ) -> Page[Found[Row]]:
        """The next rows in order that meet every condition (conditions are on the columns of the view).

        Raises:
            CursorError: the cursor was not made by this query.
        """
        view = self._view(model)
        asked = select(view).where(*where, after(view, order, cursor)).order_by(*ordering(view, order))
        rows, more = cut(await self.execute(asked.limit(limit + 1)), limit=limit)
        last = rows[-1] if more else None
        following = last and Cursor(self.position, order, cursor_value(last[order.column]), last["key"])
        return Page(tuple(_found(model.row, row) for row in rows), following)

    async def count(self, model: AnyReadModel | MergedRows[Any], *where: Any) -> int:
        """How many rows meet every condition."""
        asked = select(func.count()).select_from(self._view(model)).where(*where)
        return int((await self._connection.execute(asked)).scalar_one())

    async def each(
        self, model: ReadModel[State, Row] | MergedRows[Row], *where: Any, order: Order
    ) -> AsyncGenerator[Found[Row], None]:
        """All rows in order that meet every condition, streamed."""
        view = self._view(model)
        asked = select(view).where(*where).order_by(*ordering(view, order))
        async with self._connection.stream(asked) as result:
            async for row in result.mappings():
                yield _found(model.row, row)

    async def execute(self, asked: Select[Any]) -> Sequence[RowMapping]:
        """Any question over views: joins, sums, groups."""
        rows: Sequence[RowMapping] = (await self._connection.execute(asked)).mappings().all()
        return rows

    async def freshness(self, of: Found[Any] | None = None) -> Freshness:
        """What the answer speaks for; `of`: it is about this one row."""
        if of is not None:
            return replace(self._freshness, changed_position=of.changed_position)
        changed = [await self._changed(standing) for standing in self._standings.values()]
        return replace(self._freshness, changed_position=max(changed, default=0))

    def _view(self, model: AnyReadModel | MergedRows[Any]) -> Subquery:
        return model.view if isinstance(model, MergedRows) else self.view(model)

    def _source(self, standing: Standing) -> FromClause:
        tables = tables_of(standing.model, standing.table_version)
        return tables.current if standing.position == self.position else self._past(tables)

    def _past(self, tables: Physical) -> FromClause:
        if tables.history is None:
            # A page of a list without history goes on in the present.
            return tables.current
        history = tables.history
        versions = (
            select(history)
            .ext(distinct_on(history.c.key))
            .where(history.c.changed_position <= self.position)
            # Both descending, so that the primary key read backwards is already in order.
            .order_by(history.c.key.desc(), history.c.changed_position.desc())
            .subquery()
        )
        names = [column.name for column in tables.current.columns]
        return select(*(versions.c[name] for name in names)).where(~versions.c.gone).subquery()

    async def _changed(self, standing: Standing) -> int:
        history = tables_of(standing.model, standing.table_version).history
        if standing.position == self.position or history is None:
            return standing.changed_position
        asked = select(func.max(history.c.changed_position)).where(history.c.changed_position <= self.position)
        return int((await self._connection.execute(asked)).scalar() or 0)


def _found(kind: type[Row], row: RowMapping) -> Found[Row]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    values = dict(row)
    key, changed = values.pop("key"), values.pop("changed_position")
    return Found(key, _ADAPTERS[kind].validate_python(values), changed)
