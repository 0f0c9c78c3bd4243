"""Deciding threshold questions, and what follows for the duties."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.incident.commands.decide_threshold import (
    CriteriaMissing,
    DelogIsTheCommissioners,
    EditionNotOfCase,
    IdentifiedBeforeOccurred,
    IdentifiedInFuture,
    QuestionNotAsked,
    decide_threshold,
)
from domain.incident.duty_events import DutyOpened, DutyRedated, DutySetAside
from domain.incident.events import ThresholdDecided
from domain.incident.standing import ReasonMissing
from domain.incident.words import Occurred, Precision, RecordType, SetAside
from domain.kernel.actor import Stamp
from domain.kernel.words import Code
from domain.policy.facts import FactName
from domain.policy.questions import Outcome as Answer
from domain.policy.questions import Question
from tests.support.decisions import NOON, Outcome, a_stamp
from tests.support.incidents import (
    COMMISSIONER,
    MARY,
    POLICY,
    REPORT,
    SIF_TRUST,
    Story,
    a_decision,
    a_fact,
    done,
    name,
    physical,
    words,
)

NEVER = Question.NEVER_EVENT
SERIOUS = Question.SERIOUS_INCIDENT
NOTIFIABLE = Question.NOTIFIABLE_SAFETY_INCIDENT
IDENTIFIED = NOON - timedelta(hours=1)


def decide(story: Story, question: Question, answer: Answer, stamp: Stamp | None = None, **changes: Any) -> Outcome:
    if question is not NOTIFIABLE:
        changes.setdefault("edition", story.edition)
    command = a_decision(question, answer, number=2, **changes)
    outcome: Outcome = story.when(decide_threshold, command, stamp or a_stamp(), policy=POLICY)
    return outcome


def test_not_met_is_a_record_of_its_own() -> None:
    decide(Story(), NEVER, Answer.NOT_MET).then(ThresholdDecided, outcome=Answer.NOT_MET, organisation="ZZ1")


def test_a_threshold_that_is_met_opens_the_duties_that_follow() -> None:
    outcome = decide(Story(), NEVER, Answer.MET).then(ThresholdDecided, DutyOpened)
    opened = outcome.events[-1]
    assert isinstance(opened, DutyOpened)
    assert (opened.terms.rule, opened.terms.started_at) == ("P-TELL", IDENTIFIED)


def test_unclear_opens_the_way_to_the_commissioner() -> None:
    outcome = decide(Story(SIF_TRUST), SERIOUS, Answer.UNCLEAR).then(ThresholdDecided, DutyOpened)
    opened = outcome.events[-1]
    assert isinstance(opened, DutyOpened)
    assert opened.terms.rule == "S-ASK"


def test_the_edition_is_kept_as_the_reference_of_its_exact_text() -> None:
    outcome = decide(Story(), NEVER, Answer.NOT_MET)
    decided = outcome.events[0]
    assert isinstance(decided, ThresholdDecided)
    assert decided.edition == POLICY.editions[0].reference
    decide(Story(), NEVER, Answer.NOT_MET, edition=decided.edition).then(ThresholdDecided, edition=decided.edition)


@pytest.mark.parametrize("edition", ["sif-2015", "zz1-plan", "no-such-edition", "psirf-2022@0"])
def test_an_edition_that_does_not_govern_the_case_is_refused(edition: str) -> None:
    decide(Story(), NEVER, Answer.NOT_MET, edition=Code(edition)).then_refused(EditionNotOfCase)


@pytest.mark.parametrize("reasons", ["", "  \n"])
def test_an_answer_without_reasons_is_refused(reasons: str) -> None:
    decide(Story(), NEVER, Answer.NOT_MET, reasons=words(reasons)).then_refused(ReasonMissing)


def test_a_threshold_met_by_no_criterion_is_refused() -> None:
    decide(Story(), NEVER, Answer.MET, criteria=()).then_refused(CriteriaMissing)


def test_an_identification_after_the_decision_is_refused() -> None:
    decide(Story(), NEVER, Answer.MET, identified_at=NOON + timedelta(minutes=1)).then_refused(IdentifiedInFuture)


def test_an_identification_before_the_incident_is_refused() -> None:
    story = Story(occurred=Occurred(REPORT.discovered_at, REPORT.discovered_at, Precision.INSTANT))
    before = REPORT.discovered_at - timedelta(minutes=1)
    decide(story, NEVER, Answer.MET, identified_at=before).then_refused(IdentifiedBeforeOccurred)
    decide(story, NEVER, Answer.MET, identified_at=REPORT.discovered_at).then(ThresholdDecided, DutyOpened)


@pytest.mark.parametrize(
    ("record_type", "refused"),
    [
        (RecordType.INCIDENT, False),
        (RecordType.OUTCOME, False),
        (RecordType.RISK, True),
        (RecordType.GOOD_CARE, True),
    ],
)
def test_risks_and_good_care_open_no_duty_of_candour(record_type: RecordType, *, refused: bool) -> None:
    outcome = decide(Story(record_type=record_type), NOTIFIABLE, Answer.NOT_MET)
    if refused:
        outcome.then_refused(QuestionNotAsked)
    else:
        outcome.then(ThresholdDecided)


def test_where_nobody_was_involved_candour_is_no_question() -> None:
    decide(Story(patients=()), NOTIFIABLE, Answer.NOT_MET).then_refused(QuestionNotAsked)


def test_every_other_question_may_be_asked_of_any_record() -> None:
    decide(Story(patients=()), NEVER, Answer.NOT_MET).then(ThresholdDecided)
    decide(Story(record_type=RecordType.RISK), NEVER, Answer.NOT_MET).then(ThresholdDecided)


def test_repeating_an_answer_records_nothing() -> None:
    """The words count, not the keys under which they are sealed."""
    story = Story().decided(NEVER, Answer.NOT_MET, decider=name())
    other_key = replace(words("Because."), key=name("x").key)
    decide(story, NEVER, Answer.NOT_MET, decider=name(), reasons=other_key).then_nothing()


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": words("Because of something else.")},
        {"rests_on": (FactName.DIED,)},
        {"identified_at": IDENTIFIED - timedelta(minutes=1)},
        {"criteria": (Code("looked-at"),)},
        {"decider": name()},
    ],
)
def test_an_answer_that_says_something_else_is_recorded(changes: dict[str, Any]) -> None:
    decide(Story().decided(NEVER, Answer.NOT_MET), NEVER, Answer.NOT_MET, **changes).then(ThresholdDecided)


def test_repeating_an_answer_that_was_asked_for_again_is_recorded() -> None:
    harm = a_fact(FactName.PHYSICAL_HARM, physical("2"), patient=1)
    story = Story().decided(NEVER, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,)).known(harm)
    decide(story, NEVER, Answer.NOT_MET, rests_on=(FactName.PHYSICAL_HARM,)).then(ThresholdDecided)


def test_an_answer_taken_back_sets_aside_what_rested_on_it() -> None:
    outcome = decide(Story().decided(NEVER, Answer.MET), NEVER, Answer.NOT_MET)
    outcome.then(ThresholdDecided, DutySetAside, because=SetAside.DECISION_CHANGED)


def test_what_did_not_rest_on_the_answer_stays() -> None:
    story = Story().decided(NEVER, Answer.MET).decided(NOTIFIABLE, Answer.MET)
    story.decided(NEVER, Answer.NOT_MET, number=3)
    assert story.standing() == {("P-SAFE", None), ("C-TELL", None)}


def test_what_a_response_of_the_case_opened_is_set_aside_with_the_answer() -> None:
    """The incident is not told again how the response is carried out when its threshold is decided again."""
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.MET)
    story.told(done("incident.submitted_externally:steis"), methods=("concise",))
    assert ("S-CONCISE", None) in story.standing()
    story.decided(SERIOUS, Answer.NOT_MET, a_stamp(days=1, by=COMMISSIONER), number=2)
    assert story.standing() == set()


def test_what_a_response_of_the_case_opened_stays_when_something_else_is_decided() -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.MET)
    story.told(done("incident.submitted_externally:steis"), methods=("concise",))
    story.decided(NEVER, Answer.NOT_MET, number=2)
    assert story.standing() == {("S-TELL", None), ("S-CONCISE", None)}


def test_an_answer_met_again_opens_the_duty_anew_and_keeps_the_old_one() -> None:
    story = Story().decided(NEVER, Answer.MET).decided(NEVER, Answer.NOT_MET, number=2)
    story.decided(NEVER, Answer.MET, number=3, identified_at=NOON)
    told = [held for held in story.incident.duties.values() if held.terms.rule == "P-TELL"]
    assert [(held.set_aside, held.started_at) for held in told] == [
        (SetAside.DECISION_CHANGED, IDENTIFIED),
        (None, NOON),
    ]
    assert len({held.duty for held in told}) == 2


def test_a_corrected_identification_redates_the_clock_and_keeps_the_first_date() -> None:
    story = Story().decided(NEVER, Answer.MET)
    earlier = IDENTIFIED - timedelta(days=3)
    outcome = decide(story, NEVER, Answer.MET, identified_at=earlier)
    outcome.then(ThresholdDecided, DutyRedated, started_at=earlier, because="incident.identified:never_event")
    story.decided(NEVER, Answer.MET, number=2, identified_at=earlier)
    held = story.duty("P-TELL")
    assert (held.started_at, held.terms.started_at) == (earlier, IDENTIFIED)
    assert held.due_at != held.terms.due_at
    assert held.terms.due_at is not None


def test_a_redated_clock_is_due_by_its_new_start() -> None:
    """Identified on Thursday 26 February, due at the end of Monday 2 March: two working days."""
    story = Story().decided(NEVER, Answer.MET)
    story.decided(NEVER, Answer.MET, number=2, identified_at=NOON - timedelta(days=4))
    assert story.duty("P-TELL").due_at == NOON.replace(hour=23, minute=59, second=59, microsecond=999999)


def test_unclear_that_becomes_met_ends_the_way_to_the_commissioner() -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.UNCLEAR).decided(SERIOUS, Answer.MET, number=2)
    assert story.standing() == {("S-TELL", None)}


def test_a_possible_identification_goes_on_counting_until_the_answer_is_not_met() -> None:
    """SIF-01 runs from the identification as a *possible* serious incident, whatever is decided afterwards."""
    possible = "incident.possibly_identified:serious_incident"
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.UNCLEAR)
    story.decided(SERIOUS, Answer.MET, number=2, identified_at=NOON)
    starts = {each.code: each.at for each in story.incident.current_dones()}
    assert (starts[Code(possible)], starts[Code("incident.identified:serious_incident")]) == (IDENTIFIED, NOON)
    story.decided(SERIOUS, Answer.NOT_MET, a_stamp(by=COMMISSIONER), number=3)
    assert possible not in {each.code for each in story.incident.current_dones()}


@pytest.mark.parametrize("answer", [Answer.NOT_MET, Answer.UNCLEAR])
def test_a_provider_does_not_take_back_its_own_serious_incident(answer: Answer) -> None:
    """SIF-10: the provider proposes, the commissioner decides. "Unclear" is no way round."""
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.MET)
    decide(story, SERIOUS, answer).then_refused(DelogIsTheCommissioners)
    by_commissioner = decide(story, SERIOUS, answer, a_stamp(by=COMMISSIONER))
    assert isinstance(by_commissioner.events[0], ThresholdDecided)
    assert by_commissioner.events[0].organisation == "ZZQ"


def test_a_provider_may_correct_a_serious_incident_that_stays_one() -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.MET)
    decide(story, SERIOUS, Answer.MET, criteria=(Code("other"),)).then(ThresholdDecided)


def test_a_provider_decides_freely_what_was_never_met() -> None:
    story = Story(SIF_TRUST).decided(SERIOUS, Answer.UNCLEAR)
    decide(story, SERIOUS, Answer.NOT_MET).then(ThresholdDecided, DutySetAside)


def test_candour_met_once_more_with_a_named_person_opens_it_for_that_person() -> None:
    story = Story().decided(NOTIFIABLE, Answer.MET).told(persons=(MARY,))
    story.decided(NOTIFIABLE, Answer.NOT_MET, number=2).decided(NOTIFIABLE, Answer.MET, number=3)
    assert ("C-TELL", MARY) in story.standing()
    assert ("C-TELL", None) not in story.standing()
