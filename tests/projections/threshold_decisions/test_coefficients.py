"""Coefficients of agreement: known answers from publications, small ones by hand, and when there is none."""

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from projections.threshold_decisions.coefficients import Coefficient, Rated, Undefined, _figure, alpha, kappa, library

untimed = settings(deadline=None)

MET, NOT, UNCLEAR = "met", "not_met", "unclear"
outcomes = st.sampled_from([MET, NOT, UNCLEAR])


def test_kappa_of_the_noon_lectures_of_viera_and_garrett() -> None:
    """Viera and Garrett, Understanding interobserver agreement, Family Medicine 2005;37(5):360-363.

    Two residents on 100 lectures: 15 times both yes, 70 times both no, 5 and 10 times not; observed 0.85, expected
    0.65, kappa 0.57.
    """
    lectures = [("yes", "yes")] * 15 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 70

    figure = kappa(lectures)

    assert figure.value is not None
    assert round(figure.value, 2) == 0.57
    assert figure.value == round(0.20 / 0.35, 4)


def test_alpha_of_krippendorffs_own_example_with_missing_ratings() -> None:
    """Krippendorff, Computing Krippendorff's alpha-reliability (2011), example C: nominal alpha 0.743.

    Four observers, twelve units of which the last was rated once and does not count.
    """
    observers = {
        "A": "1 2 3 3 2 1 4 1 2 . . .",
        "B": "1 2 3 3 2 2 4 1 2 5 . 3",
        "C": ". 3 3 3 2 3 4 2 2 5 1 .",
        "D": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    ratings = [
        (observer, f"unit {unit}", value)
        for observer, values in observers.items()
        for unit, value in enumerate(values.split())
        if value != "."
    ]

    figure = alpha(ratings)

    assert figure.value is not None
    assert round(figure.value, 3) == 0.743


def test_kappa_by_hand() -> None:
    """Observed 2/4; expected 2/4 x 2/4 + 2/4 x 2/4 = 1/2: nothing beyond chance."""
    assert kappa([(MET, MET), (MET, NOT), (NOT, MET), (NOT, NOT)]).value == 0.0
    assert kappa([(MET, NOT), (NOT, MET)]).value == -1.0
    # observed 3/4; expected 2/4 x 1/4 + 2/4 x 3/4 = 1/2
    assert kappa([(MET, MET), (MET, NOT), (NOT, NOT), (NOT, NOT)]).value == 0.5


def test_alpha_by_hand() -> None:
    """Two items by two raters, one of them met by one: Do = 2/4; De = 2 x (1 x 3) / (4 x 3) = 1/2."""
    assert alpha([("a", "1", MET), ("b", "1", NOT), ("a", "2", NOT), ("b", "2", NOT)]).value == 0.0


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ([], Undefined.TOO_FEW),
        ([(MET, NOT)], Undefined.TOO_FEW),
        ([(MET, MET)] * 9, Undefined.ONE_CATEGORY),
    ],
)
def test_kappa_says_nothing_of_too_few_and_of_one_category(ratings: list[tuple[str, str]], why: Undefined) -> None:
    assert kappa(ratings) == Coefficient(None, why)


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ([], Undefined.TOO_FEW),
        ([("a", "1", MET), ("b", "1", NOT)], Undefined.TOO_FEW),
        ([("a", "1", MET), ("a", "2", NOT), ("b", "3", NOT)], Undefined.TOO_FEW),
        ([(rater, item, MET) for rater in "ab" for item in "12"], Undefined.ONE_CATEGORY),
        ([*((rater, item, MET) for rater in "ab" for item in "12"), ("a", "3", NOT)], Undefined.ONE_CATEGORY),
    ],
)
def test_alpha_says_nothing_of_too_few_and_of_one_category(ratings: list[Rated], why: Undefined) -> None:
    """What only one rater rated does not count, so it makes no second category either."""
    assert alpha(ratings) == Coefficient(None, why)


@untimed
@given(st.lists(outcomes, min_size=2, max_size=12))
def test_perfect_agreement_is_one(rated: list[str]) -> None:
    assume(len(set(rated)) > 1)

    assert kappa([(each, each) for each in rated]).value == 1.0
    assert alpha([(rater, str(item), each) for rater in "abc" for item, each in enumerate(rated)]).value == 1.0


@pytest.mark.parametrize("noise", [-1e-16, 0.0, 1e-16])
def test_a_half_is_rounded_alike_whatever_the_last_bits_are(noise: float) -> None:
    assert _figure(0.34375 + noise) == Coefficient(0.3438, None)


@untimed
@given(st.lists(st.tuples(outcomes, outcomes), min_size=2, max_size=12), st.randoms())
def test_neither_the_order_of_items_nor_which_rater_comes_first_makes_a_difference(
    rated: list[tuple[str, str]], random: Random
) -> None:
    swapped = [(second, first) for first, second in rated]
    random.shuffle(swapped)

    assert kappa(swapped) == kappa(rated)


@untimed
@given(st.lists(st.lists(outcomes, max_size=4), min_size=2, max_size=8), st.permutations("abcd"), st.randoms())
def test_what_raters_are_called_makes_no_difference_to_alpha(
    items: list[list[str]], names: list[str], random: Random
) -> None:
    plain = [
        (rater, str(item), each) for item, rated in enumerate(items) for rater, each in zip("abcd", rated, strict=False)
    ]
    renamed = [
        (rater, str(item), each) for item, rated in enumerate(items) for rater, each in zip(names, rated, strict=False)
    ]
    random.shuffle(renamed)

    assert alpha(renamed) == alpha(plain)


def test_the_library_is_named_with_its_version() -> None:
    name, version = library().split()

    assert name == "nltk"
    assert version[0].isdigit()
