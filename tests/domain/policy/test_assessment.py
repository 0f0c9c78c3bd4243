"""Assessing thresholds: what decides, what is missing, what was presumed, and what would change the answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.harm import LEVELS, Harm, HarmKind
from domain.kernel.words import Code
from domain.policy.assessing.asking import editions_asked, facts_asked, questions_reached
from domain.policy.assessing.assessment import Answer, assess, assess_question
from domain.policy.assessing.counterfactuals import counterfactuals
from domain.policy.assessing.knowing import RESTS_ON, Known
from domain.policy.facts import FACT_TYPES, FactKey, FactName, FactValue, ValueKind
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from domain.policy.questions import Outcome, Question
from tests.support.small_policy import CALENDAR

HEAD = """
title = "A framework"
family = "regime"
in_force_from = 2015-04-01

[[rule]]
id = "F-1"
title = "Say how things go"
applies_when = ["record:incident"]
opens_clock = false
actor = "provider"
force = "national"
source = "test"
verified = false
"""

CRITERION = """
[[criterion]]
id = "{id}"
question = "{question}"
title = "A criterion"
when = {when}
unless = {unless}
force = "national"
source = "test"
verified = false
{more}
"""


def criterion(number: str, when: list[str], *, question: str = "serious_incident", **more: Any) -> str:
    unless = more.pop("unless", [])
    rest = "\n".join(f"{name} = {value}" for name, value in more.items())
    return CRITERION.format(id=number, question=question, when=when, unless=unless, more=rest)


def a_policy(*criteria: str) -> Policy:
    return Policy((parse_edition("a-framework", (HEAD + "".join(criteria)).encode()),), CALENDAR)


def harm(code: str) -> Harm:
    return Harm(Code(code), Code("lfpse-5"))


def known(facts: Mapping[FactKey, FactValue] | None = None, **changes: Any) -> Known:
    start = Known(
        day=date(2026, 3, 2),
        regime=Code("a-framework"),
        record_type=Code("incident"),
        provider_type=Code("health_service_body"),
        patients=frozenset({1}),
        facts=facts or {},
    )
    return replace(start, **changes)


def answered(policy: Policy, facts: Known, question: Question = Question.SERIOUS_INCIDENT) -> Answer:
    answer = assess_question(policy, [policy.editions[0].reference], facts, question)
    assert answer is not None
    return answer


DIED = (FactName.DIED, 1)
UNEXPECTED = (FactName.UNEXPECTED_OR_AVOIDABLE, 1)
DEATH = criterion("D", ["record:incident", "died", "unexpected_or_avoidable"])


@pytest.mark.parametrize(
    ("facts", "outcome", "decided_by", "missing"),
    [
        ({DIED: True, UNEXPECTED: True}, Outcome.MET, {DIED, UNEXPECTED}, set()),
        ({DIED: True, UNEXPECTED: False}, Outcome.NOT_MET, {UNEXPECTED}, set()),
        ({DIED: True}, Outcome.UNCLEAR, set(), {UNEXPECTED}),
        ({DIED: False}, Outcome.NOT_MET, {DIED}, set()),
        ({}, Outcome.UNCLEAR, set(), {DIED, UNEXPECTED}),
    ],
)
def test_a_criterion_is_met_not_met_or_left_open_by_named_facts(
    facts: dict[FactKey, FactValue], outcome: Outcome, decided_by: set[FactKey], missing: set[FactKey]
) -> None:
    answer = answered(a_policy(DEATH), known(facts))
    (assessed,) = answer.criteria
    assert (answer.outcome, set(answer.missing)) == (outcome, missing)
    if outcome is not Outcome.UNCLEAR:
        assert set(assessed.decided_by) == decided_by


def test_criteria_of_a_question_are_alternatives() -> None:
    policy = a_policy(DEATH, criterion("C", ["public_concern"]))
    concern = (FactName.PUBLIC_CONCERN, None)
    assert answered(policy, known({concern: True})).met == ("C",)
    assert answered(policy, known({DIED: False, concern: False})).outcome is Outcome.NOT_MET
    assert answered(policy, known({concern: False})).outcome is Outcome.UNCLEAR


def test_words_about_a_patient_hold_for_one_and_the_same_patient() -> None:
    facts: dict[FactKey, FactValue] = {(FactName.DIED, 1): True, (FactName.UNEXPECTED_OR_AVOIDABLE, 1): False}
    facts |= {(FactName.DIED, 2): False, (FactName.UNEXPECTED_OR_AVOIDABLE, 2): True}
    both = known(facts, patients=frozenset({1, 2}))
    assert answered(a_policy(DEATH), both).outcome is Outcome.NOT_MET
    met = replace(both, facts={**both.facts, (FactName.DIED, 2): True})
    (assessed,) = answered(a_policy(DEATH), met).criteria
    assert (assessed.outcome, assessed.patient) == (Outcome.MET, 2)


def test_where_nobody_was_involved_nothing_about_a_patient_is_so() -> None:
    assert answered(a_policy(DEATH), known({}, patients=frozenset())).outcome is Outcome.NOT_MET


def test_where_nobody_is_known_yet_it_stays_open() -> None:
    assert answered(a_policy(DEATH), known({}, patients=None)).outcome is Outcome.UNCLEAR


def test_what_somebody_would_have_said_is_presumed_not_so_and_the_answer_says_so() -> None:
    answer = answered(a_policy(criterion("C", ["public_concern"])), known())
    assert (answer.outcome, answer.presumed) == (Outcome.NOT_MET, ((FactName.PUBLIC_CONCERN, None),))


def test_an_exception_takes_a_criterion_away() -> None:
    policy = a_policy(criterion("X", ["died"], unless=["natural_course"]))
    natural = (FactName.NATURAL_COURSE, 1)
    assert answered(policy, known({DIED: True, natural: True})).outcome is Outcome.NOT_MET
    assert answered(policy, known({DIED: True, natural: False})).outcome is Outcome.MET
    assert answered(policy, known({DIED: True})).missing == (natural,)


@pytest.mark.parametrize(
    ("physical", "psychological", "severe"),
    [("2", None, True), ("3", None, False), (None, "1", True), (None, "2", False), ("1", "4", True), ("5", "1", True)],
)
def test_codes_run_backwards_and_psychological_harm_is_offset_by_one(
    physical: str | None, psychological: str | None, *, severe: bool
) -> None:
    facts: dict[FactKey, FactValue] = {}
    if physical:
        facts[FactName.PHYSICAL_HARM, 1] = harm(physical)
    if psychological:
        facts[FactName.PSYCHOLOGICAL_HARM, 1] = harm(psychological)
    answer = answered(a_policy(criterion("H", ["harm:at_least:severe"])), known(facts))
    assert (answer.outcome is Outcome.MET) is severe


def test_a_fatal_harm_says_that_the_patient_died_and_another_harm_presumes_the_contrary() -> None:
    policy = a_policy(criterion("D", ["died"]))
    fatal = answered(policy, known({(FactName.PHYSICAL_HARM, 1): harm("1")}))
    assert (fatal.outcome, fatal.criteria[0].decided_by) == (Outcome.MET, ((FactName.PHYSICAL_HARM, 1),))
    severe = answered(policy, known({(FactName.PHYSICAL_HARM, 1): harm("2")}))
    assert (severe.outcome, severe.presumed) == (Outcome.NOT_MET, (DIED,))
    assert answered(policy, known({(FactName.PHYSICAL_HARM, 1): harm("2"), DIED: True})).outcome is Outcome.MET


def test_a_suspended_criterion_is_listed_and_met_by_nothing() -> None:
    policy = a_policy(criterion("D", ["died"], suspended_from="2021-02-01"))
    answer = answered(policy, known({DIED: True}))
    assert (answer.outcome, answer.criteria[0].suspended) == (Outcome.NOT_MET, True)
    assert answered(policy, known({DIED: True}, day=date(2021, 1, 31))).outcome is Outcome.MET


def test_a_criterion_counts_on_its_own_days_and_a_question_without_one_is_not_asked() -> None:
    policy = a_policy(criterion("D", ["died"], from_on="2021-04-01", until_on="2021-04-30"))
    for day, asked in (("2021-03-31", False), ("2021-04-01", True), ("2021-04-30", True), ("2021-05-01", False)):
        facts = known({DIED: True}, day=date.fromisoformat(day))
        assert (Question.SERIOUS_INCIDENT in assess(policy, [policy.editions[0].reference], facts)) is asked


NEVER = criterion("N", ["never_event_type:never-events-2018:3"], question="never_event")
SERIOUS_BY_NEVER = criterion("S", ["never_event:met"])


def test_a_question_can_rest_on_the_answer_to_another_with_its_facts() -> None:
    policy = a_policy(NEVER, SERIOUS_BY_NEVER)
    key = (FactName.NEVER_EVENT_TYPE, None)
    answer = answered(policy, known({key: Code("never-events-2018:3")}))
    assert (answer.outcome, answer.criteria[0].decided_by) == (Outcome.MET, (key,))
    assert answered(policy, known({key: Code("none")})).outcome is Outcome.NOT_MET
    references = [policy.editions[0].reference]
    assert questions_reached(policy, references, Question.SERIOUS_INCIDENT) == (
        Question.SERIOUS_INCIDENT,
        Question.NEVER_EVENT,
    )
    assert facts_asked(policy, references, Question.SERIOUS_INCIDENT) == {FactName.NEVER_EVENT_TYPE}
    assert editions_asked(policy, references, Question.SERIOUS_INCIDENT) == tuple(references)


def test_questions_that_rest_on_each_other_come_to_an_end() -> None:
    policy = a_policy(
        criterion("A", ["never_event:met"]), criterion("B", ["serious_incident:met"], question="never_event")
    )
    assert answered(policy, known()).outcome is Outcome.NOT_MET


def test_a_plan_makes_each_of_its_priorities_a_criterion() -> None:
    plan = """
title = "A plan"
family = "local-plan"
organisation = "ZZ1"
in_force_from = 2026-01-01
[[priority]]
code = "falls"
title = "Falls"
response = "swarm"
[[rule]]
id = "P"
title = "Say how things go"
applies_when = ["record:incident"]
opens_clock = false
actor = "provider"
force = "local"
source = "test"
verified = true
"""
    policy = Policy((parse_edition("a-plan", plan.encode()),), CALENDAR)
    theme = (FactName.PLAN_THEME, None)
    met = answered(policy, known({theme: Code("falls")}), Question.PLAN_PRIORITY)
    assert (met.outcome, met.met, met.responses) == (Outcome.MET, ("falls",), ("swarm",))
    assert answered(policy, known({theme: Code("none")}), Question.PLAN_PRIORITY).outcome is Outcome.NOT_MET
    assert answered(policy, known(), Question.PLAN_PRIORITY).missing == (theme,)


def test_a_counterfactual_names_the_nearest_harm_that_would_change_the_answer() -> None:
    policy = a_policy(criterion("H", ["physical_harm:at_least:moderate"]))
    facts = known({(FactName.PHYSICAL_HARM, 1): harm("4")})
    references = [policy.editions[0].reference]
    found = counterfactuals(policy, references, facts, Question.SERIOUS_INCIDENT)
    assert [(each.fact, each.patient, each.value, each.outcome) for each in found] == [
        (FactName.PHYSICAL_HARM, 1, harm("3"), Outcome.MET)
    ]


POLICY = a_policy(
    DEATH,
    criterion("H", ["harm:at_least:severe"], unless=["natural_course"]),
    criterion("C", ["public_concern", "care_threatened"]),
    NEVER,
    SERIOUS_BY_NEVER,
    criterion(
        "E",
        ["never_event_type:never-events-2018:1"],
        question="never_event",
        unless=["never_event_exclusion:wrong_tooth_extraction"],
    ),
)
ASKED = sorted(facts_asked(POLICY, [POLICY.editions[0].reference], Question.SERIOUS_INCIDENT))


def values(name: FactName) -> st.SearchStrategy[FactValue]:
    shape = FACT_TYPES[name]
    match shape.value:
        case ValueKind.BOOLEAN:
            return st.booleans()
        case ValueKind.CODE:
            return st.sampled_from(shape.codes)
        case ValueKind.HARM:
            kind = shape.harm or HarmKind.PHYSICAL
            return st.sampled_from([harm(code) for code in LEVELS[Code("lfpse-5"), kind]])


@st.composite
def any_known(draw: st.DrawFn) -> Known:
    patients = draw(st.sampled_from([None, frozenset(), frozenset({1}), frozenset({1, 2})]))
    keys = [
        (name, patient)
        for name in ASKED
        for patient in (sorted(patients or {1}) if FACT_TYPES[name].about_patient else [None])
    ]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True))
    return known({key: draw(values(key[0])) for key in chosen}, patients=patients)


@given(any_known())
def test_flipping_the_fact_that_a_counterfactual_names_flips_the_outcome(facts: Known) -> None:
    references = [POLICY.editions[0].reference]
    for each in counterfactuals(POLICY, references, facts, Question.SERIOUS_INCIDENT):
        flipped = replace(facts, facts={**facts.facts, (each.fact, each.patient): each.value})
        after = answered(POLICY, flipped)
        assert after.outcome is each.outcome
        assert after.outcome is not answered(POLICY, facts).outcome


@given(any_known(), st.data())
def test_learning_what_was_missing_never_turns_a_settled_answer(facts: Known, data: st.DataObject) -> None:
    """Three-valued: a met criterion stays met whatever unknown (and not presumed) fact becomes known."""
    before = answered(POLICY, facts)
    unknown = [
        (name, patient)
        for name in ASKED
        for patient in (sorted(facts.patients or ()) if FACT_TYPES[name].about_patient else [None])
        if facts.value(name, patient).value is None
    ]
    if not unknown or before.outcome is Outcome.UNCLEAR or facts.patients is None:
        return
    key = data.draw(st.sampled_from(unknown))
    if any(key[0] in others for others in RESTS_ON.values()):
        return  # other things follow from it, or are in question by it: what was presumed of them may turn
    after = answered(POLICY, replace(facts, facts={**facts.facts, key: data.draw(values(key[0]))}))
    assert after.outcome is before.outcome


def test_what_would_change_the_answer_for_one_patient_alone_is_not_offered_where_another_holds_it() -> None:
    """Both died: had one of them lived, it would be a serious incident all the same."""
    policy = a_policy(
        criterion("D", ["died"]), criterion("R", ["serious_incident:not_met"], question="national_response")
    )
    references = [policy.editions[0].reference]
    both = known({DIED: True, (FactName.DIED, 2): True}, patients=frozenset({1, 2}))
    assert counterfactuals(policy, references, both, Question.NATIONAL_RESPONSE) == ()
    alone = known({DIED: True})
    found = counterfactuals(policy, references, alone, Question.NATIONAL_RESPONSE)
    assert (FactName.DIED, False, Outcome.MET) in {(each.fact, each.value, each.outcome) for each in found}
