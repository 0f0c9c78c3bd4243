"""Decisions made from the same facts, compared: pure arithmetic over what the queries found.

Two decisions are compared where they were made from the same facts by different raters (deciders, sites or providers).
A rater who met the same facts several times is compared decision by decision, in the order of time: their first with
the others' first, their second with the others' second. Each such meeting is one item of the coefficients; percentages
of pairs, and the list of pairs that differ, take every pair.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import combinations, groupby, islice
from typing import Any, Final

from projections.threshold_decisions.agreement import (
    AgreementFigures,
    AgreementInQuarter,
    ComparedDecision,
    DecisionAgreement,
    DifferingPair,
    DifferingPairs,
    DifferingSide,
    RaterPair,
    RaterPairs,
)
from projections.threshold_decisions.coefficients import (
    COHEN,
    KRIPPENDORFF,
    Rated,
    alpha,
    kappa,
    library,
    shared,
)

PAIRS_OF_RATERS_MOST: Final = 100

Groups = Mapping[str, Sequence[ComparedDecision]]


def compare(decisions: Iterable[ComparedDecision], *, limit: int, offset: int = 0) -> DecisionAgreement:
    """Compare decisions; `limit` and `offset` say which of the pairs that differ are shown."""
    ordered = sorted(decisions, key=_in_time)
    groups = _grouped(ordered)
    overall = AgreementFigures(**_figures(ordered))
    return DecisionAgreement(
        overall=overall,
        overall_statistic=KRIPPENDORFF,
        pairwise=_pairwise(groups),
        pairwise_statistic=COHEN,
        library=library(),
        over_time=tuple(_over_time(ordered)),
        differing=DifferingPairs(
            total=overall.pairs - overall.pairs_agreeing,
            items=tuple(_differing(groups, offset=offset, limit=limit)),
        ),
    )


def _in_time(decision: ComparedDecision) -> tuple[datetime, str]:
    return decision.decided_at, str(decision.decision_id)


def _grouped(decisions: Iterable[ComparedDecision]) -> Groups:
    """The decisions by the facts that they were made from, where more than one rater made one."""
    groups: dict[str, list[ComparedDecision]] = defaultdict(list)
    for decision in decisions:
        groups[decision.deciding_facts].append(decision)
    return {facts: group for facts, group in groups.items() if len({each.rater for each in group}) > 1}


def _figures(decisions: Sequence[ComparedDecision]) -> dict[str, Any]:
    groups = _grouped(decisions)
    compared = [decision for group in groups.values() for decision in group]
    pairs = sum(_pairs(group) for group in groups.values())
    agreeing = sum(_agreeing(group) for group in groups.values())
    rated = shared(_rated(groups))
    overall = alpha(rated)
    return {
        "decisions": len(compared),
        "fact_groups": len(groups),
        "pairs": pairs,
        "pairs_agreeing": agreeing,
        "percent_agreement": _percent(agreeing, pairs),
        "raters": len({decision.rater for decision in compared}),
        "items": len({item for _, item, _ in rated}),
        "ratings": len(rated),
        "alpha": overall.value,
        "undefined_because": overall.undefined_because,
    }


def _pairs(group: Sequence[ComparedDecision]) -> int:
    """How many pairs of decisions by different raters there are, without making them."""
    of_raters = Counter(decision.rater for decision in group)
    return (len(group) ** 2 - sum(count**2 for count in of_raters.values())) // 2


def _agreeing(group: Sequence[ComparedDecision]) -> int:
    return sum(_pairs(same) for same in _by_outcome(group).values())


def _by_outcome(group: Sequence[ComparedDecision]) -> dict[str, list[ComparedDecision]]:
    by_outcome: dict[str, list[ComparedDecision]] = defaultdict(list)
    for decision in group:
        by_outcome[decision.outcome].append(decision)
    return by_outcome


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _rated(groups: Groups) -> list[Rated]:
    """Each rater's first decision from the same facts, second, and so on: who rated which item how."""
    rated = []
    for facts, group in groups.items():
        met: Counter[str] = Counter()
        for decision in group:
            met[decision.rater] += 1
            rated.append((decision.rater, f"{facts}:{met[decision.rater]}", decision.outcome))
    return rated


def _pairwise(groups: Groups) -> RaterPairs:
    by_item: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for rater, item, outcome in _rated(groups):
        by_item[item].append((rater, outcome))
    both: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for ratings in by_item.values():
        for (first, one), (second, other) in combinations(sorted(ratings), 2):
            both[first, second].append((one, other))
    most = sorted(both.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:PAIRS_OF_RATERS_MOST]
    return RaterPairs(total=len(both), items=tuple(_pair(raters, ratings) for raters, ratings in most))


def _pair(raters: tuple[str, str], ratings: Sequence[tuple[str, str]]) -> RaterPair:
    figure = kappa(ratings)
    agreeing = sum(one == other for one, other in ratings)
    return RaterPair(
        first=raters[0],
        second=raters[1],
        items=len(ratings),
        items_agreeing=agreeing,
        percent_agreement=round(100 * agreeing / len(ratings), 1),
        kappa=figure.value,
        undefined_because=figure.undefined_because,
    )


def _over_time(decisions: Iterable[ComparedDecision]) -> Iterator[AgreementInQuarter]:
    """Each quarter by itself: what was decided in it, compared with what else was decided in it."""

    def period(decision: ComparedDecision) -> tuple[str, str]:
        return decision.financial_year, decision.quarter

    for (year, quarter), made in groupby(sorted(decisions, key=period), key=period):
        yield AgreementInQuarter(financial_year=year, quarter=quarter, **_figures(list(made)))


def _differing(groups: Groups, *, offset: int, limit: int) -> Iterator[DifferingPair]:
    """The pairs that differ after `offset` of them: what is passed over is only counted, for there may be millions."""
    for first, others, pairs in _first_of_pairs(groups):
        if limit <= 0:
            return
        if pairs > offset:
            seconds = (second for second in others if second.rater != first.rater)
            for second in islice(seconds, offset, offset + limit):
                yield _differing_pair(*sorted((first, second), key=_in_time))
            limit -= min(limit, pairs - offset)
        offset = max(0, offset - pairs)


def _first_of_pairs(groups: Groups) -> Iterator[tuple[ComparedDecision, Sequence[ComparedDecision], int]]:
    """Each decision, those with another outcome that it may make a pair with, and how many of them other raters made."""
    for facts in sorted(groups):
        by_outcome = _by_outcome(groups[facts])
        for one, other in combinations(sorted(by_outcome), 2):
            of_raters = Counter(decision.rater for decision in by_outcome[other])
            for first in by_outcome[one]:
                yield first, by_outcome[other], len(by_outcome[other]) - of_raters[first.rater]


def _differing_pair(first: ComparedDecision, second: ComparedDecision) -> DifferingPair:
    return DifferingPair(first.question, first.deciding_facts, first.facts, _side(first), _side(second))


def _side(decision: ComparedDecision) -> DifferingSide:
    return DifferingSide(**{each.name: getattr(decision, each.name) for each in fields(DifferingSide)})
