"""The figures of a comparison of decisions: each is worked out again from the very decisions that it compares."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from projections.explaining.explanation import Value
from projections.explaining.figures import Asking, Counted, Figure, Taken
from projections.threshold_decisions.agreement import AgreementFigures, ComparedDecision, RaterPair
from projections.threshold_decisions.coefficients import Undefined
from projections.threshold_decisions.comparing import compare
from projections.threshold_decisions.queries import By
from projections.threshold_decisions.rows import DecisionRow

_OF_FIGURES: Final = {
    "decisions": "The number of decisions that were made from facts from which more than one rater decided.",
    "fact_groups": "The number of sets of facts from which more than one rater decided.",
    "pairs": "The number of pairs of decisions that different raters made from the same facts.",
    "pairs_agreeing": "How many of the pairs of decisions by different raters, from the same facts, say the same.",
    "percent_agreement": "Of the pairs of decisions by different raters, from the same facts, the percentage that say the same.",
    "raters": "The number of raters who made a decision that can be compared.",
    "items": "The number of meetings of facts that more than one rater rated: their first decisions, their second, and so on.",
    "ratings": "The number of decisions in items that more than one rater rated.",
    "alpha": "Krippendorff's alpha (nominal) over the items that more than one rater rated.",
    "undefined_because": "Why there is no alpha, where there is none.",
}
_OF_PAIR: Final = {
    "items": "The number of items that both raters rated.",
    "items_agreeing": "How many of the items that both raters rated they rated alike.",
    "percent_agreement": "Of the items that both raters rated, the percentage that they rated alike.",
    "kappa": "Cohen's kappa of the two raters over the items that both rated.",
    "undefined_because": "Why there is no kappa, where there is none.",
}
_COUNTED: Final = ("decisions", "fact_groups", "pairs", "pairs_agreeing", "raters", "items", "ratings")


def rater_of(row: DecisionRow, by: By) -> str | None:
    """Whose decision a row is in a comparison; None where that is not known."""
    match by:
        case By.DECIDER:
            return str(row.decider)
        case By.SITE:
            return None if row.site is None else f"{row.organisation} {row.site}"
        case By.PROVIDER:
            return row.organisation


def compared(row: DecisionRow, asking: Asking) -> ComparedDecision | None:
    """The decision as it is compared; None where its facts or its rater are not known."""
    rater = rater_of(row, By(asking.wanted.by))
    if row.deciding_facts is None or rater is None:
        return None
    renamed: dict[str, Any] = {"decision_id": row.id, "provider": row.organisation, "rater": rater}
    named = (each.name for each in fields(ComparedDecision) if each.name not in renamed)
    return ComparedDecision(**renamed, **{name: getattr(row, name) for name in named})


def _of_pair(row: DecisionRow, asking: Asking) -> ComparedDecision | None:
    found = compared(row, asking)
    return found if found is not None and found.rater in (asking.wanted.first, asking.wanted.second) else None


def _without_facts(row: DecisionRow, _asking: Asking) -> bool | None:
    return True if row.deciding_facts is None else None


def _groups(counted: Counted) -> list[dict[str, list[tuple[str, ComparedDecision]]]]:
    """The decisions by the facts that they were made from, and in them by rater, in the order of time."""
    groups: dict[str, dict[str, list[tuple[str, ComparedDecision]]]] = defaultdict(lambda: defaultdict(list))
    for key, decision in sorted(counted, key=lambda each: (each[1].decided_at, str(each[1].decision_id))):
        groups[decision.deciding_facts][decision.rater].append((key, decision))
    return [by_rater for by_rater in groups.values() if len(by_rater) > 1]


def _shared(counted: Counted, _asking: Asking) -> Collection[str]:
    """Those that somebody else made too from the same facts."""
    return sorted(key for by_rater in _groups(counted) for made in by_rater.values() for key, _ in made)


def _rated_by_both(counted: Counted, _asking: Asking) -> Collection[str]:
    """As many of each of the two as the other made from the same facts: the first with the first, and so on."""
    keys: list[str] = []
    for by_rater in _groups(counted):
        most = min(len(made) for made in by_rater.values())
        keys += [key for made in by_rater.values() for key, _ in made[:most]]
    return sorted(keys)


def _overall(taken: Sequence[Taken]) -> AgreementFigures:
    return compare(taken, limit=0).overall


def _parts(taken: Sequence[Taken], _asking: Asking) -> Mapping[str, Value]:
    overall = _overall(taken)
    return {name: getattr(overall, name) for name in _COUNTED}


def _pair(taken: Sequence[Taken]) -> RaterPair:
    pairs = compare(taken, limit=0).pairwise.items
    return pairs[0] if pairs else RaterPair("", "", 0, 0, 0.0, None, Undefined.TOO_FEW)


def _parts_of_pair(taken: Sequence[Taken], _asking: Asking) -> Mapping[str, Value]:
    pair = _pair(taken)
    return {"decisions": len(taken), "items": pair.items, "items_agreeing": pair.items_agreeing}


def _figure(name: str, *, requires: tuple[str, ...] = ()) -> Figure:
    def value(taken: Sequence[Taken], _asking: Asking) -> Value:
        found: Value = getattr(_overall(taken), name)
        return found

    return Figure(_OF_FIGURES[name], takes=compared, needs=_shared, value=value, parts=_parts, requires=requires)


def _figure_of_pair(name: str) -> Figure:
    def value(taken: Sequence[Taken], _asking: Asking) -> Value:
        found: Value = getattr(_pair(taken), name)
        return found

    return Figure(
        _OF_PAIR[name],
        takes=_of_pair,
        needs=_rated_by_both,
        value=value,
        parts=_parts_of_pair,
        requires=("first", "second"),
    )


def _differing(taken: Sequence[Taken], _asking: Asking) -> Value:
    return compare(taken, limit=0).differing.total


def _pairs_of_raters(taken: Sequence[Taken], _asking: Asking) -> Value:
    return compare(taken, limit=0).pairwise.total


AGREEMENT_FIGURES: Final[Mapping[str, Figure]] = {
    "decisions": Figure("The number of decisions that were looked at, compared or not."),
    "without_facts": Figure(
        "How many of the decisions looked at cannot be compared: it is not known from which facts they were made.",
        takes=_without_facts,
    ),
    **{f"overall.{name}": _figure(name) for name in _OF_FIGURES},
    **{f"over_time.{name}": _figure(name, requires=("financial_year", "quarter")) for name in _OF_FIGURES},
    "pairwise.total": Figure(
        "The number of pairs of raters who both rated an item.",
        takes=compared,
        needs=_shared,
        value=_pairs_of_raters,
        parts=_parts,
    ),
    **{f"pairwise.{name}": _figure_of_pair(name) for name in _OF_PAIR},
    "differing.total": Figure(
        "The number of pairs of decisions by different raters, from the same facts, that do not say the same.",
        takes=compared,
        needs=_shared,
        value=_differing,
        parts=_parts,
    ),
}
"""A quarter is compared in itself: `over_time` needs the financial year and the quarter, `pairwise` the two raters."""
