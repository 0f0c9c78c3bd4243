"""No sequence of facts makes a past breach disappear: what the ledger once read as late, every later row shows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candour.events import ContactDeclined, ConversationHeld, QuestionAsked
from domain.incident.duty_events import (
    DutyExtended,
    DutyOpened,
    DutyPaused,
    DutyRedated,
    DutyResumed,
    DutySetAside,
)
from domain.incident.events import IncidentEnteredInError, IncidentReported
from domain.incident.words import SetAside
from domain.kernel.words import Code, DutyId, PersonId
from projections.timeliness.model import MODEL
from projections.timeliness.queries import missed, status_of
from projections.timeliness.rows import ClockRow
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story
from tests.support.sample_events import kind_of, sample

CASE, CANDOUR = an_id(1), an_id(2)
PERSONS: Final = (None, PersonId(an_id(201)), PersonId(an_id(202)))
LATE: Final = {"overdue", "met_late", "met_recorded_late", "set_aside_late"}

Rows = dict[str, ClockRow]


def told(event: type[Any], at: datetime, *, stream: UUID = CASE, **changes: Any) -> Any:
    return replace(sample(event), originator_id=stream, timestamp=at, **changes)


def opened(at: datetime, number: int, due_at: datetime | None, started_at: datetime) -> Any:
    """Two duties that come one after the other for nobody in particular, and for each of two persons."""
    made = replace(
        sample(DutyOpened).terms,
        started_at=started_at,
        due_at=due_at,
        met_by=(Code("candour.notice_given"),),
        set_aside_by=(Code("candour.contact_declined"),),
        revived_by=(Code("candour.question_asked"),),
        person=PERSONS[number // 2],
        response=None,
    )
    return told(DutyOpened, at, duty=DutyId(an_id(900 + number)), terms=made)


def by_fact(event: type[Any], at: datetime, number: int) -> Any:
    more = {"apology_given": True} if event is ConversationHeld else {}
    return told(event, at, stream=CANDOUR, person=PERSONS[number // 2] or PersonId(an_id(209)), **more)


def moved(event: type[Any], at: datetime, number: int, **changes: Any) -> Any:
    return told(event, at, duty=DutyId(an_id(900 + number)), **changes)


Making = Callable[[datetime, int, datetime | None, datetime], Any]
STEPS: Final[dict[str, Making]] = {
    "open": opened,
    "meet": lambda at, n, _due, _start: by_fact(ConversationHeld, at, n),
    "decline": lambda at, n, _due, _start: by_fact(ContactDeclined, at, n),
    "ask": lambda at, n, _due, _start: by_fact(QuestionAsked, at, n),
    "pause": lambda at, n, _due, _start: moved(DutyPaused, at, n),
    "resume": lambda at, n, due, _start: moved(DutyResumed, at, n, due_at=due),
    "extend": lambda at, n, due, _start: moved(DutyExtended, at, n, due_at=due or at),
    "redate": lambda at, n, due, start: moved(DutyRedated, at, n, due_at=due, started_at=start),
    "hand over": lambda at, n, _due, _start: moved(DutySetAside, at, n, because=SetAside.OWED_TO_NAMED_PERSONS),
    "set aside": lambda at, n, _due, _start: moved(DutySetAside, at, n, because=SetAside.NOT_APPLICABLE),
    "decide anew": lambda at, n, _due, _start: moved(DutySetAside, at, n, because=SetAside.DECISION_CHANGED),
    "enter in error": lambda at, _n, _due, _start: told(IncidentEnteredInError, at),
}
hours = st.integers(-60, 60).map(lambda hours: timedelta(hours=hours))
steps = st.lists(
    st.tuples(
        st.sampled_from([name for name in STEPS if name != "enter in error"] * 3 + ["enter in error"]),
        st.integers(0, 5),
        st.integers(0, 40),
        st.integers(0, 60),
        st.one_of(st.none(), hours, hours),
        hours,
    ),
    max_size=14,
)


def story_of(taken: list[tuple[Any, ...]]) -> Story:
    """Facts recorded one after the other, each effective then or earlier; every duty is opened once, the first early."""
    story, now, known = Story(), NOON, {0}
    story.tell(told(IncidentReported, NOON), recorded_at=NOON)
    story.tell(opened(NOON, 0, NOON + timedelta(hours=20), NOON), recorded_at=NOON)
    for name, number, later, back, due, start in taken:
        if name == "open" and number in known:
            continue
        known |= {number} if name == "open" else set()
        now += timedelta(hours=later)
        fact = STEPS[name](now - timedelta(hours=back), number, None if due is None else now + due, now + start)
        story.tell(fact, kind=kind_of(type(fact)), cases=(CASE,), recorded_at=now)
    return story


def rows_of(story: Story) -> Iterator[tuple[datetime, Rows]]:
    """When each event was recorded, and the rows as it left them."""
    state = None
    for event in story.events:
        state = MODEL.fold(state, event)
        assert state is not None
        yield event.recorded_at, dict(MODEL.rows(state))


def shows_late(row: ClockRow, as_of: datetime) -> bool:
    return row.missed_due_at is not None or status_of(row, as_of) in LATE


def counted(key: str, rows: Rows, as_of: datetime) -> bool:
    """Whether what this clock missed is counted: for itself, or for somebody named to whom the duty was handed over."""
    row = rows[key]
    others = [each for each in rows.values() if each.person is not None and each.rule == row.rule]
    return missed(row, as_of) or (row.handed_over and any(missed(each, as_of) for each in others))


@settings(max_examples=400, deadline=None)
@given(steps)
def test_what_was_late_once_is_shown_and_counted_for_good(taken: list[tuple[Any, ...]]) -> None:
    for (_, before), (recorded_at, after) in pairwise(rows_of(story_of(taken))):
        for key, row in before.items():
            if shows_late(row, recorded_at):
                assert shows_late(after[key], recorded_at), key
            if counted(key, before, recorded_at):
                assert counted(key, after, recorded_at), key


@settings(max_examples=200, deadline=None)
@given(steps, st.integers(0, 200), st.integers(0, 200))
def test_time_that_passes_never_mends_a_breach(taken: list[tuple[Any, ...]], one: int, other: int) -> None:
    *_, (recorded_at, rows) = rows_of(story_of(taken))
    sooner, later = (recorded_at + timedelta(hours=hours) for hours in sorted((one, other)))

    for row in rows.values():
        assert missed(row, sooner) <= missed(row, later)


@settings(max_examples=200, deadline=None)
@given(steps)
def test_one_breach_is_not_counted_for_those_named_and_for_nobody_in_particular_too(
    taken: list[tuple[Any, ...]],
) -> None:
    *_, (recorded_at, rows) = rows_of(story_of(taken))

    for row in rows.values():
        if row.handed_over:
            assert not missed(row, recorded_at)
            assert status_of(row, recorded_at) == "not_applicable"
            assert row.missed_due_at is not None


@pytest.mark.parametrize("word", sorted(LATE))
def test_the_histories_above_come_to_every_kind_of_breach(word: str) -> None:
    def late(name: str, later: int, back: int = 0) -> tuple[Any, ...]:
        return (name, 0, later, back, None, timedelta())

    taken = {
        "overdue": [late("pause", 30)],
        "met_late": [late("meet", 30)],
        "met_recorded_late": [late("meet", 30, 20)],
        "set_aside_late": [late("set aside", 30)],
    }[word]
    *_, (recorded_at, rows) = rows_of(story_of(taken))
    assert [status_of(row, recorded_at).value for row in rows.values()] == [word]
