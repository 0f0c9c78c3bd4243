"""The fewest that suffice: they do, and none of them can be taken away."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.explaining.sufficing import sufficing


@given(st.lists(st.integers(0, 30), max_size=40, unique=True), st.data())
def test_exactly_those_that_are_needed_are_kept(events: list[int], data: st.DataObject) -> None:
    needed = set(data.draw(st.lists(st.sampled_from(events)))) if events else set()

    assert sufficing(events, lambda kept: needed <= {*kept}) == [event for event in events if event in needed]


@given(st.lists(st.integers(0, 9), max_size=25), st.integers(0, 40))
def test_none_can_be_taken_away_where_many_would_serve(events: list[int], least: int) -> None:
    def holds(kept: Sequence[int]) -> bool:
        return sum(kept) >= least and (not kept or kept[0] <= kept[-1])

    if not holds(events):
        with pytest.raises(ValueError, match="suffice"):
            sufficing(events, holds)
        return
    kept = sufficing(events, holds)
    assert holds(kept)
    assert not any(holds(kept[:number] + kept[number + 1 :]) for number in range(len(kept)))


def test_of_two_that_serve_alike_the_earlier_is_kept() -> None:
    assert sufficing(["a", "x", "b", "x", "c"], lambda kept: "x" in kept) == ["x"]
    assert sufficing([(1, "x"), (2, "x")], lambda kept: any(word == "x" for _, word in kept)) == [(1, "x")]
