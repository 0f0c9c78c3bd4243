"""Rows that no single read model shows: put together from several by the database, at one position, for one reader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from sqlalchemy import Subquery

from projections.engine.model import AnyReadModel, Row
from projections.engine.reading import MergedRows, Reading


@dataclass(frozen=True)
class Merged(Generic[Row]):
    """Rows of several read models as one list.

    `view` puts the views of `models` together, compared with a moment, into one with the columns `key` (unique in it)
    and `changed_position`, and beside them the fields of `row`. It must give the same view each time for one reading.
    """

    models: tuple[AnyReadModel, ...]
    row: type[Row]
    view: Callable[[Reading, datetime], Subquery]

    def at(self, reading: Reading, as_of: datetime) -> MergedRows[Row]:
        """The rows for one reader at one position, compared with one moment."""
        return MergedRows(self.row, self.view(reading, as_of))


AnyMerged = Merged[Any]
