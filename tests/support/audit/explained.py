"""Figures explained without a database: over the rows that a read model shows of a story, for a reader of everything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from projections.engine.feed import Told
from projections.explaining.building import Counting, Spoken, explanation, places
from projections.explaining.explanation import Explanation, Reader, Value, positions_of
from projections.explaining.figures import Asking, Place
from projections.explaining.grounding import Grounding
from projections.explaining.recomputing import CannotRecomputeError, recompute
from projections.explaining.summaries import SUMMARIES
from tests.support.decisions import NOON
from tests.support.read_models.projections import shown

READER = Reader("ZZ1", ("auditor",), None)


def asking(
    summary: str, figure: str, *, as_of: datetime = NOON, scope: Iterable[str] | None = None, **wanted: Any
) -> Asking:
    """One figure, asked for with these filters."""
    organisations = None if scope is None else frozenset(scope)
    return Asking(figure, SUMMARIES[summary].wanted(**wanted), as_of, organisations)


def every(_event: Told) -> bool:
    """Said of a reader who may see every event."""
    return True


def explained(
    summary: str,
    asked: Asking,
    events: Sequence[Told],
    rows: Mapping[str, Any] | None = None,
    sees: Callable[[Told], bool] = every,
) -> Explanation:
    """The figure with all that is behind it, after these events; `rows` are those of its read model, where known."""
    of = SUMMARIES[summary]
    rows = shown(of.main.model, events).rows if rows is None else rows
    counting = Counting(of, asked)
    for key, row in rows.items():
        if asked.sees(row.organisation):
            counting.look(key, row)
    counted = counting.counts()
    told = {place: told_at(place, events) for place in places(of, asked, counted.rows.values())}
    scope = None if asked.organisations is None else tuple(sorted(asked.organisations))
    spoken = Spoken(replace(READER, organisations=scope), len(events))
    grounding = Grounding(of, asked, told, sees)
    found = {key: grounding.of(key, row) for key, row in counted.rows.items()}
    return explanation(of, asked, counted, found, spoken)


def told_at(place: Place, events: Iterable[Told]) -> list[Told]:
    """The events of a stream, or of all streams of a case."""
    return [
        event for event in events if place.stream == event.stream or (place.is_case and place.stream in event.cases)
    ]


def named(explanation: Explanation, events: Sequence[Told]) -> list[Told]:
    """The events that an explanation names, and no other."""
    positions = {ground.position for ground in explanation.grounds}
    return [event for event in events if event.position in positions]


def without(explanation: Explanation, position: int) -> Explanation:
    """The explanation as it would be had it never named a position."""
    grounds = tuple(ground for ground in explanation.grounds if ground.position != position)
    return replace(explanation, grounds=grounds, positions=positions_of(grounds))


def recomputed(explanation: Explanation, events: Iterable[Told]) -> Value | CannotRecomputeError:
    """The figure from these events alone, or why there is none."""
    try:
        return recompute(explanation, events)
    except CannotRecomputeError as refused:
        return refused
