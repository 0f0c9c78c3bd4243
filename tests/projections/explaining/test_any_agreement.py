"""Every figure of a comparison, whoever decided what from which facts: the same from its positions alone, and from no fewer."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.policy.facts import FactName
from domain.policy.questions import Outcome
from projections.engine.feed import Told
from projections.explaining.agreement import compared
from projections.explaining.explanation import Explanation, Value
from projections.explaining.figures import Asking
from projections.explaining.recomputing import CannotRecomputeError
from projections.explaining.summaries import SUMMARIES
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from projections.threshold_decisions.comparing import compare
from projections.threshold_decisions.model import MODEL
from projections.threshold_decisions.queries import By
from tests.projections.threshold_decisions.made import assessed, decided, known, reported
from tests.support.audit.explained import asking, explained, named, recomputed, without
from tests.support.chronicle import commissioned, registered
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown

AGREEMENT = "threshold-decisions/agreement"
FACTS = [assessed(known(FactName.DIED, value=True, patient=1)), assessed(known(FactName.DIED, value=False, patient=1))]
Made = tuple[int, int, Outcome, int]
"""In which case, by whom, with which answer, from which facts (2: it is not known)."""

makings = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from([Outcome.MET, Outcome.NOT_MET]), st.integers(0, 2)),
    max_size=14,
)


def story(made: Iterable[Made]) -> list[Told]:
    """Cases of two providers, both commissioned by ZZQ, at two sites; a few months apart."""
    told = Story()
    for provider in ("ZZ1", "ZZ2"):
        told.tell(registered(provider, "A Trust"), kind="organisation", cases=(), organisation=provider)
        told.tell(commissioned(provider, "ZZQ"), kind="organisation", cases=(), organisation=provider)
    for number, (case, who, outcome, facts) in enumerate(made):
        provider = f"ZZ{case % 2 + 1}"
        if an_id(case) not in told.versions:
            site = "North site" if case < 3 else "South site"
            told.tell(reported(an_id(case), provider=provider, site=site), organisation=provider)
        fact = decided(
            1_000 + number,
            outcome,
            FACTS[facts] if facts < 2 else None,
            case=an_id(case),
            at=NOON + timedelta(days=number * 17),
            criteria=("PSIRF-02",),
        )
        told.tell(fact, organisation=provider, actor=who)
    return told.events


def figures(events: list[Told], by: By, replaced: bool) -> Iterator[tuple[Asking, Value]]:
    """Each figure as it is asked for, with what a comparison of all decisions together says."""
    filters: dict[str, Any] = {"by": by, "replaced": replaced, "commissioner": "ZZQ"}
    plain = asking(AGREEMENT, "decisions", **filters)
    rows = [row for row in shown(MODEL, events).rows.values() if replaced or row.current]
    whole = compare([found for row in rows if (found := compared(row, plain)) is not None], limit=0)
    yield plain, len(rows)
    yield asking(AGREEMENT, "without_facts", **filters), sum(row.deciding_facts is None for row in rows)
    yield asking(AGREEMENT, "pairwise.total", **filters), whole.pairwise.total
    yield asking(AGREEMENT, "differing.total", **filters), whole.differing.total
    for name, value in asdict(whole.overall).items():
        yield asking(AGREEMENT, f"overall.{name}", **filters), value
    for quarter in whole.over_time:
        when: dict[str, Any] = {"financial_year": quarter.financial_year, "quarter": quarter.quarter}
        for name in asdict(whole.overall):
            yield asking(AGREEMENT, f"over_time.{name}", **filters, **when), getattr(quarter, name)
    for pair in whole.pairwise.items:
        raters: dict[str, Any] = {"first": pair.first, "second": pair.second}
        for name in ("items", "items_agreeing", "percent_agreement", "kappa", "undefined_because"):
            yield asking(AGREEMENT, f"pairwise.{name}", **filters, **raters), getattr(pair, name)


def compared_in(asked: Asking, explanation: Explanation) -> Value:
    """How many decisions have a part in a figure: of a pair of raters, one of each for every item; else all compared."""
    if not explanation.parts:
        return explanation.value
    return 2 * int(explanation.parts["items"] or 0) if asked.wanted.first else explanation.parts["decisions"]


@given(made=makings, by=st.sampled_from(By), replaced=st.booleans())
@settings(max_examples=8, deadline=None)
def test_every_figure_is_worked_out_again_from_its_positions_alone(made: list[Made], by: By, replaced: bool) -> None:
    events = story(made)
    rows = shown(MODEL, events).rows

    for asked, value in figures(events, by, replaced):
        explanation = explained(AGREEMENT, asked, events, rows)
        assert explanation.value == value, asked.figure
        assert explanation.subjects.total == compared_in(asked, explanation), asked.figure
        assert recomputed(explanation, named(explanation, events)) == value, asked.figure


@given(made=makings, by=st.sampled_from(By))
@settings(max_examples=4, deadline=None)
def test_without_any_one_of_its_positions_no_figure_is_the_same(made: list[Made], by: By) -> None:
    events = story(made)
    rows = shown(MODEL, events).rows

    for asked, value in figures(events, by, replaced=True):
        explanation = explained(AGREEMENT, asked, events, rows)
        for position in {ground.position for ground in explanation.grounds}:
            fewer = without(explanation, position)
            found = recomputed(fewer, named(fewer, events))
            assert isinstance(found, CannotRecomputeError) or found != value, asked.figure


def test_a_pair_of_raters_rests_on_as_many_decisions_of_the_one_as_the_other_made() -> None:
    """Three of one and one of the other, from the same facts: the first of each are an item, and the others in none."""
    events = story([(1, 1, Outcome.MET, 0), (2, 2, Outcome.MET, 0), (3, 1, Outcome.NOT_MET, 0), (4, 1, Outcome.MET, 0)])
    raters: dict[str, Any] = {"first": str(an_id(1)), "second": str(an_id(2))}
    explanation = explained(AGREEMENT, asking(AGREEMENT, "pairwise.items", **raters), events)

    assert (explanation.value, explanation.subjects.total) == (1, 2)
    assert {ground.incident for ground in explanation.grounds} == {an_id(1), an_id(2)}


def test_the_read_models_are_those_that_the_explanation_names() -> None:
    [asked, *_] = [asked for asked, _ in figures(story([(1, 1, Outcome.MET, 0)]), By.DECIDER, replaced=False)]
    explanation = explained(AGREEMENT, asked, story([(1, 1, Outcome.MET, 0)]))

    assert [str(each) for each in explanation.projections] == [
        f"{model.name}:{model.version}" for model in (MODEL, ORGANISATION_REGISTER)
    ]
    assert explanation.library == (SUMMARIES[AGREEMENT].library or str)()
