"""A batch folded in memory: one version of a row for each event that changed it, and no row with two owners."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer

from domain.kernel.personal import ERASED, Erased, Narrative, Personal, Sealed
from domain.kernel.words import KeyId, OdsCode, PersonId
from projections.engine.codec import StateCodec
from projections.engine.columns import Structured, logical_table, words
from projections.engine.folding import FoldError, Folding, RowKeyTakenError
from projections.engine.model import ReadModel, ReadModelShapeError
from tests.projections.engine.sample import Box, ItemRow, boxes, rows, steps, story
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import shown


def folded(*told: tuple[int, str, int]) -> Folding[Box, ItemRow]:
    folding = Folding(boxes, {})
    for event in story(told).events:
        folding.take(event)
    return folding


def test_a_row_has_one_version_for_each_event_that_changed_it() -> None:
    folding = folded((1, "open", 1), (1, "add", 1), (2, "open", 1), (1, "take", 1), (1, "take", 1), (1, "add", 1))

    assert [(version.position, version.gone) for version in folding.versions] == [(2, False), (4, True), (6, False)]
    assert folding.versions[1].row == folding.versions[0].row, "a row that went keeps its last values"


def test_an_event_that_changes_nothing_leaves_no_trace() -> None:
    events = story([(1, "open", 1), (1, "add", 1), (1, "take", 3)]).events
    loaded = shown(boxes, events[:2]).states
    folding = Folding(boxes, loaded)

    folding.take(events[2])

    assert not folding.changed_states()
    assert not folding.versions


def test_two_cases_cannot_own_one_row() -> None:
    def rows_of_all(box: Box) -> Mapping[str, ItemRow]:
        return {key.rpartition(":")[2]: row for key, row in rows(box).items()}

    folding = Folding(replace(boxes, rows=rows_of_all), {})
    events = story([(1, "open", 1), (2, "open", 1), (1, "add", 1), (2, "add", 1)]).events
    for event in events[:3]:
        folding.take(event)

    with pytest.raises(FoldError, match="RowKeyTakenError at position 4") as refused:
        folding.take(events[3])

    assert isinstance(refused.value.__cause__, RowKeyTakenError)


def test_a_row_may_pass_from_one_case_to_another_in_one_event() -> None:
    def keys_of_two(event: object) -> tuple[UUID, ...]:
        del event
        return (an_id(1), an_id(2))

    def hand_over(box: Box | None, event: object) -> Box | None:
        del event
        if box is None:
            return None
        return replace(box, items=() if box.items else other.items)

    other = shown(boxes, story([(1, "open", 1), (1, "add", 1)]).events).states[an_id(1)]
    empty = replace(other, id=an_id(2), items=())
    model = replace(boxes, keys=keys_of_two, fold=hand_over, rows=lambda box: {"one": row} if box.items else {})
    row = next(iter(rows(other).values()))
    folding = Folding(model, {an_id(1): other, an_id(2): empty})

    folding.take(story([(1, "open", 1)]).events[0])

    assert not folding.versions, "the row is what it was, whoever owns it"
    assert folding.changed_states().keys() == {an_id(1), an_id(2)}


def test_an_error_says_where_it_happened_and_not_what_it_says() -> None:
    def refuse(box: Box | None, event: object) -> Box | None:
        raise ValueError("Jane Doe")

    with pytest.raises(FoldError) as refused:
        Folding(replace(boxes, fold=refuse), {}).take(story([(1, "open", 1)]).events[0])

    assert str(refused.value) == "ValueError at position 1 (BoxOpened)"


@dataclass(frozen=True)
class Rich:
    name: Personal
    note: Narrative | None
    at: datetime
    by_id: dict[str, tuple[UUID, ...]]
    count: int | None


sealed = st.builds(Sealed, event=st.uuids(), path=st.text(), box=st.text())
words_of = sealed | st.just(ERASED)
rich = st.builds(
    Rich,
    name=st.builds(Personal, about=st.uuids().map(PersonId), words=words_of, key=st.uuids().map(KeyId)),
    note=st.none() | st.builds(Narrative, about=st.uuids(), words=words_of, key=st.uuids().map(KeyId)),
    at=st.datetimes(timezones=st.just(UTC)),
    by_id=st.dictionaries(st.text(), st.lists(st.uuids(), max_size=3).map(tuple), max_size=3),
    count=st.none() | st.integers(-(2**62), 2**62),
)


@given(rich)
def test_a_state_comes_back_equal_from_its_stored_form(state: Rich) -> None:
    codec = StateCodec(Rich)

    back = codec.decode(codec.encode(state))

    assert back == state
    assert type(back.name.words) in {Sealed, Erased}
    assert codec.encode(back) == codec.encode(state)


@given(rich)
def test_a_structured_column_comes_back_equal(state: Rich) -> None:
    column = Structured(Rich)

    assert column.process_result_value(column.written(state), None) == state  # type: ignore[arg-type]  # no dialect


def test_a_state_with_a_set_is_refused() -> None:
    @dataclass(frozen=True)
    class Unordered:
        names: frozenset[str]

    with pytest.raises(ReadModelShapeError, match="use a tuple"):
        StateCodec(Unordered)


@given(steps)
def test_the_rows_of_a_story_are_those_of_its_last_states(told: list[tuple[int, str, int]]) -> None:
    seen = shown(boxes, story(told).events)

    assert seen.rows == {key: row for box in seen.states.values() for key, row in rows(box).items()}


@dataclass(frozen=True)
class Small:
    organisation: OdsCode
    number: int


@dataclass(frozen=True)
class Lost:
    number: int


@dataclass(frozen=True)
class Greedy:
    organisation: OdsCode
    gone: int


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [("other", Small, "count"), ("nobodys", Lost, "number"), ("greedy", Greedy, "gone")],
)
def test_a_table_that_does_not_fit_its_row_is_refused(name: str, row: type[Small], column: str) -> None:
    table = logical_table(name, Column(column, Integer))

    with pytest.raises(ReadModelShapeError):
        ReadModel(
            name=name,
            version=1,
            versioned=True,
            state=Small,
            row=row,
            keys=lambda event: event.cases,
            fold=lambda state, _: state,
            rows=lambda state: {"one": state},
            table=table,
        )


def test_a_name_is_given_to_one_read_model_only() -> None:
    logical_table("twice", Column("a", words()))

    with pytest.raises(ValueError, match="twice"):
        logical_table("twice", Column("b", words()))


def test_events_are_recorded_in_the_order_of_the_story() -> None:
    events = story([(1, "open", 1), (1, "add", 1)]).events

    assert [event.position for event in events] == [1, 2]
    assert NOON < events[0].recorded_at < events[1].recorded_at
