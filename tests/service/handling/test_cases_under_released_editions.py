"""Whole cases under the released editions: which clocks run, when each is due, and what meets it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from domain.candour.events import LetterKind
from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.make_initial_review import MakeInitialReview, make_initial_review
from domain.incident.commands.reopen_incident import ReopenIncident, reopen_incident
from domain.incident.words import RecordType
from domain.kernel.words import OdsCode, RecordId
from domain.learning_response.events import Method
from domain.policy.clocks import end_of_day
from domain.policy.questions import Outcome, Question
from projections.timeliness.queries import status_of
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


def notifiable(**changes: Any) -> WholeCase:
    case = WholeCase(utc("2026-03-02 09:00"), **changes)
    case.decided(NOTIFIABLE, Outcome.MET, utc("2026-03-03 09:00"))
    return case


@pytest.mark.parametrize("record", [RecordType.INCIDENT, RecordType.OUTCOME])
def test_a_notifiable_safety_incident_opens_the_duty_of_candour_whatever_it_was_reported_as(record: RecordType) -> None:
    """The rules propose it for incidents; whoever sees one in an outcome of concern says why, and owes the same."""
    case = WholeCase(utc("2026-03-02 09:00"), record_type=record)
    departure = None if record is RecordType.INCIDENT else words("The outcome was of an incident, now known.")
    case.decided(NOTIFIABLE, Outcome.MET, utc("2026-03-03 09:00"), departure=departure)
    assert [row.rule for rule in ("DOC-01", "DOC-02", "DOC-03") for row in case.clocks(rule)]


def test_a_report_that_was_talked_through_is_no_letter_of_results() -> None:
    case = notifiable()
    person = case.identified(utc("2026-03-03 10:00"))
    case.talked(person, utc("2026-03-03 11:00"))
    case.wrote(person, LetterKind.NOTIFICATION, utc("2026-03-04 11:00"))
    response = case.commissioned(Method.PSII, utc("2026-03-05 09:00"))
    case.approved(response, utc("2026-05-05 09:00"))
    case.shared(person, response, utc("2026-05-06 09:00"), channel="in_person")
    now = utc("2026-05-07 09:00")
    assert (case.status("PSIRF-09-final", now), case.status("DOC-05", now)) == ("met", "without_number")
    assert case.closing(now)[-2:] == ("legal-duty-unmet", "person-without-results")
    case.wrote(person, LetterKind.RESULTS, now)
    assert case.status("DOC-05", now) == "met"


def test_who_declines_who_is_out_of_reach_and_who_comes_back() -> None:
    case, now = notifiable(), utc("2026-03-10 09:00")
    first, second = case.identified(utc("2026-03-03 10:00")), case.identified(utc("2026-03-03 10:00"))
    case.declined(first, utc("2026-03-04 09:00"))
    case.out_of_reach(second, utc("2026-03-04 09:00"))

    def shown(person: Any) -> tuple[str, str | None]:
        [row] = [row for row in case.clocks("DOC-03") if row.person == person.person]
        return status_of(row, now).value, row.set_aside_because

    assert shown(first) == ("not_applicable", "contact_declined")
    assert shown(second) == ("not_applicable", "cannot_be_contacted")
    case.talked(first, utc("2026-03-05 09:00"), channel="telephone")
    assert shown(first) == ("without_number", None)
    assert shown(second) == ("not_applicable", "cannot_be_contacted")
    case.talked(first, utc("2026-03-06 09:00"))
    assert shown(first) == ("met", None)


def test_a_person_named_after_the_approval_is_owed_the_results_too() -> None:
    case = notifiable()
    case.identified(utc("2026-03-03 10:00"))
    response = case.commissioned(Method.PSII, utc("2026-03-05 09:00"))
    case.approved(response, utc("2026-05-05 09:00"))
    late = case.identified(utc("2026-05-06 09:00"))
    [row] = [row for row in case.clocks("DOC-05") if row.person == late.person]
    assert row.started_at == utc("2026-05-05 09:00")


def test_a_report_entered_in_error_leaves_no_clock_overdue() -> None:
    case = serious()
    case.changed(enter_in_error, EnterInError(reason=words("A test.")), utc("2026-12-28 09:00"))
    assert case.status("SIF-01", utc("2027-02-01 00:00")) == "not_applicable"
    assert {row.set_aside_because for row in case.clocks("SIF-03")} == {"entered_in_error"}


def test_an_early_closing_without_a_report_is_not_the_commissioners_answer_to_one() -> None:
    """Closed as no serious incident, reopened, and decided to be one after all."""
    case = WholeCase(THURSDAY, SIF_TRUST)
    for question in (SERIOUS, NEVER, NOTIFIABLE):
        case.decided(question, Outcome.NOT_MET, utc("2026-12-28 09:00"))
    assert case.closing(utc("2026-12-29 09:00"), reason="No act or omission in care.") == ()
    case.changed(reopen_incident, ReopenIncident(reason=words("New facts.")), utc("2027-01-05 09:00"))
    case.decided(SERIOUS, Outcome.MET, utc("2027-01-05 09:00"))
    response = case.commissioned(Method.CONCISE, utc("2027-01-05 12:00"))
    case.approved(response, utc("2027-02-01 12:00"))
    case.submitted(response, utc("2027-02-01 13:00"), received_at=utc("2027-02-02 09:00"))
    assert case.status("SIF-07", utc("2027-03-01 00:00")) == "overdue"


def test_each_response_has_clocks_of_its_own() -> None:
    """A review is followed by an investigation, and that, after a reopening, by another."""
    case, now = WholeCase(utc("2026-03-02 09:00")), utc("2027-03-01 09:00")
    for method, begun, approved in (
        (Method.AFTER_ACTION_REVIEW, "2026-03-03 09:00", "2026-03-20 09:00"),
        (Method.PSII, "2026-03-23 09:00", "2026-06-24 09:00"),
    ):
        case.approved(case.commissioned(method, utc(begun)), utc(approved))
    case.commissioned(Method.PSII, utc("2026-08-03 09:00"))

    def shown(rule: str) -> list[str]:
        rows = sorted(case.clocks(rule), key=lambda row: row.started_at)
        return [status_of(row, now).value for row in rows]

    assert shown("PSIRF-05") == ["met", "met_late", "overdue"]
    assert shown("PSIRF-06") == ["met", "overdue"]
    assert shown("PSIRF-04") == ["met", "met", "met"]
    assert len({row.learning_response_id for row in case.clocks("PSIRF-05")} - {None}) == 3


def test_deciding_the_same_again_never_moves_a_clock_on() -> None:
    """The second decision says when it was taken, not when the incident was recognised."""
    case = serious(utc("2026-03-02 09:00"))
    case.decided(SERIOUS, Outcome.MET, utc("2026-03-09 09:00"))
    case.submitted_to("steis", utc("2026-03-10 09:00"))
    [row] = case.clocks("SIF-01")
    assert (row.due_at, row.redatings) == (end_of(2026, 3, 4), 0)
    assert case.status("SIF-01", utc("2026-03-11 09:00")) == "met_late"
