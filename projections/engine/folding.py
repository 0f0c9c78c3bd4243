"""One batch folded in memory, event by event: which states and rows differ, and every version of a row on the way.

Pure. The result depends on the events and not on how they are cut into batches: a row is versioned once for each event
that changed it, and carries the position of the last one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from projections.engine.feed import Told
from projections.engine.model import ReadModel, Row, State


class FoldError(Exception):
    """A read model could not take an event. Says where and what kind, never what the event holds."""

    def __init__(self, event: Told, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__} at position {event.position} ({event.type})")
        self.position = event.position


class RowKeyTakenError(Exception):
    """Two cases claim the same row."""


@dataclass(frozen=True, slots=True)
class RowVersion(Generic[Row]):
    """A row as one event left it; `gone`: the event took it away, and these are its last values."""

    key: str
    position: int
    recorded_at: datetime
    gone: bool
    row: Row


class Folding(Generic[State, Row]):
    """The states that a batch touches, and what its events do to them."""

    def __init__(self, model: ReadModel[State, Row], loaded: Mapping[UUID, State]) -> None:
        self._model = model
        self._loaded = loaded
        self._states: dict[UUID, State | None] = {}
        self._rows: dict[UUID, Mapping[str, Row]] = {}
        self._owners: dict[str, UUID] = {}
        self.versions: list[RowVersion[Row]] = []
        self.existed: dict[str, bool] = {}
        """For each changed row, whether it stood before the batch."""
        self.latest: dict[str, RowVersion[Row]] = {}
        """For each changed row, how the batch leaves it."""

    def take(self, event: Told) -> None:
        """Fold one event into every state that it may change.

        Raises:
            FoldError: the read model could not take it.
        """
        try:
            self._take(event)
        except Exception as error:
            raise FoldError(event, error) from error

    def changed_states(self) -> dict[UUID, State | None]:
        """The states that differ from those loaded; None: no longer kept."""
        return {key: state for key, state in self._states.items() if state != self._loaded.get(key)}

    def _take(self, event: Told) -> None:
        before: dict[str, Row] = {}
        after: dict[str, Row] = {}
        for key in dict.fromkeys(self._model.keys(event)):
            state = self._states[key] if key in self._states else self._loaded.get(key)
            folded = self._model.fold(state, event)
            if folded is state or folded == state:
                continue
            was = self._rows_of(key, state)
            now = {} if folded is None else self._model.rows(folded)
            self._pass_on(key, was, now)
            self._states[key], self._rows[key] = folded, now
            before.update(was)
            after.update(now)
        for key_of_row in sorted(before.keys() | after.keys()):
            self._version(event, key_of_row, before.get(key_of_row), after.get(key_of_row))

    def _rows_of(self, key: UUID, state: State | None) -> Mapping[str, Row]:
        if key not in self._rows:
            rows = {} if state is None else self._model.rows(state)
            self._rows[key] = rows
            self._own(key, rows)
        return self._rows[key]

    def _pass_on(self, key: UUID, was: Mapping[str, Row], now: Mapping[str, Row]) -> None:
        for row in was.keys() - now.keys():
            del self._owners[row]
        self._own(key, now)

    def _own(self, key: UUID, rows: Mapping[str, Any]) -> None:
        for row in rows:
            if self._owners.setdefault(row, key) != key:
                raise RowKeyTakenError

    def _version(self, event: Told, key: str, was: Row | None, now: Row | None) -> None:
        if was == now:
            return
        row = now if now is not None else was
        assert row is not None
        version = RowVersion(key, event.position, event.recorded_at, now is None, row)
        self.existed.setdefault(key, was is not None)
        self.latest[key] = version
        self.versions.append(version)
