"""Adding facts as they become known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.incident.commands.add_facts import (
    AddFacts,
    FactContradictory,
    FactGivenTwice,
    FactsMissing,
    JudgedInFuture,
    add_facts,
)
from domain.incident.deciding_facts import deciding_facts
from domain.incident.duty_events import DutyOpened
from domain.incident.events import FactsAdded, RedecisionPrompted
from domain.incident.facts import FactPatientInvalid, FactValueInvalid, JudgeMissing
from domain.incident.words import AddedFact
from domain.kernel.harm import PatientHarm
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code
from domain.policy.facts import FACT_TYPES, FactName, FactValue, ValueKind
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import NOON, Outcome, a_stamp
from tests.support.incidents import POLICY, PSIRF_TRUST, SIF_TRUST, Story, a_fact, physical

CONCERN = a_fact(FactName.PUBLIC_CONCERN, True)
SEVERE = a_fact(FactName.PHYSICAL_HARM, physical("2"), patient=1)


def add(story: Story, *facts: AddedFact) -> Outcome:
    outcome: Outcome = story.when(add_facts, AddFacts(facts=facts), policy=POLICY)
    return outcome


def value_for(name: FactName) -> FactValue:
    shape = FACT_TYPES[name]
    match shape.value:
        case ValueKind.BOOLEAN:
            return True
        case ValueKind.CODE:
            return shape.codes[0] if shape.codes else Code("falls-in-hospital")
        case ValueKind.HARM:
            return physical("4")


@pytest.mark.parametrize("name", list(FactName))
def test_every_fact_is_taken_with_a_value_of_its_type(name: FactName) -> None:
    shape = FACT_TYPES[name]
    fact = a_fact(name, value_for(name), patient=1 if shape.about_patient else None, judge=shape.needs_judge)
    outcome = add(Story(), fact)
    assert isinstance(outcome.events[0], FactsAdded)


@pytest.mark.parametrize("name", list(FactName))
def test_every_fact_refuses_a_value_of_another_type(name: FactName) -> None:
    shape = FACT_TYPES[name]
    wrong: FactValue = Code("no-such-code") if shape.value is not ValueKind.CODE else True
    fact = a_fact(name, wrong, patient=1 if shape.about_patient else None, judge=shape.needs_judge)
    outcome = add(Story(), fact).then_refused(FactValueInvalid)
    assert outcome.refusal is not None
    assert outcome.refusal.pointers == ("/facts/0/value",)


@pytest.mark.parametrize("name", list(FactName))
def test_every_fact_is_about_a_patient_or_the_incident_and_never_the_other(name: FactName) -> None:
    shape = FACT_TYPES[name]
    fact = a_fact(name, value_for(name), patient=None if shape.about_patient else 1, judge=shape.needs_judge)
    add(Story(), fact).then_refused(FactPatientInvalid)


@pytest.mark.parametrize(("patients", "taken"), [(None, True), ((), False), ((PatientHarm(2, None, None),), False)])
def test_a_patient_must_be_one_of_the_incident_once_they_are_known(
    patients: tuple[PatientHarm, ...] | None, *, taken: bool
) -> None:
    outcome = add(Story(patients=patients), SEVERE)
    if taken:
        outcome.then(FactsAdded)
    else:
        outcome.then_refused(FactPatientInvalid)


def test_no_patient_has_the_number_nought() -> None:
    add(Story(patients=None), replace(SEVERE, patient=0)).then_refused(FactPatientInvalid)


def test_a_harm_for_candour_needs_the_opinion_of_a_professional() -> None:
    """Regulation 20: "in the reasonable opinion of a health care professional"."""
    add(Story(), a_fact(FactName.CANDOUR_HARM, Code("death"), patient=1)).then_refused(JudgeMissing)


@pytest.mark.parametrize(
    ("provider_type", "harm", "taken"),
    [
        ("health_service_body", "moderate_harm", True),
        ("health_service_body", "prolonged_pain", False),
        ("other_registered_person", "moderate_harm", False),
        ("other_registered_person", "prolonged_pain", True),
    ],
)
def test_the_harms_of_regulation_20_differ_by_type_of_provider(provider_type: str, harm: str, *, taken: bool) -> None:
    trust = replace(PSIRF_TRUST, provider_type=Code(provider_type))
    outcome = add(Story(trust), a_fact(FactName.CANDOUR_HARM, Code(harm), patient=1, judge=True))
    if taken:
        outcome.then(FactsAdded)
    else:
        outcome.then_refused(FactValueInvalid)


@pytest.mark.parametrize(
    ("code", "taken"), [("never-events-2018:16", True), ("never-events-2018:17", False), ("3", False)]
)
def test_a_never_event_type_travels_with_its_list(code: str, *, taken: bool) -> None:
    outcome = add(Story(), a_fact(FactName.NEVER_EVENT_TYPE, Code(code)))
    if taken:
        outcome.then(FactsAdded)
    else:
        outcome.then_refused(FactValueInvalid)


def test_only_a_health_service_body_counts_a_harm_that_could_have_resulted() -> None:
    """Regulation 20(8) has "could result in"; 20(9), for any other registered person, has not."""
    fact = a_fact(FactName.CANDOUR_HARM_POSSIBLE, Code("death"), patient=1, judge=True)
    add(Story(), fact).then(FactsAdded)
    add(Story(replace(PSIRF_TRUST, provider_type=Code("other_registered_person"))), fact).then_refused(FactValueInvalid)


def test_the_theme_of_a_plan_is_any_code_because_its_list_is_the_plans_own() -> None:
    add(Story(), a_fact(FactName.PLAN_THEME, Code("falls-in-hospital"))).then(FactsAdded)


def test_a_never_event_type_is_refused_for_a_day_before_its_list() -> None:
    story = Story(SIF_TRUST, discovered_at=NOON.replace(year=2018, month=1, day=31))
    add(story, a_fact(FactName.NEVER_EVENT_TYPE, Code("never-events-2018:1"))).then_refused(FactValueInvalid)


def test_a_judgement_in_the_future_is_refused() -> None:
    fact = a_fact(FactName.CANDOUR_HARM, Code("death"), patient=1, judge=True)
    assert fact.judge is not None
    late = replace(fact, judge=replace(fact.judge, judged_at=NOON + timedelta(days=2)))
    add(Story(), late).then_refused(JudgedInFuture)


def test_no_facts_are_refused() -> None:
    add(Story()).then_refused(FactsMissing)


def test_the_same_fact_twice_is_refused() -> None:
    add(Story(), CONCERN, replace(CONCERN, value=False)).then_refused(FactGivenTwice)


@pytest.mark.parametrize("together", [True, False])
def test_psychological_harm_of_a_patient_who_died_of_it_is_refused(*, together: bool) -> None:
    fatal = a_fact(FactName.PHYSICAL_HARM, physical("1"), patient=1)
    distress = a_fact(FactName.PSYCHOLOGICAL_HARM, physical("2"), patient=1)
    outcome = add(Story(), distress, fatal) if together else add(Story().known(fatal), distress)
    outcome.then_refused(FactContradictory)


@pytest.mark.parametrize(("physical_code", "psychological_code"), [("1", "4"), ("2", "2"), (None, "2")])
def test_psychological_harm_is_graded_for_whoever_did_not_die_of_it(
    physical_code: str | None, psychological_code: str
) -> None:
    body = a_fact(FactName.PHYSICAL_HARM, physical(physical_code) if physical_code else None, patient=1)
    add(Story(), body, a_fact(FactName.PSYCHOLOGICAL_HARM, physical(psychological_code), patient=1)).then(FactsAdded)


def test_only_the_facts_that_differ_are_recorded() -> None:
    outcome = add(Story().known(CONCERN), CONCERN, SEVERE)
    outcome.then(FactsAdded, facts=(SEVERE,))


def test_facts_that_are_known_already_record_nothing() -> None:
    add(Story().known(CONCERN, SEVERE), SEVERE, CONCERN).then_nothing()


def test_the_same_value_judged_by_another_is_recorded_and_prompts_nobody() -> None:
    fact = a_fact(FactName.CANDOUR_HARM, Code("death"), patient=1, judge=True)
    assert fact.judge is not None
    other = replace(fact, judge=replace(fact.judge, judged_at=NOON))
    story = Story().known(fact)
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, rests_on=(FactName.CANDOUR_HARM,))
    add(story, fact).then_nothing()
    add(story, other).then(FactsAdded, facts=(other,))


def test_a_fact_may_open_a_duty() -> None:
    outcome = add(Story(), CONCERN).then(FactsAdded, DutyOpened)
    opened = outcome.events[-1]
    assert isinstance(opened, DutyOpened)
    assert opened.terms.rule == "P-CONCERN"


def test_a_changed_fact_prompts_a_new_decision_of_what_rests_on_it() -> None:
    story = Story().decided(Question.NEVER_EVENT, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,))
    outcome = add(story, SEVERE).then(FactsAdded, RedecisionPrompted)
    prompted = outcome.events[-1]
    assert isinstance(prompted, RedecisionPrompted)
    assert (prompted.question, prompted.facts) == (Question.NEVER_EVENT, (FactName.PHYSICAL_HARM,))
    assert prompted.decision == story.incident.decisions[Question.NEVER_EVENT].decision


def test_a_fact_that_is_taken_back_prompts_a_new_decision_too() -> None:
    story = Story().known(SEVERE)
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,))
    add(story, replace(SEVERE, value=None)).then(FactsAdded, RedecisionPrompted)


def test_nobody_is_prompted_twice_by_the_same_fact() -> None:
    story = Story().decided(Question.NEVER_EVENT, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,)).known(SEVERE)
    add(story, replace(SEVERE, value=physical("3"))).then(FactsAdded)


def test_a_new_decision_ends_the_prompt_and_can_be_prompted_again() -> None:
    story = Story().decided(Question.NEVER_EVENT, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,)).known(SEVERE)
    assert Question.NEVER_EVENT in story.incident.prompts
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, number=2, rests_on=(FactName.PHYSICAL_HARM,))
    assert story.incident.prompts == {}
    add(story, replace(SEVERE, value=physical("3"))).then(FactsAdded, RedecisionPrompted)


def test_a_refused_fact_says_where_it_stood() -> None:
    outcome = add(Story(), CONCERN, a_fact(FactName.DIED, Code("yes"), patient=1))
    refusal = outcome.refusal
    assert isinstance(refusal, Refusal)
    assert refusal.pointers == ("/facts/1/value",)


def test_a_fact_keeps_the_time_at_which_it_became_true() -> None:
    story = Story()
    outcome: Outcome = story.when(add_facts, AddFacts(facts=(SEVERE,)), a_stamp(days=3), policy=POLICY)
    assert outcome.events[0].timestamp == NOON + timedelta(days=3)


def test_a_fact_that_decides_a_question_prompts_whatever_the_decision_says_it_rests_on() -> None:
    """Decided "not met" while no harm was known; then the patient dies."""
    story = Story().decided(Question.NOTIFIABLE_SAFETY_INCIDENT, Answer.NOT_MET)
    story.decided(Question.NEVER_EVENT, Answer.NOT_MET, number=2)
    outcome = story.when(add_facts, AddFacts(facts=(a_fact(FactName.DIED, True, patient=1),)), policy=POLICY)
    prompts = [event for event in outcome.events if isinstance(event, RedecisionPrompted)]
    assert [(each.question, each.facts) for each in prompts] == [
        (Question.NOTIFIABLE_SAFETY_INCIDENT, (FactName.DIED,))
    ]


def test_every_question_has_its_deciding_facts() -> None:
    """A case under an edition without criteria has a list of them."""
    incident = Story().incident
    assert all(deciding_facts(incident, question, POLICY) for question in Question if question != "plan_priority")
