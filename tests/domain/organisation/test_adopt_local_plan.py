"""Adopting a local plan."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.kernel.words import Code
from domain.organisation.commands.adopt_local_plan import (
    AdoptLocalPlan,
    PlanOfAnother,
    PlanUnknown,
    adopt_local_plan,
)
from domain.organisation.events import LocalPlanAdopted
from domain.organisation.provider import NotAProvider, PeriodBackwards
from domain.organisation.state import Organisation
from tests.domain.organisation.facts import PLAN, STATES, adopted, commissioned, ended
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import given
from tests.support.organisations import registered
from tests.support.small_policy import LIMITS_NAME, PLAN_NAME, small_policy

POLICY = small_policy()
ADOPT = AdoptLocalPlan(plan=PLAN_NAME, from_on=date(2026, 1, 1), to_on=None)


@over_every_state(
    STATES,
    {
        "registered": LocalPlanAdopted,
        "commissioned": LocalPlanAdopted,
        "commissioned for the year": LocalPlanAdopted,
        "commissioning ended": LocalPlanAdopted,
        "plan adopted": NOTHING,
        "earlier plan adopted": LocalPlanAdopted,
        "a commissioner": NotAProvider,
        "a regulator": NotAProvider,
    },
)
def test_adopting_a_plan_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(given(*history).when(adopt_local_plan, ADOPT, policy=POLICY), expected)


def test_a_plan_is_adopted_by_the_reference_of_its_exact_text() -> None:
    """A name alone would let a later text of the plan rule over earlier incidents."""
    outcome = given(registered()).when(adopt_local_plan, ADOPT, policy=POLICY)
    outcome.then(LocalPlanAdopted, plan=PLAN, from_on=date(2026, 1, 1))


@pytest.mark.parametrize("plan", ["no-such-plan", "psirf-2022"])
def test_only_a_known_local_plan_is_adopted(plan: str) -> None:
    command = replace(ADOPT, plan=Code(plan))
    given(registered()).when(adopt_local_plan, command, policy=POLICY).then_refused(PlanUnknown)


def test_the_plan_of_another_organisation_is_refused() -> None:
    given(registered(ods="ZZ2")).when(adopt_local_plan, ADOPT, policy=POLICY).then_refused(PlanOfAnother)


def test_a_plan_that_ends_before_it_begins_is_refused() -> None:
    command = replace(ADOPT, to_on=date(2025, 12, 31))
    given(registered()).when(adopt_local_plan, command, policy=POLICY).then_refused(PeriodBackwards)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 12, 31), ()),
        (date(2024, 1, 1), ("first",)),
        (date(2025, 6, 1), ("first", "second")),
        (date(2025, 7, 1), ("first",)),
    ],
)
def test_the_overlays_of_a_day_are_in_the_order_of_their_adoption(day: date, expected: tuple[str, ...]) -> None:
    organisation: Organisation = given(
        registered(),
        adopted("first", date(2024, 1, 1)),
        adopted("second", date(2025, 1, 1), date(2025, 6, 30)),
    ).aggregate()
    assert organisation.overlays_on(day) == expected


def test_the_limits_of_a_commissioner_are_adopted_while_it_commissions_the_provider() -> None:
    command = replace(ADOPT, plan=LIMITS_NAME)
    given(registered(), commissioned()).when(adopt_local_plan, command, policy=POLICY).then(LocalPlanAdopted)
    given(registered(), commissioned(), ended()).when(
        adopt_local_plan, replace(command, from_on=date(2026, 7, 1)), policy=POLICY
    ).then_refused(PlanOfAnother)
    given(registered()).when(adopt_local_plan, command, policy=POLICY).then_refused(PlanOfAnother)
