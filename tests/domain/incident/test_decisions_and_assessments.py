"""A decision keeps what the rules said of the facts as they were known, agrees with it, or departs from it with a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.decide_threshold import DepartureUnexplained, decide_threshold
from domain.incident.commands.report_incident import report_incident
from domain.incident.duty_events import DutyOpened, DutyRedated, DutySetAside
from domain.incident.events import FactsAdded, RedecisionPrompted, ThresholdAssessed, ThresholdDecided
from domain.incident.known import assess_again, assess_now
from domain.incident.state import Incident
from domain.incident.words import AddedFact, SetAside
from domain.kernel.words import Code
from domain.policy.facts import FactName, FactValue
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, a_stamp
from tests.support.incidents import PSIRF_TRUST, REPORT, a_decision, a_fact, physical, words
from tests.support.small_policy import CALENDAR, small_policy

WITH_CRITERIA: Final = """
title = "A PSIRF with criteria"
family = "regime"
in_force_from = 2022-08-16
replaces = "psirf-2022"

[[rule]]
id = "W-BREACH"
title = "Report the breach"
applies_when = ["record:incident", "data_breach"]
unless = ["breach_risk_unlikely"]
started_by = ["incident.fact:data_breach"]
met_by = ["incident.notified:ico"]
length = 72
unit = "H"
actor = "provider"
force = "law"
source = "test"
verified = true

[[rule]]
id = "W-CQC"
title = "Notify of abuse"
applies_when = ["cqc_notification:met", "criterion:abuse"]
started_by = ["incident.identified:cqc_notification:abuse"]
met_by = ["incident.notified:cqc"]
unit = "ASAP"
actor = "provider"
force = "law"
source = "test"
verified = true

[[criterion]]
id = "death"
question = "national_response"
title = "A death due to problems in care"
when = ["record:incident", "died", "problems_in_care"]
response = "psii"
force = "national"
source = "test"
verified = false

[[criterion]]
id = "abuse"
question = "cqc_notification"
title = "Abuse"
when = ["abuse_alleged"]
force = "law"
source = "test"
verified = true

[[criterion]]
id = "stopped"
question = "cqc_notification"
title = "The service stopped"
when = ["service_stopped"]
force = "law"
source = "test"
verified = true
"""

POLICY: Final = Policy((*small_policy().editions, parse_edition("psirf-2022-r2", WITH_CRITERIA.encode())), CALENDAR)
NATIONAL, CQC = Question.NATIONAL_RESPONSE, Question.CQC_NOTIFICATION


class Case:
    """An incident under the edition with criteria, and what came of the last command."""

    def __init__(self, *facts: AddedFact) -> None:
        self.incident = report_incident(REPORT, a_stamp(), provider=PSIRF_TRUST, policy=POLICY)
        self.incident.collect_events()
        if facts:
            self.learn(*facts)

    def learn(self, *facts: AddedFact) -> list[Any]:
        add_facts(self.incident, AddFacts(facts=facts), a_stamp(), policy=POLICY)
        return list(self.incident.collect_events())

    def decide(self, question: Question, outcome: Outcome, **changes: Any) -> list[Any]:
        command = a_decision(question, outcome, edition=Code("psirf-2022"), **changes)
        decide_threshold(self.incident, command, a_stamp(), policy=POLICY)
        return list(self.incident.collect_events())


DIED, DUE_TO_CARE = a_fact(FactName.DIED, True, patient=1), a_fact(FactName.PROBLEMS_IN_CARE, True, patient=1)


def test_a_case_that_begins_now_is_under_the_text_that_replaced_the_first() -> None:
    incident = Case().incident
    assert incident.editions[0].startswith("psirf-2022-r2@")
    assert incident.regime == "psirf-2022"


def test_a_decision_keeps_the_assessment_with_all_that_it_was_made_from() -> None:
    (decided, *_) = Case(DIED, DUE_TO_CARE).decide(NATIONAL, Outcome.MET)
    assert isinstance(decided, ThresholdDecided)
    assessed = decided.assessed
    assert assessed is not None
    assert (assessed.outcome, assessed.criteria, assessed.missing) == (Outcome.MET, ("death",), ())
    assert {(fact.name, fact.patient, fact.value) for fact in assessed.facts} == {
        (FactName.DIED, 1, True),
        (FactName.PROBLEMS_IN_CARE, 1, True),
    }
    assert assess_again(assessed, NATIONAL, POLICY) == assessed


def test_a_clear_assessment_is_departed_from_only_with_a_reason() -> None:
    case = Case(DIED, DUE_TO_CARE)
    with pytest.raises(DepartureUnexplained):
        case.decide(NATIONAL, Outcome.NOT_MET)
    with pytest.raises(DepartureUnexplained):
        case.decide(NATIONAL, Outcome.NOT_MET, departure=words("  "))
    (decided, *_) = case.decide(NATIONAL, Outcome.NOT_MET, departure=words("The panel found the death expected."))
    assert decided.assessed.is_departed_from(decided.outcome)


def test_to_say_that_it_is_unclear_departs_from_a_clear_assessment_too() -> None:
    with pytest.raises(DepartureUnexplained):
        Case(DIED, DUE_TO_CARE).decide(NATIONAL, Outcome.UNCLEAR)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_the_rules_leave_unclear_people_settle_freely(outcome: Outcome) -> None:
    (decided, *_) = Case(DIED).decide(NATIONAL, outcome)
    assert decided.assessed.outcome is Outcome.UNCLEAR
    assert decided.assessed.missing == (FactName.PROBLEMS_IN_CARE,)


def test_a_question_that_no_edition_asks_is_decided_without_an_assessment() -> None:
    (decided, *_) = Case().decide(Question.SYSTEMIC_FAILURE, Outcome.MET)
    assert decided.assessed is None


def test_a_fact_that_the_criteria_look_at_asks_for_a_new_decision() -> None:
    case = Case(DIED, DUE_TO_CARE)
    case.decide(NATIONAL, Outcome.MET)
    prompted = [each for each in case.learn(replace(DUE_TO_CARE, value=False)) if isinstance(each, RedecisionPrompted)]
    assert [(each.question, each.facts) for each in prompted] == [(NATIONAL, (FactName.PROBLEMS_IN_CARE,))]


def test_saying_what_was_presumed_asks_for_no_new_decision() -> None:
    case = Case()
    case.decide(CQC, Outcome.NOT_MET)
    learnt = case.learn(a_fact(FactName.ABUSE_ALLEGED, False))
    assert not [each for each in learnt if isinstance(each, RedecisionPrompted)]
    learnt = case.learn(a_fact(FactName.ABUSE_ALLEGED, True))
    assert [each.question for each in learnt if isinstance(each, RedecisionPrompted)] == [CQC]


def test_saying_that_it_is_not_so_asks_for_a_new_decision_where_something_pointed_to_it() -> None:
    case = Case()
    case.learn(a_fact(FactName.SAFEGUARDING_CONCERN, True))
    case.decide(CQC, Outcome.UNCLEAR)
    learnt = case.learn(a_fact(FactName.ABUSE_ALLEGED, False))
    assert [each.question for each in learnt if isinstance(each, RedecisionPrompted)] == [CQC]


def test_where_the_rules_say_met_and_nobody_has_decided_the_case_says_so_until_they_do_no_longer() -> None:
    """Never silent: it stands on the worklist until somebody decides."""
    case = Case()
    alleged = a_fact(FactName.ABUSE_ALLEGED, True)
    (said,) = [each for each in case.learn(alleged) if isinstance(each, ThresholdAssessed)]
    assert (said.question, said.assessed.outcome, said.assessed.criteria) == (CQC, Outcome.MET, ("abuse",))
    assert not [each for each in case.learn(DIED) if isinstance(each, ThresholdAssessed)], "nothing new of CQC"
    (more,) = [
        each for each in case.learn(a_fact(FactName.SERVICE_STOPPED, True)) if isinstance(each, ThresholdAssessed)
    ]
    assert more.assessed.criteria == ("abuse", "stopped")
    taken_back = [replace(alleged, value=False), a_fact(FactName.SERVICE_STOPPED, False)]
    (gone,) = [each for each in case.learn(*taken_back) if isinstance(each, ThresholdAssessed)]
    assert gone.assessed.outcome is Outcome.NOT_MET


def test_what_has_been_decided_is_prompted_and_not_assessed_beside() -> None:
    case = Case()
    case.decide(CQC, Outcome.NOT_MET)
    learnt = case.learn(a_fact(FactName.ABUSE_ALLEGED, True))
    assert [type(each) for each in learnt if not isinstance(each, FactsAdded)] == [RedecisionPrompted]


def test_a_duty_follows_from_the_criterion_that_the_decision_names() -> None:
    case = Case(a_fact(FactName.ABUSE_ALLEGED, True))
    decided = case.decide(CQC, Outcome.MET, criteria=(Code("stopped"),))
    assert not [each for each in decided if isinstance(each, DutyOpened)]
    decided = case.decide(CQC, Outcome.MET, criteria=(Code("abuse"),))
    assert [each.terms.rule for each in decided if isinstance(each, DutyOpened)] == ["W-CQC"]


def test_what_follows_from_a_criterion_runs_from_the_decision_that_first_named_it() -> None:
    """A notice of the first event is no notice of the second, and the second has its own start."""
    case = Case(a_fact(FactName.ABUSE_ALLEGED, True))
    stopped, abuse = Code("stopped"), Code("abuse")
    earlier, later = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    case.decide(CQC, Outcome.MET, criteria=(stopped,), identified_at=earlier)
    decided = case.decide(CQC, Outcome.MET, criteria=(stopped, abuse), identified_at=later)
    (opened,) = [each for each in decided if isinstance(each, DutyOpened)]
    assert (opened.terms.rule, opened.terms.started_at) == ("W-CQC", later)
    again = case.decide(CQC, Outcome.MET, criteria=(abuse,), identified_at=NOON)
    assert not [each for each in again if isinstance(each, DutyRedated)], "named again, it runs from where it ran"


def test_a_duty_opens_from_a_fact_and_is_set_aside_when_the_fact_is_taken_back() -> None:
    case = Case()
    breach = a_fact(FactName.DATA_BREACH, True)
    (opened,) = [each for each in case.learn(breach) if isinstance(each, DutyOpened)]
    assert (opened.terms.rule, opened.terms.length) == ("W-BREACH", 72)
    (aside,) = [each for each in case.learn(replace(breach, value=None)) if isinstance(each, DutySetAside)]
    assert (aside.rule, aside.because) == ("W-BREACH", SetAside.FACTS_CHANGED)
    (again,) = [each for each in case.learn(breach) if isinstance(each, DutyOpened)]
    assert again.duty != opened.duty


def test_an_exception_that_becomes_known_sets_the_duty_aside() -> None:
    case = Case(a_fact(FactName.DATA_BREACH, True))
    learnt = case.learn(a_fact(FactName.BREACH_RISK_UNLIKELY, True))
    assert [each.because for each in learnt if isinstance(each, DutySetAside)] == [SetAside.FACTS_CHANGED]


FACTS: Final[dict[FactName, tuple[FactValue, ...]]] = {
    FactName.DIED: (True, False),
    FactName.PROBLEMS_IN_CARE: (True, False),
    FactName.ABUSE_ALLEGED: (True, False),
    FactName.SERVICE_STOPPED: (True, False),
}
ABOUT_PATIENT: Final = (FactName.DIED, FactName.PROBLEMS_IN_CARE)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(FACTS)), st.integers(0, 1)), st.sampled_from([None, "1", "2", "5"]))
def test_an_assessment_can_be_made_again_from_its_own_record(chosen: dict[FactName, int], harm: str | None) -> None:
    facts = [
        a_fact(name, FACTS[name][index], patient=1 if name in ABOUT_PATIENT else None) for name, index in chosen.items()
    ]
    incident: Incident = Case(
        *facts, *([a_fact(FactName.PHYSICAL_HARM, physical(harm), patient=1)] if harm else [])
    ).incident
    for question in (NATIONAL, CQC):
        assessed = assess_now(incident, question, POLICY)
        assert assessed is not None
        assert assess_again(assessed, question, POLICY) == assessed
