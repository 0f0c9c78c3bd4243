"""One row for each case: the words by which the rules say how long it is kept, its day, and the holds on it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from domain.incident.events import (
    FactsAdded,
    IncidentClosed,
    IncidentEnteredInError,
    IncidentReopened,
    IncidentReported,
    LegalHoldPlaced,
    LegalHoldReleased,
    ThresholdDecided,
)
from domain.incident.words import AddedFact, Occurred, Precision
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.words import Code, HoldId
from domain.learning_response.events import Method, ResponseCommissioned
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.retention.model import MODEL
from projections.retention.rows import RetentionRow
from tests.support.decisions import an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import sample

CASE = an_id(1)


def report(**changes: Any) -> IncidentReported:
    told: IncidentReported = replace(sample(IncidentReported), originator_id=CASE, patients=None, occurred=None)
    return replace(told, **changes)


def row_of(*facts: Any, first: IncidentReported | None = None) -> RetentionRow:
    story = Story()
    story.tell(first or report())
    for fact in facts:
        stream = an_id(2) if isinstance(fact, ResponseCommissioned) else CASE
        story.tell(replace(fact, originator_id=stream), cases=(CASE,))
    [row] = shown(MODEL, story.events).rows.values()
    return row


def harm(code: str, patient: int = 1, name: FactName = FactName.PHYSICAL_HARM) -> AddedFact:
    return AddedFact(name, patient, Harm(Code(code), Code("lfpse-5")), None)


def facts(*added: AddedFact) -> Any:
    return replace(sample(FactsAdded), facts=added)


def decided(question: Question, outcome: Outcome) -> Any:
    return replace(sample(ThresholdDecided), question=question, outcome=outcome)


def test_a_report_says_what_it_is_and_when_it_was_discovered() -> None:
    row = row_of(first=report(discovered_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC)))

    assert (row.incident_id, row.status, row.legal_holds) == (CASE, "open", 0)
    assert row.words == ("record:incident", "regime:psirf-2022")
    assert (row.happened_on, row.day_known) == (date(2026, 4, 1), False), "the day is London's"


def test_where_it_is_known_when_it_occurred_that_counts_and_of_a_span_its_end() -> None:
    span = Occurred(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 3, 12, tzinfo=UTC), Precision.SPAN)

    row = row_of(first=report(occurred=span))

    assert (row.happened_on, row.day_known) == (date(2025, 2, 3), True)


def test_harm_counts_by_the_worst_patient_and_scale() -> None:
    told = report(patients=(PatientHarm(1, Harm(Code("4"), Code("lfpse-5")), None), PatientHarm(2, None, None)))

    assert row_of(first=told).words[2:] == ("harm:at_least:low",)
    assert row_of(facts(harm("2", patient=2)), first=told).words[2:] == (
        "harm:at_least:low",
        "harm:at_least:moderate",
        "harm:at_least:severe",
    )
    psychological = harm("1", name=FactName.PSYCHOLOGICAL_HARM)
    assert "harm:at_least:severe" in row_of(facts(psychological), first=told).words


def test_harm_that_is_corrected_or_taken_back_does_not_stay() -> None:
    severe = facts(harm("2"))

    assert "harm:at_least:moderate" not in row_of(severe, facts(harm("4"))).words
    assert row_of(severe, facts(AddedFact(FactName.PHYSICAL_HARM, 1, None, None))).words == row_of().words


def test_the_newest_answer_to_a_question_stands() -> None:
    first, second = (decided(Question.NEVER_EVENT, outcome) for outcome in (Outcome.UNCLEAR, Outcome.MET))

    assert row_of(first).words[2:] == ("never_event:unclear",)
    assert row_of(first, second).words[2:] == ("never_event:met",)


def test_a_response_says_by_which_method() -> None:
    response = replace(sample(ResponseCommissioned), method=Method.PSII)

    assert row_of(response).words[2:] == ("response:psii",)


def test_holds_count_while_they_stand() -> None:
    [one, other] = [replace(sample(LegalHoldPlaced), hold=HoldId(an_id(number))) for number in (5, 6)]
    released = replace(sample(LegalHoldReleased), hold=one.hold)

    assert row_of(one, other).legal_holds == 2
    assert row_of(one, other, released).legal_holds == 1
    assert row_of(one, one).legal_holds == 1


def test_how_the_case_stands_is_said() -> None:
    closed, reopened, error = (sample(each) for each in (IncidentClosed, IncidentReopened, IncidentEnteredInError))

    assert row_of(closed).status == "closed"
    assert row_of(closed, reopened).status == "open"
    assert row_of(error).status == "entered_in_error"
