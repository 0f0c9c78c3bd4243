"""What stands behind one figure: the events that it rests on, and everything else that it was worked out with."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

FORMAT: Final = "incident-ledger-explanation/1"

_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS

Value = int | float | str | None
"""What a figure may be; None where there is none, as for an agreement that cannot be told from chance."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One event that one counted row rests on: without it the row would not count as it does.

    `subject` is the key of that row; `projection` names the read model that is told the event. An event outside the
    scope of the reader is `withheld`: its position is all that is shown of it.
    """

    position: int
    type: str | None
    incident: UUID | None
    subject: str
    projection: str
    role: str
    why: str

    @property
    def withheld(self) -> bool:
        """Whether this reader may not see the event."""
        return self.type is None


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model and the version of its code."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"


@dataclass(frozen=True, slots=True)
class Edition:
    """A policy edition as events name it: its name, and the beginning of the SHA-256 of its text."""

    name: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it was worked out: `organisations` are those whose records exist for this reader; None: of all."""

    organisation: str
    roles: tuple[str, ...]
    organisations: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Subjects:
    """The rows that the figure is made of: what one of them is, how many there are, and what each counts as."""

    kind: str
    total: int
    digest: str


@dataclass(frozen=True, slots=True)
class Population:
    """The rows that were looked at, counted or not: how many, and the digest of their keys in order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of the whole figure: how many there are, and their digest in ascending order."""

    total: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One figure with everything behind it.

    `known_at` is the position of the ledger that it speaks for, `as_of` the moment that clocks are compared with;
    `filters` say which rows were looked at and which figure of the summary is meant; `parts` say what a
    figure is made of that is no count of rows; `library` is what worked out a coefficient.
    """

    format: str = FORMAT
    summary: str
    figure: str
    value: Value
    definition: str
    projections: tuple[Projection, ...]
    library: str | None
    known_at: int
    as_of: datetime
    reader: Reader
    filters: Mapping[str, Any]
    rules: tuple[str, ...]
    editions: tuple[Edition, ...]
    calendars: tuple[str, ...]
    parts: Mapping[str, Value]
    subjects: Subjects
    population: Population
    positions: Positions
    grounds: tuple[Ground, ...]


def edition_of(reference: str) -> Edition:
    """The edition that an event names as `name@digest`."""
    name, _, digest = reference.partition("@")
    return Edition(name, digest or None)


def positions_of(grounds: Iterable[Ground]) -> Positions:
    """How many positions these are, and their digest.

    SHA-256 over each position once, ascending, in decimal digits and followed by a newline.
    """
    distinct = sorted({ground.position for ground in grounds})
    return Positions(len(distinct), _digest(map(str, distinct)))


def population_of(keys: Iterable[str]) -> Population:
    """How many rows these are, and the digest of their keys: SHA-256 over each, in the order of its bytes, with a newline."""
    ordered = sorted(keys, key=str.encode)
    return Population(len(ordered), _digest(ordered))


def subjects_of(kind: str, taken: Iterable[tuple[str, Any]]) -> Subjects:
    """How many rows these are, and the digest of what each counts as.

    SHA-256 over one line for each row, in the order of the bytes of its key: the key, a space, and what the figure takes
    from the row as JSON with sorted names, followed by a newline.
    """
    ordered = sorted(taken, key=lambda each: each[0].encode())
    # The ids of the database's driver are not plain ones, and read alike.
    lines = [f"{key} {orjson.dumps(said, default=str, option=_OPTIONS).decode()}" for key, said in ordered]
    return Subjects(kind, len(ordered), _digest(lines))


def _digest(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()
