"""Commissioning a learning response."""

from typing import Any

from domain.kernel.words import IncidentId
from domain.learning_response.commands.commission_response import (
    AlternativeTaken,
    CommissionResponse,
    IncidentMissing,
    commission_response,
)
from domain.learning_response.events import Alternative, Method, ResponseCommissioned
from tests.domain.learning_response.facts import INCIDENT, RESPONSE, commissioned, text
from tests.support.decisions import Outcome, an_id, given

SECOND = IncidentId(an_id(0x12))


def commission(**changes: Any) -> Outcome:
    values: dict[str, Any] = {
        "response": RESPONSE,
        "incidents": (INCIDENT, SECOND, INCIDENT),
        "method": Method.PSII,
        "reason": text("A Never Event"),
        "alternatives": (Alternative(Method.SWARM, text("Too late for one")),),
    }
    return given().when(commission_response, CommissionResponse(**(values | changes)))


def test_a_response_names_its_incidents_method_reason_and_alternatives() -> None:
    commission().then(
        ResponseCommissioned,
        originator_id=RESPONSE,
        originator_version=1,
        incidents=(INCIDENT, SECOND),
        method=Method.PSII,
        reason=text("A Never Event"),
        alternatives=(Alternative(Method.SWARM, text("Too late for one")),),
    )


def test_a_response_to_no_incident_is_refused() -> None:
    commission(incidents=()).then_refused(IncidentMissing)


def test_the_method_that_is_taken_cannot_be_among_those_refused() -> None:
    alternatives = (Alternative(Method.SWARM, text("Too late")), Alternative(Method.PSII, text("Too long")))

    refused = commission(alternatives=alternatives).then_refused(AlternativeTaken, "psii")

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/alternatives/1/method",)


def test_each_method_has_clocks_of_its_own() -> None:
    (event,) = commission(method=Method.CONCISE).events

    assert {done.code for done in event.done()} == {
        "learning_response.commissioned",
        "learning_response.commissioned:concise",
    }


def test_a_new_response_has_no_lead_no_finding_and_is_not_approved() -> None:
    response = given(commissioned()).aggregate()

    assert (response.method, response.incidents) == (Method.PSII, (INCIDENT,))
    assert (response.lead, response.findings) == (None, ())
    assert (response.is_approved, response.is_submitted, response.is_received) == (False, False, False)
    assert not response.sharing_waived
