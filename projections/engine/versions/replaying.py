"""A read model folded again in memory, and what tells two sets of rows apart: a digest of each row, and one of them all.

Pure. Of the rows only digests are kept, so that a replay of many cases fits; it can be taken in parts, each of some of
the cases, that are put together at the end.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic
from uuid import UUID

from pydantic import TypeAdapter

from projections.engine.feed import Told
from projections.engine.folding import Folding
from projections.engine.model import AnyReadModel, ReadModel, Row, State

_NUL: Final = b"\x00"
_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the cases: those whose id, divided by `of`, leaves `number`."""

    number: int = 0
    of: int = 1

    def holds(self, case: UUID) -> bool:
        """Whether a case is one of them."""
        return case.int % self.of == self.number


WHOLE: Final = Part()
"""All cases."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How two sets of rows differ: the keys (each in order) that only one has, and those whose rows are not the same."""

    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    different: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.only_first or self.only_second or self.different)


class Replaying(Generic[State, Row]):
    """Folds events, from the first on, for the cases of a part."""

    def __init__(self, model: ReadModel[State, Row], part: Part = Part()) -> None:
        own = model if part.of == 1 else replace(model, keys=lambda told: filter(part.holds, model.keys(told)))
        self._model = own
        self._states: dict[UUID, State] = {}
        self.digests: dict[str, bytes] = {}
        """The digest of each row as the events taken so far leave it, by key."""

    def take(self, events: Sequence[Told]) -> None:
        """Fold the next events.

        Raises:
            FoldError: the read model could not take one.
        """
        folding = Folding(self._model, self._states)
        for event in events:
            folding.take(event)
        for case, state in folding.changed_states().items():
            self._states.pop(case, None)
            if state is not None:
                self._states[case] = state
        for key, version in folding.latest.items():
            self.digests.pop(key, None)
            if not version.gone:
                self.digests[key] = digest_of_row(self._model, key, version.row, changed_at=version.position)


def digest_of_row(model: AnyReadModel, key: str, row: Any, *, changed_at: int) -> bytes:
    """The SHA-256 of a row: of its key, the position that changed it last, and its fields as JSON in their order."""
    fields = _adapter(model.row).dump_json(row)
    return hashlib.sha256(_NUL.join((key.encode(), str(changed_at).encode(), fields))).digest()


def digest_of(rows: Mapping[str, bytes]) -> str:
    """The SHA-256 over the digests of rows, in the order of their keys; in hexadecimal."""
    whole = hashlib.sha256()
    for key in sorted(rows):
        whole.update(rows[key])
    return whole.hexdigest()


def compare(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> Difference:
    """How two sets of rows differ."""
    both: Iterable[str] = first.keys() & second.keys()
    return Difference(
        only_first=tuple(sorted(first.keys() - second.keys())),
        only_second=tuple(sorted(second.keys() - first.keys())),
        different=tuple(sorted(key for key in both if first[key] != second[key])),
    )


def _adapter(row: type[Any]) -> TypeAdapter[Any]:
    if row not in _ADAPTERS:
        _ADAPTERS[row] = TypeAdapter(row)
    return _ADAPTERS[row]
