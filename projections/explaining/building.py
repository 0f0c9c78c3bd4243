"""Explains one figure: which rows it counts, and the fewest events that each of them counts by. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from projections.engine.feed import Told
from projections.explaining.explanation import (
    Explanation,
    Ground,
    Population,
    Projection,
    Reader,
    edition_of,
    population_of,
    positions_of,
    subjects_of,
)
from projections.explaining.figures import Asking, Part, Place, Rests, Role, Summary, Why
from projections.explaining.sufficing import sufficing
from projections.explaining.telling import moving, rows_told

_WITHHELD: Final = Why(Role.WITHHELD, "It is outside of what this reader may see.")

_READERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}

Tagged = tuple[int, Told]
"""An event, and which part of the row (by number) it is told to."""


class RowUnfoundedError(Exception):
    """A read model shows a row that does not follow from the events of its case: it must be rebuilt."""

    def __init__(self, projection: str, key: str) -> None:
        super().__init__(f"{projection} shows {key} otherwise than its events tell it")


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
    return {part.place(row) for row in rows for part in summary.parts(asking.wanted)}


@dataclass(frozen=True, slots=True)
class Grounded:
    """A row as the fewest events that it counts by tell it, and these events."""

    row: Any
    grounds: tuple[Ground, ...]


Events = Mapping[Place, Sequence[Told]]
"""All events of each place up to a position, in order."""


def grounded(
    summary: Summary, asking: Asking, rows: Mapping[str, Any], events: Events, sees: Callable[[Told], bool]
) -> dict[str, Grounded]:
    """What each of these counted rows rests on; `sees` says whether the reader may see an event.

    Raises:
        RowUnfoundedError: a row does not follow from its events.
    """
    found: dict[str, Grounded] = {}
    for key, row in rows.items():
        fewest = _fewest(summary, asking, key, row, events)
        grounds = tuple(_grounds(summary, asking, key, fewest, sees))
        found[key] = Grounded(row_of(summary, asking, key, fewest), grounds)
    return found


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


def row_of(summary: Summary, asking: Asking, key: str, events: Sequence[Tagged]) -> Any | None:
    """The row with this key as these events alone tell it; None where a part of it is not told."""
    found = [
        part.find(rows_told(part.model, (event for told_to, event in events if told_to == number)), key, asking)
        for number, part in enumerate(summary.parts(asking.wanted))
    ]
    own = found[0]
    if own is None or any(each is None or each.organisation != own.organisation for each in found):
        return None
    return own


def _fewest(summary: Summary, asking: Asking, key: str, row: Any, events: Events) -> list[Tagged]:
    """The fewest events by which the row counts as it does, of those that made it what it is."""
    told = [
        (number, event)
        for number, part in enumerate(summary.parts(asking.wanted))
        for event in _moving(part, row, events)
    ]
    if row_of(summary, asking, key, told) != row:
        raise RowUnfoundedError(summary.main.model.name, key)
    taken = summary.taken(row, asking)

    def stands(kept: Sequence[Tagged]) -> bool:
        return bool(row_of(summary, asking, key, kept) == row)

    def counts_alike(kept: Sequence[Tagged]) -> bool:
        found = row_of(summary, asking, key, kept)
        return found is not None and summary.taken(found, asking) == taken

    # What made the row what it is comes first: of two events that would serve, the one that truly did is kept.
    return sufficing(sufficing(told, stands) if summary.whole else told, counts_alike)


def _moving(part: Part, row: Any, events: Events) -> Iterable[Told]:
    place = part.place(row)
    return moving(part.model, (event for event in events[place] if place.stream in part.model.keys(event)))


def _grounds(
    summary: Summary, asking: Asking, key: str, fewest: Sequence[Tagged], sees: Callable[[Told], bool]
) -> Iterable[Ground]:
    parts = summary.parts(asking.wanted)
    beside = [event for _, event in fewest]
    for number, event in fewest:
        part = parts[number]
        shown = sees(event)
        why = part.why(event, key, beside) if shown else _WITHHELD
        yield Ground(
            position=event.position,
            type=event.type if shown else None,
            incident=part.incident(event) if shown else None,
            subject=key,
            projection=part.model.name,
            role=why.role.value,
            why=why.sentence,
        )
