"""Decisions made from the same facts, compared: groups, pairs, items, quarters, and what differs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.threshold_decisions.agreement import ComparedDecision
from projections.threshold_decisions.coefficients import COHEN, KRIPPENDORFF, Undefined
from projections.threshold_decisions.comparing import PAIRS_OF_RATERS_MOST, compare
from tests.support.decisions import NOON

untimed = settings(deadline=None)

MET, NOT = "met", "not_met"


def made(
    number: int, rater: str, outcome: str, *, facts: str = "f", days: int = 0, quarter: str = "Q4"
) -> ComparedDecision:
    return ComparedDecision(
        decision_id=UUID(int=number),
        incident_id=UUID(int=number + 0x1000),
        provider="ZZ1",
        site=None,
        decided_by="ZZ1",
        decider=UUID(int=1),
        outcome=outcome,
        decided_at=NOON + timedelta(days=days),
        rater=rater,
        question="serious_incident",
        deciding_facts=facts,
        facts=(f"{facts}=true",),
        financial_year="2025/26",
        quarter=quarter,
    )


def test_decisions_from_the_same_facts_by_two_raters_are_a_pair() -> None:
    compared = compare([made(1, "a", MET), made(2, "b", NOT)], limit=50)

    assert (compared.overall.decisions, compared.overall.fact_groups, compared.overall.raters) == (2, 1, 2)
    assert (compared.overall.pairs, compared.overall.pairs_agreeing) == (1, 0)
    assert compared.overall.percent_agreement == 0.0
    assert (compared.overall.alpha, compared.overall.undefined_because) == (None, Undefined.TOO_FEW)
    assert (compared.overall_statistic, compared.pairwise_statistic) == (KRIPPENDORFF, COHEN)
    assert compared.library.startswith("nltk ")


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        [made(1, "a", MET)],
        [made(1, "a", MET), made(2, "a", NOT)],
        [made(1, "a", MET, facts="f"), made(2, "b", NOT, facts="g")],
    ],
)
def test_one_rater_or_other_facts_are_no_pair(decisions: list[ComparedDecision]) -> None:
    compared = compare(decisions, limit=50)

    assert (compared.overall.fact_groups, compared.overall.pairs, compared.differing.total) == (0, 0, 0)
    assert compared.overall.percent_agreement is None
    assert compared.overall.undefined_because is Undefined.TOO_FEW
    assert compared.pairwise.items == ()


def test_a_pair_that_differs_says_both_decisions_and_the_facts_they_share() -> None:
    later, earlier = made(1, "a", MET, days=3), made(2, "b", NOT, days=1)

    [pair] = compare([later, earlier], limit=50).differing.items

    assert (pair.question, pair.deciding_facts, pair.facts) == ("serious_incident", "f", ("f=true",))
    assert (pair.first.decision_id, pair.first.outcome) == (earlier.decision_id, NOT)
    assert (pair.second.decision_id, pair.second.incident_id) == (later.decision_id, later.incident_id)
    assert pair.second.decided_at == later.decided_at


def test_the_pairs_that_differ_are_shown_in_pages_and_counted_whole() -> None:
    decisions = [made(number, f"rater {number}", MET if number % 2 else NOT) for number in range(8)]

    pages = [compare(decisions, limit=6, offset=offset).differing for offset in (0, 6, 12, 18)]

    assert [page.total for page in pages] == [16] * 4
    assert [len(page.items) for page in pages] == [6, 6, 4, 0]
    shown = {(pair.first.decision_id, pair.second.decision_id) for page in pages for pair in page.items}
    assert len(shown) == 16


def test_pairs_that_are_passed_over_are_counted_and_not_made() -> None:
    class Rater(str):
        __slots__ = ()
        asked = 0

        def __ne__(self, other: object) -> bool:
            Rater.asked += 1
            return not self == other

        __hash__ = str.__hash__

    decisions = [made(number, Rater(number), MET if number % 2 else NOT) for number in range(400)]

    beyond = compare(decisions, limit=50, offset=2**53 - 1).differing
    page = compare(decisions, limit=50, offset=39_980).differing

    assert (beyond.total, beyond.items) == (40_000, ())
    assert len(page.items) == 20
    assert Rater.asked < 1_000


def test_a_raters_own_decisions_are_never_a_pair() -> None:
    decisions = [made(1, "a", MET), made(2, "a", NOT), made(3, "b", MET)]

    compared = compare(decisions, limit=50)

    assert (compared.overall.pairs, compared.overall.pairs_agreeing, compared.differing.total) == (2, 1, 1)


def test_who_met_the_same_facts_again_is_compared_decision_by_decision_in_the_order_of_time() -> None:
    """a decided met, then not met; b not met, then not met: they met twice, and agreed the second time."""
    decisions = [
        made(4, "a", NOT, days=9),
        made(1, "a", MET, days=1),
        made(2, "b", NOT, days=2),
        made(3, "b", NOT, days=3),
        made(5, "b", MET, days=10),
    ]

    compared = compare(decisions, limit=50)

    [pair] = compared.pairwise.items
    assert (pair.first, pair.second, pair.items, pair.items_agreeing, pair.percent_agreement) == ("a", "b", 2, 1, 50.0)
    assert (compared.overall.items, compared.overall.ratings) == (2, 4)
    assert pair.kappa == 0.0


def test_pairs_of_raters_with_the_most_in_common_come_first_and_are_counted_whole() -> None:
    raters = [f"rater {number:02}" for number in range(16)]
    decisions = [made(number, rater, MET) for number, rater in enumerate(raters)]
    decisions += [made(100, "rater 14", MET, facts="g"), made(101, "rater 15", NOT, facts="g")]

    pairs = compare(decisions, limit=50).pairwise

    assert pairs.total == 16 * 15 // 2
    assert len(pairs.items) == PAIRS_OF_RATERS_MOST
    assert (pairs.items[0].first, pairs.items[0].second, pairs.items[0].items) == ("rater 14", "rater 15", 2)


def test_each_quarter_is_compared_by_itself() -> None:
    decisions = [
        made(1, "a", MET, quarter="Q1"),
        made(2, "b", MET, quarter="Q1"),
        made(3, "a", MET, quarter="Q2"),
        made(4, "b", NOT, quarter="Q2"),
        made(5, "a", MET, quarter="Q3"),
    ]

    quarters = compare(decisions, limit=50).over_time

    assert [(each.quarter, each.pairs, each.percent_agreement) for each in quarters] == [
        ("Q1", 1, 100.0),
        ("Q2", 1, 0.0),
        ("Q3", 0, None),
    ]


decisions_of_any = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from([MET, NOT, "unclear"]), st.sampled_from("fgh"), st.integers(0, 5)
    ),
    max_size=25,
).map(
    lambda rows: [
        made(number, rater, outcome, facts=facts, days=days)
        for number, (rater, outcome, facts, days) in enumerate(rows, start=1)
    ]
)


@untimed
@given(decisions_of_any)
def test_pairs_are_counted_as_if_each_were_looked_at(decisions: Sequence[ComparedDecision]) -> None:
    pairs = [
        (one, other)
        for one, other in combinations(decisions, 2)
        if one.deciding_facts == other.deciding_facts and one.rater != other.rater
    ]
    differing = [(one, other) for one, other in pairs if one.outcome != other.outcome]

    compared = compare(decisions, limit=500)

    assert compared.overall.pairs == len(pairs)
    assert compared.differing.total == len(differing)
    shown = [{pair.first.decision_id, pair.second.decision_id} for pair in compared.differing.items]
    assert sorted(map(sorted, shown)) == sorted(sorted((a.decision_id, b.decision_id)) for a, b in differing)


@untimed
@given(decisions_of_any, st.integers(0, 40), st.integers(1, 10))
def test_a_page_of_the_pairs_that_differ_is_a_stretch_of_them_all(
    decisions: Sequence[ComparedDecision], offset: int, limit: int
) -> None:
    every = compare(decisions, limit=10_000).differing.items

    assert compare(decisions, limit=limit, offset=offset).differing.items == every[offset : offset + limit]


@untimed
@given(decisions_of_any, st.permutations("abc"), st.randoms())
def test_the_order_of_decisions_and_the_names_of_raters_make_no_difference(
    decisions: list[ComparedDecision], names: list[str], random: Random
) -> None:
    called = dict(zip("abc", names, strict=True))
    renamed = [replace(decision, rater=called[decision.rater]) for decision in decisions]
    random.shuffle(renamed)

    first, second = compare(decisions, limit=500), compare(renamed, limit=500)

    assert second.overall == first.overall
    assert second.over_time == first.over_time
    assert second.differing == first.differing
    figures = [
        sorted((pair.items, pair.items_agreeing, pair.kappa or 0) for pair in each.pairwise.items)
        for each in (first, second)
    ]
    assert figures[0] == figures[1]
