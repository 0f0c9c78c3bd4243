"""A read model's table from its row: one column a field, typed as the field is."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, Uuid
from sqlalchemy.types import TypeEngine

from projections.engine.columns import Structured, instant, logical_table, words

_TYPES: Final[dict[Any, Callable[[], TypeEngine[Any]]]] = {
    str: words,
    UUID: Uuid,
    int: BigInteger,
    bool: Boolean,
    date: Date,
    datetime: instant,
}


def table_for(name: str, row: type[Any], *, indexed: Sequence[str] = ()) -> Table:
    """The logical table of a row class; `organisation` must be its first field.

    A field of a plain type becomes a column that SQL can filter and sort; anything with parts (a sealed value, a tuple)
    is kept as JSON text that SQL never looks into. `indexed` names single columns for which pages are often asked.
    """
    hints = get_type_hints(row)
    first, *others = hints
    if first != "organisation":
        raise TypeError(f"{row.__qualname__}: the first field says whose record it is")
    columns = [_column(field, hints[field]) for field in others]
    table = logical_table(name, *columns)
    for column in ("organisation", *indexed):
        Index(column, table.columns[column])
    return table


def _column(name: str, hint: Any) -> Column[Any]:
    options = [option for option in get_args(hint) if option is not NoneType]
    nullable = NoneType in get_args(hint)
    plain = options[0] if nullable and len(options) == 1 else hint
    made = _TYPES.get(plain)
    kind: TypeEngine[Any] = made() if made else Structured(plain)
    return Column(name, kind, nullable=nullable)
