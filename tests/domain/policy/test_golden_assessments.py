"""What was assessed once is assessed so for ever: from frozen records, and from any facts under the released editions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incident.known import assess_again
from domain.kernel.harm import LEVELS, Harm
from domain.kernel.words import Code
from domain.policy.assessing.asking import facts_asked
from domain.policy.assessing.assessment import assess as assess_all
from domain.policy.assessing.assessment import assess_question
from domain.policy.assessing.counterfactuals import counterfactuals
from domain.policy.assessing.knowing import Known
from domain.policy.fact_codes import CANDOUR_HARMS
from domain.policy.facts import FACT_TYPES, FactName, FactValue, ValueKind
from domain.policy.questions import Outcome, Question
from service.policy import read_policy
from tests.domain.policy.golden_assessments import assess, explained, golden

POLICY: Final = read_policy()
GOLDEN: Final = list(golden())
DAYS: Final = (date(2019, 6, 3), date(2021, 2, 1), date(2026, 3, 2))
ADOPTED: Final = date(2023, 10, 1)


@pytest.mark.parametrize("question", Question)
def test_every_frozen_assessment_is_made_again_to_the_letter(question: Question) -> None:
    """One that differs is a change of what was decided: it takes a new edition, never a new line in place of the old."""
    differing = [
        kept.name
        for kept in GOLDEN
        if kept.question is question
        and (
            assess_again(kept.assessed, question, POLICY) != kept.assessed
            or explained(kept.assessed, question, POLICY) != kept.explained
        )
    ]
    assert differing == []


def test_frozen_assessments_hold_every_question_with_every_outcome_and_every_edition_that_is_asked() -> None:
    assert len(GOLDEN) >= 300
    assert len({(kept.name, kept.question) for kept in GOLDEN}) == len(GOLDEN)
    outcomes = Counter((kept.question, kept.assessed.outcome) for kept in GOLDEN)
    assert {question for question, _ in outcomes} == set(Question)
    assert {outcome for _, outcome in outcomes} == set(Outcome)
    named = {reference for kept in GOLDEN for reference in kept.assessed.editions}
    asked = {edition.reference for edition in POLICY.editions if edition.criteria or edition.priorities}
    assert asked <= named


@cache
def editions(day: date) -> tuple[Code, ...]:
    return POLICY.editions_for(identified_on=day, psirf_adopted_on=ADOPTED, overlays=[Code("zz1-plan-2026")])


def values(name: FactName, provider_type: Code) -> st.SearchStrategy[FactValue]:
    shape = FACT_TYPES[name]
    if name in (FactName.CANDOUR_HARM, FactName.CANDOUR_HARM_POSSIBLE):
        return st.sampled_from(sorted(CANDOUR_HARMS[provider_type]))
    match shape.value:
        case ValueKind.BOOLEAN:
            return st.booleans()
        case ValueKind.CODE:
            return st.sampled_from(shape.codes or (Code("falls-in-hospital"), Code("none")))
        case ValueKind.HARM:
            assert shape.harm is not None
            return st.sampled_from([Harm(Code(code), Code("lfpse-5")) for code in LEVELS[Code("lfpse-5"), shape.harm]])


@st.composite
def any_case(draw: st.DrawFn) -> tuple[Question, Sequence[Code], Known]:
    """A question, the editions of a day, and anything that may be known: mostly of what the question looks at."""
    day = draw(st.sampled_from(DAYS))
    references = editions(day)
    question = draw(st.sampled_from(Question))
    provider_type = draw(st.sampled_from(sorted(CANDOUR_HARMS)))
    patients = draw(st.sampled_from([None, frozenset(), frozenset({1}), frozenset({1, 2})]))
    asked = sorted(facts_asked(POLICY, references, question)) or sorted(FactName)
    names = draw(st.lists(st.one_of(st.sampled_from(asked), st.sampled_from(sorted(FactName))), max_size=9))
    facts = {
        (name, patient): draw(values(name, provider_type))
        for name in names
        for patient in (sorted(patients or {1}) if FACT_TYPES[name].about_patient else [None])
        if draw(st.integers(0, 3))
    }
    known = Known(
        day=day,
        regime=POLICY.regime_of(references),
        record_type=draw(st.sampled_from([Code("incident"), Code("incident"), Code("risk"), Code("good_care")])),
        provider_type=provider_type,
        patients=patients,
        facts=facts,
    )
    return question, references, known


@settings(max_examples=400, deadline=None)
@given(any_case())
def test_an_assessment_is_made_again_from_what_it_keeps_and_is_that_of_all_questions_at_once(
    case: tuple[Question, Sequence[Code], Known],
) -> None:
    question, references, known = case
    assessed = assess(known, references, question, POLICY)
    answer = assess_all(POLICY, references, known).get(question)
    if assessed is None:
        assert answer is None
        return
    assert answer is not None
    assert (assessed.outcome, assessed.criteria) == (answer.outcome, answer.met)
    assert assess_again(assessed, question, POLICY) == assessed


@settings(max_examples=60, deadline=None)
@given(any_case())
def test_flipping_the_fact_of_any_counterfactual_flips_the_outcome_under_the_released_editions(
    case: tuple[Question, Sequence[Code], Known],
) -> None:
    question, references, known = case
    before = assess_question(POLICY, references, known, question)
    for each in counterfactuals(POLICY, references, known, question):
        flipped = replace(known, facts={**known.facts, (each.fact, each.patient): each.value})
        after = assess_question(POLICY, references, flipped, question)
        assert before is not None
        assert after is not None
        assert after.outcome is each.outcome is not before.outcome
