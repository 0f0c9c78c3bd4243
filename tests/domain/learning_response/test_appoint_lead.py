"""Appointing who leads a learning response."""

from typing import Any

import pytest

from domain.kernel.words import Label
from domain.learning_response.commands.appoint_lead import AppointLead, appoint_lead
from domain.learning_response.events import LeadAppointed
from domain.learning_response.refusals import AlreadyApproved
from tests.domain.learning_response.facts import STATES, approved, commissioned, found, led, named
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def appoint(
    *history: Any, lead: str = "Another Lead", role: str = "Patient safety lead", independent: bool = True
) -> Outcome:
    command = AppointLead(lead=named(lead), role=Label(role), independent_of_service=independent)
    return given(*history).when(appoint_lead, command)


@over_every_state(
    STATES,
    {
        "commissioned": LeadAppointed,
        "led": LeadAppointed,
        "found without lead": LeadAppointed,
        "found": LeadAppointed,
        "put forward": LeadAppointed,
        "returned": LeadAppointed,
        "area named": LeadAppointed,
        "finding left": LeadAppointed,
        "sharing waived": LeadAppointed,
        "approved": AlreadyApproved,
        "submitted": AlreadyApproved,
        "received": AlreadyApproved,
    },
)
def test_appointing_another_lead_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(appoint(*history), expected)


@over_every_state(
    STATES,
    dict.fromkeys(STATES, NOTHING) | {"commissioned": LeadAppointed, "found without lead": LeadAppointed},
)
def test_appointing_the_present_lead_records_nothing_new(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(appoint(*history, lead="A Lead"), expected)


@pytest.mark.parametrize("change", [{"role": "Matron"}, {"independent": False}, {"lead": "Another Lead"}])
def test_another_role_or_standing_is_another_appointment(change: dict[str, Any]) -> None:
    appoint(commissioned(), led(), **({"lead": "A Lead"} | change)).then(LeadAppointed)


def test_a_lead_has_a_name_a_role_and_a_standing_towards_the_service() -> None:
    appoint(commissioned()).then(
        LeadAppointed, lead=named("Another Lead"), role="Patient safety lead", independent_of_service=True
    )


def test_the_last_lead_stands() -> None:
    response = given(commissioned(), led(), led("Another Lead"), found(), approved()).aggregate()

    assert response.lead is not None
    assert response.lead.lead == named("Another Lead")
