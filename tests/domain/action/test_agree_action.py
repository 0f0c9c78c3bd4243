"""Agreeing an action."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.action.commands.agree_action import AgreeAction, AreaUnknown, FindingUnknown, IncidentMissing, agree_action
from domain.action.events import ActionAgreed, Strength
from domain.action.refusals import DueInPast
from domain.action.state import Status
from domain.kernel.actor import Stamp
from domain.kernel.words import AreaId, FindingId, Label
from tests.domain.action.facts import ACTION, AREA, DUE, FINDING, INCIDENT, OWNER_PERSON, RESPONSE, agreed, named, text
from tests.support.decisions import Outcome, an_actor, an_id, given

STRANGER = an_id(0x99)


def agree(stamp: Stamp | None = None, **changes: Any) -> Outcome:
    values: dict[str, Any] = {
        "action": ACTION,
        "incidents": (INCIDENT,),
        "response": RESPONSE,
        "findings": (FINDING,),
        "areas": (AREA,),
        "change": text("Count boards in every theatre"),
        "owner": OWNER_PERSON,
        "owner_name": named("An Owner"),
        "owner_role": Label("Theatre matron"),
        "due_on": DUE,
        "strength": Strength.STRONGER,
        "measure": text("Counts done, weekly"),
        "expected_effect": text("No retained swab"),
    }
    command = AgreeAction(**(values | changes))
    return given().when(
        agree_action, command, stamp, known_findings=frozenset({FINDING}), known_areas=frozenset({AREA})
    )


def test_an_action_is_agreed_with_its_owner_due_day_and_strength() -> None:
    agree().then(
        ActionAgreed,
        originator_id=ACTION,
        originator_version=1,
        incidents=(INCIDENT,),
        response=RESPONSE,
        findings=(FINDING,),
        areas=(AREA,),
        change=text("Count boards in every theatre"),
        owner=OWNER_PERSON,
        owner_name=named("An Owner"),
        owner_role="Theatre matron",
        due_on=DUE,
        strength=Strength.STRONGER,
        measure=text("Counts done, weekly"),
        expected_effect=text("No retained swab"),
    )


def test_an_action_may_answer_an_incident_without_a_learning_response() -> None:
    agree(response=None, findings=(), areas=()).then(ActionAgreed, response=None)


def test_what_is_named_twice_is_recorded_once() -> None:
    agree(incidents=(INCIDENT, INCIDENT), findings=(FINDING, FINDING), areas=(AREA, AREA)).then(
        ActionAgreed, incidents=(INCIDENT,), findings=(FINDING,), areas=(AREA,)
    )


def test_an_action_without_an_incident_is_refused() -> None:
    agree(incidents=()).then_refused(IncidentMissing)


def test_a_finding_that_the_response_has_not_made_is_refused_by_its_place() -> None:
    refused = agree(findings=(FINDING, FindingId(STRANGER))).then_refused(FindingUnknown, "1 are not")

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/findings/1",)


def test_an_area_that_the_response_has_not_named_is_refused_by_its_place() -> None:
    refused = agree(areas=(AreaId(STRANGER), AREA)).then_refused(AreaUnknown, "1 are not")

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/areas/0",)


@pytest.mark.parametrize(
    ("agreed_at", "due_on", "taken"),
    [
        (datetime(2026, 3, 3, 12, tzinfo=UTC), date(2026, 3, 2), False),
        (datetime(2026, 3, 3, 12, tzinfo=UTC), date(2026, 3, 3), True),
        # In British Summer Time the day in London begins at 23:00 UTC.
        (datetime(2026, 6, 1, 22, 59, tzinfo=UTC), date(2026, 6, 1), True),
        (datetime(2026, 6, 1, 23, 0, tzinfo=UTC), date(2026, 6, 1), False),
        (datetime(2026, 6, 1, 23, 0, tzinfo=UTC), date(2026, 6, 2), True),
    ],
)
def test_an_action_is_never_agreed_already_overdue(agreed_at: datetime, due_on: date, *, taken: bool) -> None:
    outcome = agree(Stamp(an_actor(), at=agreed_at, now=agreed_at), due_on=due_on)

    if taken:
        outcome.then(ActionAgreed, due_on=due_on)
    else:
        outcome.then_refused(DueInPast)


def test_an_action_agreed_long_ago_and_entered_late_keeps_its_due_day() -> None:
    """The day is compared with the day of agreement, not with the day of entry: lateness must stay visible."""
    agreed_at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    entered_at = datetime(2026, 9, 1, 12, tzinfo=UTC)

    agree(Stamp(an_actor(), at=agreed_at, now=entered_at)).then(ActionAgreed, due_on=DUE)


def test_a_new_action_is_open_and_not_yet_accepted() -> None:
    action = given(agreed()).aggregate()

    assert (action.status, action.has_accepted_owner, action.monitored_by) == (Status.OPEN, False, None)
    assert (action.due_on, action.original_due_on) == (DUE, DUE)
    assert (action.incidents, action.response) == ((INCIDENT,), RESPONSE)
    assert (action.findings, action.areas) == ((FINDING,), (AREA,))
    assert (action.owner, action.strength) == (OWNER_PERSON, Strength.INTERMEDIATE)
    assert not action.is_withdrawn
