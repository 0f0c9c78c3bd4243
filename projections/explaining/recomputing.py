"""A figure worked out again from its explanation and the events that it names: no database, and no other event.

Whoever recomputes needs this program in the version of the projection that the explanation names, the events at its
positions, and nothing else. It refuses, and says what is missing, rather than give another figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from projections.engine.feed import Told
from projections.explaining.building import projections_of, reader_of, resting
from projections.explaining.explanation import FORMAT, Explanation, Ground, Projection, Value, positions_of, subjects_of
from projections.explaining.figures import Asking, Rests, Summary
from projections.explaining.grounding import row_of
from projections.explaining.summaries import SUMMARIES


class CannotRecomputeError(Exception):
    """The figure cannot be worked out from this explanation and these events; the message says what is missing."""


class FigureUnknownError(CannotRecomputeError):
    """The explanation speaks of a summary, a figure or a form that this program does not have."""


class ProjectionDiffersError(CannotRecomputeError):
    """The explanation was made by another version of a read model than this program has."""

    def __init__(self, stated: Sequence[Projection], live: Sequence[Projection]) -> None:
        super().__init__(f"it was worked out by {_listed(stated)}, and this program has {_listed(live)}")


class PositionsMissingError(CannotRecomputeError):
    """Events that the figure rests on were not given."""

    def __init__(self, positions: Iterable[int]) -> None:
        self.positions = tuple(sorted(positions))
        super().__init__(f"the event at position {_listed(self.positions)} is missing")


class EventStrayError(CannotRecomputeError):
    """An event was given that the figure does not rest on, or one that is not what the explanation says."""


class RowUncountedError(CannotRecomputeError):
    """A row that the figure rests on does not count by the events that are named for it."""

    def __init__(self, subject: str, positions: Sequence[int]) -> None:
        self.subject = subject
        super().__init__(
            f"{subject} does not count by the events at {_listed(positions)}: one that it rests on is missing"
        )


class StatementDiffersError(CannotRecomputeError):
    """What the explanation states (rules, editions, calendars, how many rows) is not what its events say."""

    def __init__(self, what: str, stated: object, found: object) -> None:
        super().__init__(f"{what}: it states {stated}, and its events say {found}")


def recompute(explanation: Explanation, events: Iterable[Told]) -> Value:
    """The figure, from these events alone.

    Raises:
        FigureUnknownError: there is no such figure.
        ProjectionDiffersError: another version of a read model made it.
        PositionsMissingError: an event that it rests on is not among those given.
        EventStrayError: an event was given that it does not rest on.
        RowUncountedError: a row does not count by the events that are named for it.
        StatementDiffersError: rules, editions, calendars or counts are not those of its events.
    """
    summary, asking = _asked(explanation)
    stated = projections_of(summary, asking.wanted)
    if explanation.projections != stated:
        raise ProjectionDiffersError(explanation.projections, stated)
    told = _told(explanation, events)
    rests: list[Rests] = []
    taken: list[Any] = []
    subjects = _by_subject(explanation.grounds)
    for subject, grounds in subjects.items():
        row = _row(summary, asking, subject, grounds, told)
        rests.append(summary.rests(row))
        taken.append(summary.taken(row, asking))
    figure = summary.figures[asking.figure]
    found = subjects_of(summary.subject, zip(subjects, taken, strict=True))
    _assert_same("rows", explanation.subjects.total, found.total)
    _assert_same("what its rows count as", explanation.subjects.digest, found.digest)
    for name, said in resting(rests).items():
        _assert_same(name, getattr(explanation, name), said)
    _assert_same("library", explanation.library, summary.library() if summary.library else None)
    _assert_same("parts", dict(explanation.parts), dict(figure.parts(taken, asking)))
    return figure.value(taken, asking)


def _asked(explanation: Explanation) -> tuple[Summary, Asking]:
    summary = SUMMARIES.get(explanation.summary)
    if explanation.format != FORMAT or summary is None or explanation.figure not in summary.figures:
        raise FigureUnknownError(f"{explanation.format}: {explanation.figure} of {explanation.summary}")
    try:
        wanted = reader_of(summary.wanted).validate_python(dict(explanation.filters))
    except ValidationError as error:
        raise FigureUnknownError(f"{explanation.summary} has no such filters") from error
    seen = explanation.reader.organisations
    scope = None if seen is None else frozenset(seen)
    return summary, Asking(explanation.figure, wanted, explanation.as_of, scope)


def _told(explanation: Explanation, events: Iterable[Told]) -> Mapping[int, Told]:
    told = {event.position: event for event in events}
    _assert_same("positions", explanation.positions, positions_of(explanation.grounds))
    types = {ground.position: ground.type for ground in explanation.grounds}
    if missing := types.keys() - told.keys():
        raise PositionsMissingError(missing)
    for position, event in told.items():
        if position not in types or position > explanation.known_at:
            raise EventStrayError(f"the figure does not rest on position {position}")
        if types[position] not in (None, event.type):
            raise EventStrayError(f"at position {position} it names {types[position]}, and {event.type} was given")
    return told


def _by_subject(grounds: Iterable[Ground]) -> Mapping[str, list[Ground]]:
    found: dict[str, list[Ground]] = {}
    for ground in sorted(grounds, key=lambda each: (each.subject.encode(), each.position)):
        found.setdefault(ground.subject, []).append(ground)
    return found


def _row(summary: Summary, asking: Asking, subject: str, grounds: Sequence[Ground], told: Mapping[int, Told]) -> Any:
    names = [part.model.name for part in summary.parts(asking.wanted)]
    if any(ground.projection not in names for ground in grounds):
        raise FigureUnknownError(f"{subject} is told to a read model that has no part in it")
    tagged = [(names.index(ground.projection), told[ground.position]) for ground in grounds]
    row = row_of(summary, asking, subject, tagged)
    if row is None or summary.taken(row, asking) is None:
        raise RowUncountedError(subject, [ground.position for ground in grounds])
    return row


def _assert_same(what: str, stated: object, found: object) -> None:
    if stated != found:
        raise StatementDiffersError(what, stated, found)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
