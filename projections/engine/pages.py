"""Pages cut by key: a cursor says after which row the next page begins, and for which position it speaks."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, FromClause, Text, and_, collate, or_, true

Found = TypeVar("Found")

_LARGEST: Final = 2**63 - 1


class CursorError(ValueError):
    """The cursor was not made by this query."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are ordered (then by key); rows without a value come last."""

    column: str = "key"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its value in the order's column (as JSON), its key, and the position of the answer."""

    position: int
    order: Order
    value: Any
    key: str

    def text(self) -> str:
        """The cursor as a client keeps it."""
        parts = [self.position, self.order.column, self.order.descending, self.value, self.key]
        return urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor that a client sends back.

        Raises:
            CursorError: no query made it.
        """
        try:
            parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (BinasciiError, ValueError) as error:
            raise CursorError("not a cursor") from error
        match parts:
            case [int(position), str(column), bool(descending), value, str(key)]:
                if 0 <= position <= _LARGEST and "\0" not in key:
                    return cls(position, Order(column, descending), value, key)
        raise CursorError("not a cursor")


@dataclass(frozen=True, slots=True)
class Page(Generic[Found]):
    """Rows in order, and where the next page begins (None: this was the last)."""

    rows: tuple[Found, ...]
    next: Cursor | None


def ordering(view: FromClause, order: Order) -> list[ColumnElement[Any]]:
    """The order of a page: missing values last, ties broken by key, text by its bytes."""
    column = _sorted(view, order.column)
    by_value = column.desc().nulls_last() if order.descending else column.asc().nulls_last()
    return [by_value] if order.column == "key" else [by_value, _sorted(view, "key").asc()]


def after(view: FromClause, order: Order, cursor: Cursor | None) -> ColumnElement[bool]:
    """The rows that follow a cursor.

    Raises:
        CursorError: it belongs to another order.
    """
    if cursor is None:
        return true()
    if cursor.order != order:
        raise CursorError("the cursor belongs to another order")
    column, key = _sorted(view, order.column), _sorted(view, "key")
    value = _value(view, order.column, cursor.value)
    if value is None:
        return and_(column.is_(None), key > cursor.key)
    beyond: ColumnElement[bool] = column < value if order.descending else column > value
    if order.column == "key":
        return beyond
    return or_(beyond, and_(column == value, key > cursor.key), column.is_(None))


def cursor_value(value: Any) -> Any:
    """A row's value as a cursor keeps it."""
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def _sorted(view: FromClause, name: str) -> ColumnElement[Any]:
    column = view.columns[name]
    return collate(column, "C") if isinstance(column.type, Text) else column


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no offset")
    return instant.astimezone(UTC)


def _whole(number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > _LARGEST:
        raise TypeError("not a number")
    return number


def _text(text: str) -> str:
    if not isinstance(text, str) or "\0" in text:
        raise TypeError("not a text")
    return text


def _flag(flag: bool) -> bool:
    if not isinstance(flag, bool):
        raise TypeError("not a flag")
    return flag


_READERS: Final[dict[type[Any], Callable[[Any], Any]]] = {
    datetime: _instant,
    date: date.fromisoformat,
    UUID: UUID,
    int: _whole,
    str: _text,
    bool: _flag,
}


def _value(view: FromClause, column: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        return _READERS[view.columns[column].type.python_type](value)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CursorError("the cursor does not fit this query") from error


def cut(rows: Sequence[Any], *, limit: int) -> tuple[Sequence[Any], bool]:
    """The rows of one page out of one more than it holds, and whether more follow."""
    return rows[:limit], len(rows) > limit
