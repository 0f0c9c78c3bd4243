"""Saying that a report should never have been made."""

from domain.incident.commands.enter_in_error import EnterInError, enter_in_error
from domain.incident.commands.reopen_incident import ReopenIncident, reopen_incident
from domain.incident.events import IncidentEnteredInError
from domain.incident.standing import CaseClosed, ReasonMissing
from tests.support.incidents import Story, words

IN_ERROR = EnterInError(reason=words("A test of the interface."))


def test_a_report_that_should_not_have_been_made_keeps_its_record() -> None:
    Story().when(enter_in_error, IN_ERROR).then(IncidentEnteredInError, reason=IN_ERROR.reason)
    assert Story().then(enter_in_error, IN_ERROR).incident.is_entered_in_error


def test_without_a_reason_it_is_refused() -> None:
    Story().when(enter_in_error, EnterInError(reason=words(" "))).then_refused(ReasonMissing)


def test_a_closed_case_is_reopened_first() -> None:
    Story().closed().when(enter_in_error, IN_ERROR).then_refused(CaseClosed)
    story = Story().closed().then(reopen_incident, ReopenIncident(reason=words()))
    story.when(enter_in_error, IN_ERROR).then(IncidentEnteredInError)
