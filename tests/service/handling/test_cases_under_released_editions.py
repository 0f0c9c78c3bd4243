"""Whole cases under the released editions: which clocks run, when each is due, and what meets it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.incident.commands.make_initial_review import MakeInitialReview, make_initial_review
from domain.incident.words import Outcome, Question
from domain.kernel.words import OdsCode, RecordId
from domain.learning_response.events import Method
from domain.policy.clocks import end_of_day
from tests.support.decisions import an_id
from tests.support.incidents import COMMISSIONER, SIF_TRUST, words
from tests.support.whole_cases import POLICY, WholeCase, utc

SERIOUS, NEVER, NOTIFIABLE = Question.SERIOUS_INCIDENT, Question.NEVER_EVENT, Question.NOTIFIABLE_SAFETY_INCIDENT
THURSDAY = utc("2026-12-24 15:00")


def end_of(year: int, month: int, day: int) -> datetime:
    return end_of_day(date(year, month, day))


def serious(at: datetime = THURSDAY) -> WholeCase:
    case = WholeCase(at, SIF_TRUST)
    case.decided(SERIOUS, Outcome.MET, at)
    return case


def test_a_serious_incident_of_christmas_eve_is_due_after_the_bank_holidays() -> None:
    case = serious()
    assert {row.due_at for row in case.clocks("SIF-01")} == {end_of(2026, 12, 30)}
    assert {row.due_at for row in case.clocks("SIF-03")} == {end_of(2026, 12, 31)}
    case.submitted_to("steis", utc("2026-12-31 09:00"))
    assert case.status("SIF-01", utc("2027-01-10 09:00")) == "met_late"


@pytest.mark.parametrize("commissioned_first", [True, False])
@pytest.mark.parametrize(("method", "rule"), [(Method.CONCISE, "SIF-04"), (Method.COMPREHENSIVE, "SIF-05")])
def test_sixty_working_days_run_from_steis_whenever_the_response_was_commissioned(
    method: Method, rule: str, *, commissioned_first: bool
) -> None:
    """From Thursday 31 December 2026; 1 January, 26 and 29 March 2027 are no working days."""
    case = serious()
    if commissioned_first:
        case.commissioned(method, utc("2026-12-29 12:00"))
    case.submitted_to("steis", utc("2026-12-31 12:00"))
    if not commissioned_first:
        case.commissioned(method, utc("2027-01-04 12:00"))
    [row] = case.clocks(rule)
    assert (row.started_at, row.due_at) == (utc("2026-12-31 12:00"), end_of(2027, 3, 30))
    assert not case.clocks("SIF-06")


def test_the_commissioner_has_twenty_days_from_receipt_and_the_family_ten_working_days_from_approval() -> None:
    case = serious()
    case.identified(utc("2026-12-29 09:00"))
    case.submitted_to("steis", utc("2026-12-29 12:00"))
    response = case.commissioned(Method.COMPREHENSIVE, utc("2026-12-30 12:00"))
    case.approved(response, utc("2027-03-24 12:00"))
    case.submitted(response, utc("2027-03-24 13:00"), received_at=utc("2027-03-25 09:00"))
    assert case.status("SIF-05", utc("2027-04-01 00:00")) == "met"
    assert [row.due_at for row in case.clocks("SIF-07")] == [end_of(2027, 4, 14)]
    assert [row.due_at for row in case.clocks("SIF-11")] == [end_of(2027, 4, 9)]


def test_the_report_of_one_investigation_does_not_meet_the_clock_of_another() -> None:
    case = serious()
    case.submitted_to("steis", utc("2026-12-29 12:00"))
    concise = case.commissioned(Method.CONCISE, utc("2026-12-29 13:00"))
    case.approved(concise, utc("2027-01-20 12:00"))
    case.submitted(concise, utc("2027-01-20 13:00"), received_at=utc("2027-01-20 14:00"))
    case.commissioned(Method.COMPREHENSIVE, utc("2027-01-25 13:00"))
    assert case.status("SIF-04", utc("2027-02-01 00:00")) == "met"
    assert case.status("SIF-05", utc("2027-02-01 00:00")) == "running"


def test_an_earlier_review_does_not_complete_a_patient_safety_incident_investigation() -> None:
    case = WholeCase(utc("2026-03-02 09:00"))
    review = case.commissioned(Method.AFTER_ACTION_REVIEW, utc("2026-03-03 09:00"))
    case.approved(review, utc("2026-03-20 09:00"))
    psii = case.commissioned(Method.PSII, utc("2026-03-23 09:00"))
    assert case.status("PSIRF-06", utc("2026-03-24 09:00")) == "running"
    case.approved(psii, utc("2026-10-01 09:00"))
    assert case.status("PSIRF-06", utc("2026-10-02 09:00")) == "met_late"


def test_a_review_that_went_to_nobody_was_not_submitted() -> None:
    case = serious()
    review = MakeInitialReview(review=RecordId(an_id(900)), summary=words("Seen."), submitted_to=None)
    case.changed(make_initial_review, review, utc("2026-12-29 12:00"), policy=POLICY)
    assert case.status("SIF-03", utc("2026-12-30 00:00")) == "running"
    sent = replace(review, review=RecordId(an_id(901)), submitted_to=OdsCode("ZZQ"))
    case.changed(make_initial_review, sent, utc("2026-12-30 12:00"), policy=POLICY)
    assert case.status("SIF-03", utc("2026-12-31 00:00")) == "met"


def test_the_commissioner_closes_and_so_meets_its_own_clock() -> None:
    case = serious()
    case.decided(NEVER, Outcome.NOT_MET, utc("2026-12-28 09:00"))
    case.decided(NOTIFIABLE, Outcome.NOT_MET, utc("2026-12-28 09:00"))
    person = case.identified(utc("2026-12-29 09:00"))
    response = case.commissioned(Method.COMPREHENSIVE, utc("2026-12-30 12:00"))
    case.approved(response, utc("2027-03-24 12:00"))
    case.shared(person, response, utc("2027-03-24 12:30"))
    assert case.closing(utc("2027-03-25 12:00"), by=COMMISSIONER) == ("response-not-submitted",)
    case.submitted(response, utc("2027-03-25 13:00"), received_at=utc("2027-03-26 09:00"))
    assert case.closing(utc("2027-04-20 12:00"), by=COMMISSIONER) == ()
    assert case.status("SIF-07", utc("2027-05-01 00:00")) == "met_late"
