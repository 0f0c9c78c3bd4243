"""Explains one figure: which rows it counts, and all that these rest on put together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from projections.explaining.explanation import (
    Explanation,
    Population,
    Projection,
    Reader,
    edition_of,
    population_of,
    positions_of,
    subjects_of,
)
from projections.explaining.figures import Asking, Place, Rests, Summary
from projections.explaining.grounding import Grounded

_READERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


@dataclass(frozen=True, slots=True)
class Counts:
    """The rows that a figure rests on, by key, out of the population that was looked at."""

    rows: Mapping[str, Any]
    population: Population


class Counting:
    """Looks at rows one by one, and keeps those that a figure counts."""

    def __init__(self, summary: Summary, asking: Asking) -> None:
        self._summary = summary
        self._asking = asking
        self._keys: list[str] = []
        self._counted: dict[str, tuple[Any, Any]] = {}

    def look(self, key: str, row: Any) -> None:
        """Look at a row that meets the filters."""
        self._keys.append(key)
        taken = self._summary.taken(row, self._asking)
        if taken is not None:
            self._counted[key] = (row, taken)

    def __len__(self) -> int:
        return len(self._counted)

    def counts(self) -> Counts:
        """Which of the rows the figure rests on, once all have been looked at."""
        counted = [(key, self._counted[key][1]) for key in sorted(self._counted, key=str.encode)]
        needed = self._summary.figures[self._asking.figure].needs(counted, self._asking)
        return Counts({key: self._counted[key][0] for key in needed}, population_of(self._keys))


def places(summary: Summary, asking: Asking, rows: Iterable[Any]) -> set[Place]:
    """Where the events are that these rows rest on."""
    found = {part.place(row) for row in rows for part in summary.parts(asking.wanted)}
    return {place for place in found if place is not None}


@dataclass(frozen=True, slots=True)
class Spoken:
    """For whom, and for which position of the ledger, a figure is explained."""

    reader: Reader
    known_at: int


def explanation(
    summary: Summary, asking: Asking, counted: Counts, found: Mapping[str, Grounded], spoken: Spoken
) -> Explanation:
    """The explanation of a figure, from what every row that it rests on rests on."""
    figure = summary.figures[asking.figure]
    told = [found[key].row for key in counted.rows]
    taken = [summary.taken(row, asking) for row in told]
    grounds = [ground for key in counted.rows for ground in found[key].grounds]
    return Explanation(
        summary=summary.name,
        figure=asking.figure,
        value=figure.value(taken, asking),
        definition=figure.definition,
        projections=projections_of(summary, asking.wanted),
        library=summary.library() if summary.library else None,
        known_at=spoken.known_at,
        as_of=asking.as_of,
        reader=spoken.reader,
        filters=filters_of(summary, asking),
        **resting([summary.rests(row) for row in told]),
        parts=figure.parts(taken, asking),
        subjects=subjects_of(summary.subject, zip(counted.rows, taken, strict=True)),
        population=counted.population,
        positions=positions_of(grounds),
        grounds=tuple(sorted(grounds, key=lambda each: (each.position, each.subject, each.projection))),
    )


def projections_of(summary: Summary, wanted: Any) -> tuple[Projection, ...]:
    """The read models behind a figure, as this program has them."""
    return tuple(Projection(part.model.name, part.model.version) for part in summary.parts(wanted))


def filters_of(summary: Summary, asking: Asking) -> dict[str, Any]:
    """The filters that were given, as JSON has them."""
    given: dict[str, Any] = reader_of(summary.wanted).dump_python(asking.wanted, mode="json", exclude_none=True)
    return given


def reader_of(wanted: type[Any]) -> TypeAdapter[Any]:
    """What reads and writes the filters of a summary, made once."""
    if wanted not in _READERS:
        _READERS[wanted] = TypeAdapter(wanted)
    return _READERS[wanted]


def resting(rests: Sequence[Rests]) -> dict[str, Any]:
    """The rules, editions and calendars of all rows, each once, in order."""
    references = sorted({each for rest in rests for each in rest.editions})
    return {
        "rules": tuple(sorted({each for rest in rests for each in rest.rules})),
        "editions": tuple(edition_of(reference) for reference in references),
        "calendars": tuple(sorted({each for rest in rests for each in rest.calendars})),
    }
