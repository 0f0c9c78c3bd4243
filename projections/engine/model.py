"""What a read model is to the engine: which cases an event touches, how their state follows, which rows they show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table

from projections.engine.feed import Told

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

State = TypeVar("State", bound="DataclassInstance")
Row = TypeVar("Row", bound="DataclassInstance")


_ENGINES_OWN: Final = frozenset({"changed_position", "changed_at", "gone"})


class ReadModelShapeError(TypeError):
    """A read model is declared in a way that the engine cannot keep."""


@dataclass(frozen=True)
class ReadModel(Generic[State, Row]):
    """One read model.

    `version` is raised by hand whenever `keys`, `fold`, `rows` or the columns change: tables that an older version
    filled are rebuilt, never continued. `keys(event)` are the cases (or streams) whose state the event may change; the
    engine calls `fold` once for each, with None where nothing is known yet, and None back means that nothing is kept.
    `rows(state)` are all rows of that case, by a key that is unique in the whole read model. `versioned` says whether
    older rows are kept, so that the model can be read as known at any position. `table` is made by `logical_table`: its
    columns are `key` and then the fields of `row`, of which `organisation` (whose record it is) is the first.
    """

    name: str
    version: int
    versioned: bool
    state: type[State]
    row: type[Row]
    keys: Callable[[Told], Iterable[UUID]]
    fold: Callable[[State | None, Told], State | None]
    rows: Callable[[State], Mapping[str, Row]]
    table: Table

    def __post_init__(self) -> None:
        """Check that the table and the row say the same.

        Raises:
            ReadModelShapeError: columns and fields differ, a field has a name that the engine needs, or the row does not
            say whose record it is first of all.
        """
        columns = [column.name for column in self.table.columns]
        declared = ["key", *(field.name for field in fields(self.row))]
        if columns != declared:
            raise ReadModelShapeError(f"{self.name}: the table has {columns}, the row has {declared}")
        if taken := _ENGINES_OWN & set(declared):
            raise ReadModelShapeError(f"{self.name}: {', '.join(sorted(taken))} belong to the engine")


AnyReadModel = ReadModel[Any, Any]
