"""What a folded batch changes, written in bulk inside the caller's transaction; the only SQL that writes a read model.

Rows are taken away by key and copied in again. The engine knows from the states which rows must stand, so every count
is checked: a table that somebody else touched stops the read model instead of drifting.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any
from uuid import UUID

from asyncpg import Connection
from sqlalchemy import Table

from projections.engine.codec import codec_of
from projections.engine.columns import writers
from projections.engine.folding import Folding, RowVersion
from projections.engine.model import AnyReadModel
from projections.engine.tables import SCHEMA, tables_of


class RowsDisagreeError(Exception):
    """The tables do not hold the rows that the states say: somebody else wrote them."""


class Writer:
    """Reads and writes the tables of one version of a read model."""

    def __init__(self, model: AnyReadModel, table_version: int) -> None:
        self._codec = codec_of(model)
        self._tables = tables_of(model, table_version)
        names = [column.name for column in model.table.columns if column.name != "key"]
        self._values = _values_of(names, writers(model.table))
        self._columns = ["key", *names]

    async def load(self, connection: Connection, keys: Iterable[UUID]) -> dict[UUID, Any]:
        """The states kept under these keys."""
        found = await connection.fetch(
            f"select key, state from {_qualified(self._tables.state)} where key = any($1::uuid[])",  # noqa: S608 - our own name
            list(keys),
        )
        return {row["key"]: self._codec.decode(row["state"]) for row in found}

    async def write(self, connection: Connection, folding: Folding[Any, Any], loaded: Iterable[UUID]) -> None:
        """Write what differs: states, current rows, and the versions of rows where they are kept.

        Raises:
            RowsDisagreeError: the tables do not hold what the states say.
        """
        await self._write_states(connection, folding.changed_states(), set(loaded))
        await self._write_rows(connection, folding)
        if self._tables.history is not None and folding.versions:
            await _copy(
                connection,
                self._tables.history,
                ["changed_position", "changed_at", "gone", *self._columns],
                ((v.position, v.recorded_at, v.gone, v.key, *self._values(v.row)) for v in folding.versions),
            )

    async def _write_states(self, connection: Connection, changed: dict[UUID, Any], loaded: set[UUID]) -> None:
        await _delete(connection, self._tables.state, [key for key in changed if key in loaded])
        kept = [(key, self._codec.encode(state)) for key, state in changed.items() if state is not None]
        if kept:
            await _copy(connection, self._tables.state, ["key", "state"], kept)

    async def _write_rows(self, connection: Connection, folding: Folding[Any, Any]) -> None:
        await _delete(connection, self._tables.current, [key for key, existed in folding.existed.items() if existed])
        kept = [self._current(version) for version in folding.latest.values() if not version.gone]
        if kept:
            await _copy(connection, self._tables.current, [*self._columns, "changed_position"], kept)

    def _current(self, version: RowVersion[Any]) -> tuple[Any, ...]:
        return (version.key, *self._values(version.row), version.position)


def _values_of(names: list[str], write: list[Callable[[Any], Any] | None]) -> Callable[[Any], Iterable[Any]]:
    """A row's values in the order of its columns, ready for COPY."""
    # Two names at least, so that the getter always gives a tuple: `organisation`, and once more for the shortest row.
    get = attrgetter(*names, "organisation")
    prepared = [(index, prepare) for index, prepare in enumerate(write) if prepare is not None]

    def values(row: Any) -> Iterable[Any]:
        found = list(get(row)[:-1])
        for index, prepare in prepared:
            found[index] = prepare(found[index])
        return found

    return values


async def _delete(connection: Connection, table: Table, keys: list[Any]) -> None:
    if not keys:
        return
    kind = "uuid" if isinstance(keys[0], UUID) else "text"
    done = await connection.execute(f"delete from {_qualified(table)} where key = any($1::{kind}[])", keys)  # noqa: S608 - our own name
    if done != f"DELETE {len(keys)}":
        raise RowsDisagreeError(f"{table.name}: {done}, where {len(keys)} must stand")


async def _copy(connection: Connection, table: Table, columns: list[str], records: Iterable[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(table.name, schema_name=SCHEMA, columns=columns, records=records)


def _qualified(table: Table) -> str:
    return f"{SCHEMA}.{table.name}"
