"""Commissioning a learning response."""

from collections.abc import Iterable
from typing import Any

import pytest

from domain.kernel.words import IncidentId
from domain.learning_response.commands.commission_response import (
    AlternativeTaken,
    CommissionResponse,
    IncidentMissing,
    MethodNotOfRegime,
    commission_response,
)
from domain.learning_response.events import Alternative, Method, ResponseCommissioned
from domain.policy.library import PSIRF, SERIOUS_INCIDENT_FRAMEWORK
from tests.domain.learning_response.facts import INCIDENT, RESPONSE, commissioned, text
from tests.support.decisions import Outcome, an_id, given

SECOND = IncidentId(an_id(0x12))


ONLY_UNDER = {
    Method.PSII: PSIRF,
    Method.CONCISE: SERIOUS_INCIDENT_FRAMEWORK,
    Method.COMPREHENSIVE: SERIOUS_INCIDENT_FRAMEWORK,
}
REGIMES = (PSIRF, SERIOUS_INCIDENT_FRAMEWORK)


def commission(regimes: Iterable[str] = (PSIRF,), **changes: Any) -> Outcome:
    values: dict[str, Any] = {
        "response": RESPONSE,
        "incidents": (INCIDENT, SECOND, INCIDENT),
        "method": Method.PSII,
        "reason": text("A Never Event"),
        "alternatives": (Alternative(Method.SWARM, text("Too late for one")),),
    }
    command = CommissionResponse(**(values | changes))
    return given().when(commission_response, command, regimes=frozenset(regimes))


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


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("method", Method)
def test_a_method_is_taken_only_under_a_regime_that_knows_it(method: Method, regime: str) -> None:
    outcome = commission([regime], method=method, alternatives=())

    if ONLY_UNDER.get(method, regime) == regime:
        outcome.then(ResponseCommissioned, method=method)
    else:
        refused = outcome.then_refused(MethodNotOfRegime, f"{method} is a method of {ONLY_UNDER[method]}")
        assert refused.refusal is not None
        assert refused.refusal.pointers == ("/method",)


@pytest.mark.parametrize("method", Method)
def test_a_response_to_cases_of_two_regimes_takes_a_method_that_both_know(method: Method) -> None:
    outcome = commission(REGIMES, method=method, alternatives=())

    if method in ONLY_UNDER:
        outcome.then_refused(MethodNotOfRegime)
    else:
        outcome.then(ResponseCommissioned, method=method)


def test_each_method_has_clocks_of_its_own() -> None:
    (event,) = commission([SERIOUS_INCIDENT_FRAMEWORK], method=Method.CONCISE).events

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
