"""What the access log can be asked for, and the one statement that finds it."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
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


_COUNTED: Final = "select count(*) from access.reads where"
_CONDITIONS: Final = {
    "owners": "owners && ${}::text[]",
    "incident": "cases @> array[${}::uuid]",
    "actor": "actor = ${}",
    "kind": "kind = ${}",
    "from_at": "at >= ${}",
    "to_at": "at < ${}",
    "before": "number < ${}",
}


def newest_of(wanted: Wanted, limit: int) -> tuple[str, list[Any]]:
    """The statement that finds the newest of them, and its parameters.

    What was read of one case is found by a probe of its index before anything is put in order: a plan that trusts
    statistics might instead walk the whole log backwards.
    """
    conditions, values = _filter(wanted)
    values.append(limit)
    filtered = ["select * from access.reads where", conditions]
    if wanted.incident is not None:
        filtered = ["with found as materialized (", *filtered, ") select * from found"]
    return " ".join([*filtered, "order by number desc limit", f"${len(values)}"]), values


def count_of(wanted: Wanted) -> tuple[str, list[Any]]:
    """The statement that counts them, and its parameters."""
    conditions, values = _filter(wanted)
    return f"{_COUNTED} {conditions}", values


def _filter(wanted: Wanted) -> tuple[str, list[Any]]:
    conditions, values = [], list[Any]()
    for each in fields(Wanted):
        value = getattr(wanted, each.name)
        if value is not None:
            values.append(sorted(value) if each.name == "owners" else value)
            conditions.append(_CONDITIONS[each.name].format(len(values)))
    return " and ".join(conditions), values
