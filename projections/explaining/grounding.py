"""What one counted row rests on: the fewest events by which it counts as it does, out of those that made it so. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from projections.engine.feed import Told
from projections.explaining.explanation import Ground
from projections.explaining.figures import Asking, Part, Place, Role, Summary, Why
from projections.explaining.sufficing import sufficing
from projections.explaining.telling import moving, rows_told

_WITHHELD: Final = Why(Role.WITHHELD, "It is outside of what this reader may see.")

Tagged = tuple[int, Told]
"""An event, and which part of the row (by number) it is told to."""

Events = Mapping[Place, Sequence[Told]]
"""All events of each place up to a position, in order."""


class RowUnfoundedError(Exception):
    """A read model shows a row that does not follow from the events of its case: it must be rebuilt."""

    def __init__(self, projection: str, key: str) -> None:
        super().__init__(f"{projection} shows {key} otherwise than its events tell it")


@dataclass(frozen=True, slots=True)
class Grounded:
    """A row as the fewest events that it counts by tell it, and these events."""

    row: Any
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class _Whole:
    """All that a read model is told of a place and that moves it, and the rows that it then shows."""

    events: tuple[Told, ...]
    rows: Mapping[str, Any]


def row_of(summary: Summary, asking: Asking, key: str, events: Sequence[Tagged]) -> Any | None:
    """The row with this key as these events alone tell it; None where a part of it is not told."""
    found = [
        part.find(rows_told(part.model, (event for told_to, event in events if told_to == number)), key, asking)
        for number, part in enumerate(summary.parts(asking.wanted))
    ]
    return summary.made_of(found, asking)


class Grounding:
    """Finds what rows rest on; what is known of a place is worked out once, for all rows that are told there.

    `sees` says whether the reader may see an event.
    """

    def __init__(self, summary: Summary, asking: Asking, events: Events, sees: Callable[[Told], bool]) -> None:
        self._summary = summary
        self._asking = asking
        self._parts = summary.parts(asking.wanted)
        self._events = events
        self._sees = sees
        self._wholes: dict[tuple[str, Place], _Whole] = {}

    def of(self, key: str, row: Any) -> Grounded:
        """What the row with this key rests on.

        Raises:
            RowUnfoundedError: it does not follow from its events.
        """
        fewest = self._fewest(key, row)
        return Grounded(self._told(key, fewest), tuple(self._grounds(key, fewest)))

    def _fewest(self, key: str, row: Any) -> list[Tagged]:
        wholes = [self._whole(part, part.place(row)) for part in self._parts]
        shown = [part.find(whole.rows, key, self._asking) for part, whole in zip(self._parts, wholes, strict=True)]
        if self._summary.made_of(shown, self._asking) != row:
            raise RowUnfoundedError(self._summary.main.model.name, key)
        told = [(number, event) for number, whole in enumerate(wholes) for event in whole.events]
        taken = self._summary.taken(row, self._asking)

        def stands(kept: Sequence[Tagged]) -> bool:
            return bool(self._told(key, kept) == row)

        def counts_alike(kept: Sequence[Tagged]) -> bool:
            found = self._told(key, kept)
            return found is not None and self._summary.taken(found, self._asking) == taken

        # What made the row what it is comes first: of two events that would serve, the one that truly did is kept.
        made = sufficing(self._likely(key, told, stands), stands) if self._summary.whole else told
        return sufficing(made, counts_alike)

    def _likely(self, key: str, told: list[Tagged], stands: Callable[[Sequence[Tagged]], bool]) -> list[Tagged]:
        """Those that usually are all that made a row, where they did: most events of a case are about other things."""
        likely = [(number, event) for number, event in told if self._parts[number].likely(event, key)]
        return likely if stands(likely) else told

    def _whole(self, part: Part, place: Place | None) -> _Whole:
        if place is None:
            return _Whole((), {})
        known = (part.model.name, place)
        if known not in self._wholes:
            told = (event for event in self._events[place] if place.stream in part.model.keys(event))
            events = tuple(moving(part.model, told))
            self._wholes[known] = _Whole(events, rows_told(part.model, events))
        return self._wholes[known]

    def _told(self, key: str, events: Sequence[Tagged]) -> Any | None:
        return row_of(self._summary, self._asking, key, events)

    def _grounds(self, key: str, fewest: Sequence[Tagged]) -> Iterable[Ground]:
        beside = [event for _, event in fewest]
        for number, event in fewest:
            part, shown = self._parts[number], self._sees(event)
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
