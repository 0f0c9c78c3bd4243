"""One row for each decision ever made: what was decided, what the rules said, and what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.incident.events import IncidentClosed, IncidentEnteredInError, ThresholdDecided
from domain.incident.words import Ending
from domain.kernel.words import OdsCode
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from projections.threshold_decisions.model import MODEL
from projections.threshold_decisions.rows import DecisionRow
from tests.projections.threshold_decisions.made import CASE, assessed, decided, known, reported, words
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, envelope, shown

DIED = known(FactName.DIED, value=True, patient=1)


def rows_of(*facts: Any) -> dict[UUID, DecisionRow]:
    story = Story()
    for fact in facts:
        story.tell(fact, actor=0xAC)
    return {row.id: row for row in shown(MODEL, story.events).rows.values()}


def row_of(decision: ThresholdDecided) -> DecisionRow:
    [row] = rows_of(reported(), decision).values()
    return row


def test_a_decision_says_what_was_decided_when_by_whom_and_about_which_incident() -> None:
    at = NOON + timedelta(hours=3)
    row = row_of(decided(1, Outcome.MET, criteria=("PSIRF-02",), at=at, by="ZZQ"))

    assert (row.organisation, row.id, row.incident_id) == ("ZZ1", an_id(1), CASE)
    assert (row.site, row.division, row.specialty) == ("North site", "Surgery", "urology")
    assert (row.question, row.outcome, row.criteria) == ("serious_incident", "met", ("PSIRF-02",))
    assert (row.record_type, row.regime, row.edition) == ("incident", "psirf-2022", "psirf-2022@1")
    assert (row.decided_by, row.decider) == ("ZZQ", an_id(0xAC))
    assert (row.identified_at, row.decided_at) == (NOON, at)
    assert row.recorded_at == NOON + timedelta(minutes=2)
    assert row.current
    assert not row.entered_in_error


def test_a_decision_belongs_to_the_quarter_in_which_it_was_made() -> None:
    before, after = datetime(2026, 3, 31, 22, 59, tzinfo=UTC), datetime(2026, 3, 31, 23, tzinfo=UTC)

    assert (row_of(decided(1, at=before)).financial_year, row_of(decided(1, at=before)).quarter) == ("2025/26", "Q4")
    assert (row_of(decided(1, at=after)).financial_year, row_of(decided(1, at=after)).quarter) == ("2026/27", "Q1")


@pytest.mark.parametrize(
    ("said", "outcome", "agrees", "departs"),
    [
        (Outcome.MET, Outcome.MET, True, False),
        (Outcome.NOT_MET, Outcome.NOT_MET, True, False),
        (Outcome.UNCLEAR, Outcome.UNCLEAR, True, False),
        (Outcome.MET, Outcome.NOT_MET, False, True),
        (Outcome.NOT_MET, Outcome.MET, False, True),
        (Outcome.MET, Outcome.UNCLEAR, False, True),
        (Outcome.NOT_MET, Outcome.UNCLEAR, False, True),
        (Outcome.UNCLEAR, Outcome.MET, False, False),
        (Outcome.UNCLEAR, Outcome.NOT_MET, False, False),
    ],
)
def test_a_decision_departs_only_from_what_the_rules_clearly_said(
    said: Outcome, outcome: Outcome, *, agrees: bool, departs: bool
) -> None:
    row = row_of(decided(1, outcome, assessed(DIED, outcome=said)))

    assert (row.assessed_outcome, row.agrees, row.departs) == (said, agrees, departs)


def test_a_reason_for_departing_is_counted_and_not_shown() -> None:
    row = row_of(decided(1, Outcome.MET, assessed(DIED), departure="Because of what the family said"))

    assert row.has_departure_reason
    assert not row_of(decided(1, Outcome.MET, assessed(DIED))).has_departure_reason
    assert "family" not in repr(row)


def test_the_facts_stand_on_the_row_with_those_that_were_missing() -> None:
    row = row_of(decided(1, said=assessed(DIED, missing=(FactName.DETAINED,))))

    assert (row.facts, row.missing) == (("patient1.died=true",), ("detained",))
    assert row.deciding_facts is not None


def test_a_decision_of_which_no_assessment_was_kept_has_nothing_to_be_compared_by() -> None:
    row = row_of(decided(1, Outcome.MET, None))

    assert (row.assessed_outcome, row.agrees, row.departs) == (None, None, False)
    assert (row.deciding_facts, row.facts, row.missing) == (None, (), ())


def test_the_last_answer_to_a_question_stands_and_those_before_say_what_replaced_them() -> None:
    other = decided(2, question=Question.NEVER_EVENT)
    rows = rows_of(reported(), decided(1), other, decided(3, Outcome.UNCLEAR), decided(4, Outcome.MET))

    assert {row.id: (row.current, row.replaced_by) for row in rows.values()} == {
        an_id(1): (False, an_id(3)),
        an_id(2): (True, None),
        an_id(3): (False, an_id(4)),
        an_id(4): (True, None),
    }


def test_decisions_stay_when_the_case_is_closed() -> None:
    closed = IncidentClosed(
        **envelope(CASE),
        ending=next(iter(Ending)),
        reason=None,
        organisation=OdsCode("ZZ1"),
        responses=(),
        actions_open=0,
    )

    assert rows_of(reported(), decided(1), closed) == rows_of(reported(), decided(1))


def test_decisions_of_a_case_entered_in_error_stay_and_are_marked() -> None:
    error = IncidentEnteredInError(**envelope(CASE), reason=words(CASE, "A test"))
    rows = rows_of(reported(), decided(1), decided(2), error)

    assert [row.entered_in_error for row in rows.values()] == [True, True]
    assert [row.current for row in rows.values()] == [False, True]


def test_an_incident_without_a_place_has_none() -> None:
    [row] = rows_of(reported(site=None), decided(1)).values()

    assert (row.site, row.division, row.specialty) == (None, None, None)
