"""Every figure of every summary, on any history: the same from its positions alone, and not without any one of them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.policy.status import ClockStatus
from projections.action_tracker.fold import ActionStatus
from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.action_tracker.queries import is_overdue
from projections.engine.feed import Told
from projections.explaining.explanation import Explanation
from projections.explaining.figures import Asking, Summary
from projections.explaining.grounding import row_of
from projections.explaining.recomputing import CannotRecomputeError
from projections.explaining.summaries import SUMMARIES
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import missed
from tests.support.audit.explained import asking, explained, named, recomputed, without
from tests.support.decisions import NOON, an_id
from tests.support.histories import Step, history, steps_of_cases
from tests.support.read_models.projections import shown

_IN_PATH = re.compile(r"{([a-z]+)}")
ROWS_OF_ONE_MODEL = [summary for summary in SUMMARIES.values() if summary.name != "worklist"]
"""The worklist is put together from several: test_any_worklist.py."""

MOMENTS = st.integers(-1_000, 20_000).map(lambda minutes: NOON + timedelta(minutes=minutes))


def every_figure(as_of: datetime) -> Iterator[tuple[Summary, Asking]]:
    """Each of them as it can be asked for."""
    for summary in ROWS_OF_ONE_MODEL:
        for name, figure in summary.figures.items():
            wanted: dict[str, Any] = dict.fromkeys(figure.requires, "nobody")
            wanted |= {each: an_id(1) for each in _IN_PATH.findall(summary.name)}
            yield summary, asking(summary.name, name, as_of=as_of, **wanted)


def is_without_idle_grounds(summary: Summary, asked: Asking, explanation: Explanation, events: list[Told]) -> bool:
    """Whether each row counts by its events, and by no fewer."""
    numbers = {part.model.name: number for number, part in enumerate(summary.parts(asked.wanted))}
    for subject in {ground.subject for ground in explanation.grounds}:
        own = [ground for ground in explanation.grounds if ground.subject == subject]
        tagged = [(numbers[ground.projection], events[ground.position - 1]) for ground in own]
        whole = summary.taken(row_of(summary, asked, subject, tagged), asked)
        for number in range(len(tagged)):
            row = row_of(summary, asked, subject, tagged[:number] + tagged[number + 1 :])
            if row is not None and summary.taken(row, asked) == whole:
                return False
    return True


@given(steps=steps_of_cases, as_of=MOMENTS)
@settings(max_examples=8, deadline=None)
def test_every_figure_is_worked_out_again_from_its_positions_alone(steps: list[Step], as_of: datetime) -> None:
    events = history(steps).events
    rows = {summary.main.model.name: shown(summary.main.model, events).rows for summary in ROWS_OF_ONE_MODEL}

    for summary, asked in every_figure(as_of):
        explanation = explained(summary.name, asked, events, rows[summary.main.model.name])
        assert recomputed(explanation, named(explanation, events)) == explanation.value, (summary.name, asked.figure)
        assert is_without_idle_grounds(summary, asked, explanation, events), (summary.name, asked.figure)


@given(steps=steps_of_cases, as_of=MOMENTS)
@settings(max_examples=10, deadline=None)
def test_every_clock_and_every_action_is_counted_once(steps: list[Step], as_of: datetime) -> None:
    events = history(steps).events
    clocks, actions = shown(TIMELINESS, events).rows, shown(ACTION_TRACKER, events).rows

    def value(summary: str, figure: str, rows: dict[str, Any], **wanted: Any) -> Any:
        return explained(summary, asking(summary, figure, as_of=as_of, **wanted), events, rows).value

    standing = [value("timeliness/summary", word, clocks) for word in ClockStatus]
    assert sum(standing) == value("timeliness/summary", "clocks", clocks) == len(clocks)
    assert value("timeliness/summary", "missed", clocks) == sum(missed(row, as_of) for row in clocks.values())
    in_states = [value("actions/summary", "actions", actions, state=state) for state in ActionStatus]
    assert sum(in_states) == value("actions/summary", "actions", actions) == len(actions)
    assert value("actions/summary", "overdue", actions) == sum(is_overdue(row, as_of) for row in actions.values())


@given(steps=steps_of_cases, as_of=MOMENTS)
@settings(max_examples=8, deadline=None)
def test_without_any_one_of_its_positions_no_figure_is_the_same(steps: list[Step], as_of: datetime) -> None:
    events = history(steps).events
    rows = {summary.main.model.name: shown(summary.main.model, events).rows for summary in ROWS_OF_ONE_MODEL}

    for summary, asked in every_figure(as_of):
        explanation = explained(summary.name, asked, events, rows[summary.main.model.name])
        for position in {ground.position for ground in explanation.grounds}:
            fewer = without(explanation, position)
            found = recomputed(fewer, named(fewer, events))
            assert isinstance(found, CannotRecomputeError) or found != explanation.value, (summary.name, asked.figure)
