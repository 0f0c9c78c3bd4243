"""The column types of read models, and how a value goes to the database: the same for COPY and for SQLAlchemy."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Column, DateTime, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_LOGICAL: Final = MetaData()


class Structured(TypeDecorator[Any]):
    """A value with parts (a sealed value, a tuple of dataclasses) kept as JSON text, which no SQL looks into.

    Written and read by pydantic from the type given, so that it comes back equal.
    """

    impl = Text
    cache_ok = True

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type_ = type_
        self._adapter: TypeAdapter[Any] = TypeAdapter(type_)

    def written(self, value: Any) -> str | None:
        """The text that is stored."""
        return None if value is None else self._adapter.dump_json(value, warnings="error").decode()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write for SQLAlchemy."""
        del dialect
        return self.written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read for SQLAlchemy."""
        del dialect
        return None if value is None else self._adapter.validate_json(value)


def words() -> Text:
    """Plain text whose order is that of its bytes on every server, so that pages are cut alike everywhere."""
    return Text(collation="C")


def instant() -> DateTime:
    """An instant, in UTC."""
    return DateTime(timezone=True)


def logical_table(name: str, *columns: Column[Any]) -> Table:
    """The table that a read model declares: `key` and `organisation`, then its own columns, and indexes if any.

    No such table exists in the database: `tables.py` makes the physical ones of a version from it.
    """
    if name in _LOGICAL.tables:
        raise ValueError(f"two read models are called {name}")
    key, organisation = Column("key", words(), nullable=False), Column("organisation", words(), nullable=False)
    return Table(name, _LOGICAL, key, organisation, *columns)


def writers(table: Table) -> list[Callable[[Any], Any] | None]:
    """For each column but the key, how its value is prepared for COPY (None: as it is)."""
    return [
        column.type.written if isinstance(column.type, Structured) else None
        for column in table.columns
        if column.name != "key"
    ]
