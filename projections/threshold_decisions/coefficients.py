"""Coefficients of agreement, computed by the library that the answer names (NLTK), and when they say nothing.

The library is imported by the first question that needs it: it takes longer than everything else in this package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from typing import Final

COHEN: Final = "Cohen's kappa"
"""For two raters: Cohen 1960, each pair over the facts that both decided."""

KRIPPENDORFF: Final = "Krippendorff's alpha, nominal"
"""For any number of raters of whom most decided little: Krippendorff 1980."""

_ITEMS_LEAST: Final = 2
_FIRST, _SECOND = "first", "second"

Rated = tuple[str, str, str]
"""Who rated which item how."""


class Undefined(StrEnum):
    """Why there is no figure."""

    TOO_FEW = "too_few"
    """Fewer than two items were rated by two raters."""
    ONE_CATEGORY = "one_category"
    """Every rating is the same, so that agreement cannot be told from chance."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A figure corrected for chance: 1 is perfect agreement, 0 what chance alone would give; null with the reason."""

    value: float | None
    undefined_because: Undefined | None


def kappa(ratings: Sequence[tuple[str, str]]) -> Coefficient:
    """Cohen's kappa of two raters, from how the first and the second rated each item that both rated."""
    reason = _undefined(len(ratings), {rating for both in ratings for rating in both})
    if reason is not None:
        return Coefficient(None, reason)
    from nltk.metrics.agreement import AnnotationTask  # late: see the module's docstring

    data = [
        (rater, str(item), rating)
        for item, both in enumerate(ratings)
        for rater, rating in zip((_FIRST, _SECOND), both, strict=True)
    ]
    return _figure(AnnotationTask(data=data).kappa_pairwise(_FIRST, _SECOND))


def alpha(ratings: Sequence[Rated]) -> Coefficient:
    """Krippendorff's alpha for nominal data; what only one rater rated does not count."""
    counted = shared(ratings)
    reason = _undefined(len({item for _, item, _ in counted}), {rating for _, _, rating in counted})
    if reason is not None:
        return Coefficient(None, reason)
    from nltk.metrics.agreement import AnnotationTask  # late: see the module's docstring

    return _figure(AnnotationTask(data=counted).alpha())


def shared(ratings: Sequence[Rated]) -> list[Rated]:
    """The ratings of items that more than one rater rated."""
    raters: dict[str, set[str]] = {}
    for rater, item, _ in ratings:
        raters.setdefault(item, set()).add(rater)
    return [rated for rated in ratings if len(raters[rated[1]]) > 1]


@lru_cache(maxsize=1)
def library() -> str:
    """The library that computes them, with its version."""
    return f"nltk {version('nltk')}"


def _undefined(items: int, categories: set[str]) -> Undefined | None:
    if items < _ITEMS_LEAST:
        return Undefined.TOO_FEW
    return Undefined.ONE_CATEGORY if len(categories) == 1 else None


def _figure(value: float) -> Coefficient:
    # The library adds up in the order that it is given: what that changes in the last bits must not tip a half.
    return Coefficient(round(round(float(value), 10), 4), None)
