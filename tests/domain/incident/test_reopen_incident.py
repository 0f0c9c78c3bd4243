"""Opening a closed case again."""

import pytest

from domain.incident.commands.reopen_incident import CaseNotClosed, ReopenIncident, reopen_incident
from domain.incident.events import IncidentReopened
from domain.incident.standing import ReasonMissing
from domain.kernel.actor import Actor
from tests.support.decisions import a_stamp, an_actor
from tests.support.incidents import COMMISSIONER, Story, words

REOPEN = ReopenIncident(reason=words("A new fact."))


@pytest.mark.parametrize("by", [an_actor(), COMMISSIONER])
def test_a_closed_case_is_opened_again_by_whoever_decides_so(by: Actor) -> None:
    outcome = Story().closed().when(reopen_incident, REOPEN, a_stamp(by=by))
    outcome.then(IncidentReopened, organisation=by.organisation)
    assert not Story().closed().then(reopen_incident, REOPEN).incident.is_closed


def test_an_open_case_is_not_opened_again() -> None:
    Story().when(reopen_incident, REOPEN).then_refused(CaseNotClosed)


def test_without_a_reason_it_stays_closed() -> None:
    Story().closed().when(reopen_incident, ReopenIncident(reason=words(""))).then_refused(ReasonMissing)
