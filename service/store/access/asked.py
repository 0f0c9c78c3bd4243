"""What the access log can be asked for, and the one statement that finds it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from service.store.access.canonical import GENESIS


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record: its number (0: there is none), when it was written, and its hash."""

    number: int = 0
    at: datetime | None = None
    hash: bytes = GENESIS


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which records: those that name a case of one of these organisations, and whatever else is asked for.

    `from_at` is included, `to_at` is not; `before` is a number, from which the next page goes on.
    """

    owners: Collection[str]
    incident: UUID | None = None
    actor: UUID | None = None
    kind: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    before: int | None = None

    def since(self, before: int | None) -> "Wanted":
        """The same, from the record before a number on."""
        return replace(self, before=before)


_CONDITIONS: Final = {
    "owners": "owners && ${}::text[]",
    "actor": "actor = ${}",
    "kind": "kind = ${}",
    "from_at": "at >= ${}",
    "to_at": "at < ${}",
    "before": "number < ${}",
}
_NEWEST: Final = "select * from {} where {} order by number desc limit ${}"
_COUNTED: Final = "select count(*) from {} where {}"
_OF_CASE: Final = "(select * from access.reads where cases @> array[${}::uuid] offset 0) found"
"""What was read of one case, found by a probe of its index before anything else is looked at.

A plan that trusts statistics might instead walk the whole log backwards; past an offset no condition is pushed down.
"""


def newest_of(wanted: Wanted, limit: int) -> tuple[str, list[Any]]:
    """The statement that finds the newest of them, and its parameters."""
    place, conditions, values = _parts(wanted)
    return _NEWEST.format(place, conditions, len(values) + 1), [*values, limit]


def count_of(wanted: Wanted) -> tuple[str, list[Any]]:
    """The statement that counts them, and its parameters."""
    place, conditions, values = _parts(wanted)
    return _COUNTED.format(place, conditions), values


def _parts(wanted: Wanted) -> tuple[str, str, list[Any]]:
    place, conditions, values = "access.reads", [], list[Any]()
    if wanted.incident is not None:
        values.append(wanted.incident)
        place = _OF_CASE.format(len(values))
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            values.append(sorted(value) if name == "owners" else value)
            conditions.append(condition.format(len(values)))
    return place, " and ".join(conditions), values
