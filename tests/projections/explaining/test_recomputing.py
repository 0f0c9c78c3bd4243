"""A figure is worked out from its explanation and its events, or not at all: whatever is taken away or changed is named."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.incident.duty_events import DutyOpened
from domain.incident.events import IncidentNotified, IncidentReported
from domain.kernel.words import Code, DutyId
from projections.engine.feed import Told
from projections.explaining.explanation import Edition, Explanation, Projection, positions_of
from projections.explaining.recomputing import (
    CannotRecomputeError,
    EventStrayError,
    FigureUnknownError,
    PositionsMissingError,
    ProjectionDiffersError,
    RowUncountedError,
    StatementDiffersError,
    recompute,
)
from tests.support.audit.explained import asking, explained, named, without
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story
from tests.support.sample_events import sample

CASE = an_id(1)
DAY = timedelta(days=1)


def opened(number: int) -> Any:
    terms = replace(
        sample(DutyOpened).terms,
        started_at=NOON,
        due_at=NOON + DAY,
        met_by=(Code("incident.notified:commissioner"),),
        person=None,
        response=None,
    )
    return replace(sample(DutyOpened), originator_id=CASE, duty=DutyId(an_id(number)), terms=terms)


def story() -> Sequence[Told]:
    """One case with two clocks, both met in time by one notice; and another event that does nothing for them."""
    told = Story()
    told.tell(replace(sample(IncidentReported), originator_id=CASE), type_="incident.reported.v1")
    told.tell(opened(8))
    told.tell(opened(9))
    notified = replace(sample(IncidentNotified), originator_id=CASE, timestamp=NOON)
    told.tell(replace(notified, recipient=Code("commissioner")))
    told.tell(replace(notified, recipient=Code("police")))
    return told.events


EVENTS = story()
MET = explained("timeliness/summary", asking("timeliness/summary", "met", as_of=NOON + 2 * DAY), EVENTS)
NAMED = named(MET, EVENTS)


def test_it_is_the_same_from_its_events_alone() -> None:
    assert MET.value == 2
    assert [ground.position for ground in MET.grounds] == [1, 1, 2, 3, 4, 4]
    assert recompute(MET, NAMED) == 2
    assert recompute(MET, reversed(NAMED)) == 2


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_an_event_that_is_not_given_is_named(position: int) -> None:
    given = [event for event in NAMED if event.position != position]

    with pytest.raises(PositionsMissingError, match=f"position {position} is missing") as refused:
        recompute(MET, given)
    assert refused.value.positions == (position,)


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_an_event_that_is_not_even_named_leaves_a_row_uncounted(position: int) -> None:
    fewer = without(MET, position)

    with pytest.raises(RowUncountedError, match="one that it rests on is missing"):
        recompute(fewer, named(fewer, EVENTS))


def test_a_row_that_is_left_out_with_all_its_events_is_missed() -> None:
    fewer = replace(MET, grounds=tuple(ground for ground in MET.grounds if ground.subject != MET.grounds[0].subject))
    fewer = replace(fewer, positions=positions_of(fewer.grounds))

    with pytest.raises(StatementDiffersError, match="rows: it states 2"):
        recompute(fewer, named(fewer, EVENTS))


CHANGED: list[tuple[type[CannotRecomputeError], str, Callable[[], Explanation]]] = [
    (ProjectionDiffersError, "timeliness:1", lambda: replace(MET, projections=(Projection("timeliness", 1),))),
    (ProjectionDiffersError, "it was worked out by ,", lambda: replace(MET, projections=())),
    (StatementDiffersError, "rules", lambda: replace(MET, rules=())),
    (StatementDiffersError, "rules", lambda: replace(MET, rules=(*MET.rules, "PSIRF-99"))),
    (StatementDiffersError, "editions", lambda: replace(MET, editions=())),
    (StatementDiffersError, "editions", lambda: replace(MET, editions=(Edition(MET.editions[0].name, "0"),))),
    (StatementDiffersError, "calendars", lambda: replace(MET, calendars=())),
    (StatementDiffersError, "library", lambda: replace(MET, library="nltk 0")),
    (StatementDiffersError, "parts", lambda: replace(MET, parts={"clocks": 2})),
    (StatementDiffersError, "positions", lambda: replace(MET, positions=replace(MET.positions, digest="0" * 64))),
    (StatementDiffersError, "positions", lambda: replace(MET, positions=replace(MET.positions, total=3))),
    (StatementDiffersError, "rows", lambda: replace(MET, subjects=replace(MET.subjects, total=3))),
    (StatementDiffersError, "count as", lambda: replace(MET, subjects=replace(MET.subjects, digest="0" * 64))),
    (RowUncountedError, "does not count", lambda: replace(MET, figure="overdue")),
    (RowUncountedError, "does not count", lambda: replace(MET, as_of=NOON - DAY)),
    (RowUncountedError, "does not count", lambda: replace(MET, filters={"rule": "PSIRF-99"})),
    (RowUncountedError, "does not count", lambda: replace(MET, reader=replace(MET.reader, organisations=("ZZ9",)))),
    (EventStrayError, "position 4", lambda: replace(MET, known_at=3)),
    (FigureUnknownError, "nothing", lambda: replace(MET, figure="nothing")),
    (FigureUnknownError, "elsewhere", lambda: replace(MET, summary="elsewhere")),
    (FigureUnknownError, "another/1", lambda: replace(MET, format="another/1")),
    (FigureUnknownError, "filters", lambda: replace(MET, filters={"due_before": "yesterday"})),
]


@pytest.mark.parametrize(("refusal", "named_in_it", "changed"), CHANGED)
def test_nothing_that_it_states_can_be_changed(
    refusal: type[CannotRecomputeError], named_in_it: str, changed: Callable[[], Explanation]
) -> None:
    with pytest.raises(refusal, match=named_in_it):
        recompute(changed(), NAMED)


def test_no_other_event_may_be_given() -> None:
    with pytest.raises(EventStrayError, match="position 5"):
        recompute(MET, EVENTS)
    with pytest.raises(EventStrayError, match="at position 4"):
        recompute(MET, [replace(event, type="another") if event.position == 4 else event for event in NAMED])


def test_a_ground_told_to_a_read_model_without_a_part_in_it_is_refused() -> None:
    strange = tuple(replace(ground, projection="worklist") for ground in MET.grounds)

    with pytest.raises(FigureUnknownError, match="no part"):
        recompute(replace(MET, grounds=strange), NAMED)


def test_an_event_that_the_reader_may_not_see_is_withheld_and_still_needed() -> None:
    """Whoever has it all the same can work the figure out."""
    asked = asking("timeliness/summary", "met", as_of=NOON + 2 * DAY)
    seen = explained("timeliness/summary", asked, EVENTS, sees=lambda event: event.position != 4)

    hidden = [ground for ground in seen.grounds if ground.withheld]
    assert [(ground.position, ground.type, ground.incident, ground.role) for ground in hidden] == [
        (4, None, None, "withheld")
    ] * 2
    assert seen.positions == MET.positions
    assert recompute(seen, NAMED) == 2
