"""Who commissions whom, and on which days."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.kernel.words import OdsCode
from domain.organisation.commands.commission_provider import (
    CommissionedAlready,
    CommissionProvider,
    NotACommissioner,
    commission_provider,
)
from domain.organisation.events import OrganisationKind, ProviderCommissioned
from domain.organisation.provider import NotAProvider, PeriodBackwards
from domain.organisation.state import Organisation
from tests.domain.organisation.facts import ICB, NEW_YEAR, NEW_YEARS_EVE, STATES, commissioned
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import given
from tests.support.organisations import registered

ALL_OF_2026 = CommissionProvider(commissioner=ICB, from_on=NEW_YEAR, to_on=NEW_YEARS_EVE)
COMMISSIONER = OrganisationKind.COMMISSIONER


@over_every_state(
    STATES,
    {
        "registered": ProviderCommissioned,
        "commissioned": CommissionedAlready,
        "commissioned for the year": NOTHING,
        "commissioning ended": CommissionedAlready,
        "plan adopted": ProviderCommissioned,
        "earlier plan adopted": ProviderCommissioned,
        "a commissioner": NotAProvider,
        "a regulator": NotAProvider,
    },
)
def test_commissioning_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(given(*history).when(commission_provider, ALL_OF_2026, commissioner_kind=COMMISSIONER), expected)


def test_a_provider_is_commissioned_for_a_time() -> None:
    outcome = given(registered()).when(commission_provider, ALL_OF_2026, commissioner_kind=COMMISSIONER)
    outcome.then(ProviderCommissioned, commissioner="ZZQ", to_on=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("from_on", "to_on", "is_taken"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), True),
        (date(2025, 1, 1), date(2026, 1, 1), False),
        (date(2025, 1, 1), None, False),
        (date(2026, 5, 1), date(2026, 5, 2), False),
        (date(2026, 12, 31), None, False),
        (date(2027, 1, 1), None, True),
    ],
)
def test_one_commissioner_is_related_once_on_a_day(from_on: date, to_on: date | None, *, is_taken: bool) -> None:
    command = replace(ALL_OF_2026, from_on=from_on, to_on=to_on)
    standing = given(registered(), commissioned(to_on=NEW_YEARS_EVE))
    outcome = standing.when(commission_provider, command, commissioner_kind=COMMISSIONER)
    if is_taken:
        outcome.then(ProviderCommissioned)
    else:
        outcome.then_refused(CommissionedAlready)


def test_another_commissioner_may_buy_on_the_same_days() -> None:
    command = replace(ALL_OF_2026, commissioner=OdsCode("ZZR"))
    standing = given(registered(), commissioned(to_on=NEW_YEARS_EVE))
    standing.when(commission_provider, command, commissioner_kind=COMMISSIONER).then(ProviderCommissioned)


def test_a_relation_that_ends_before_it_begins_is_refused() -> None:
    command = replace(ALL_OF_2026, to_on=date(2025, 12, 31))
    outcome = given(registered()).when(commission_provider, command, commissioner_kind=COMMISSIONER)
    outcome.then_refused(PeriodBackwards)


@pytest.mark.parametrize("kind", [None, OrganisationKind.PROVIDER, OrganisationKind.REGULATOR])
def test_only_a_registered_commissioner_commissions(kind: OrganisationKind | None) -> None:
    """The relation opens records to it: another trust must never get in by a slip."""
    given(registered()).when(commission_provider, ALL_OF_2026, commissioner_kind=kind).then_refused(NotACommissioner)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), set()),
        (date(2026, 1, 1), {"ZZQ"}),
        (date(2026, 12, 31), {"ZZQ"}),
        (date(2027, 1, 1), set()),
    ],
)
def test_the_commissioners_of_a_day_are_those_whose_days_include_it(day: date, expected: set[str]) -> None:
    organisation: Organisation = given(registered(), commissioned(to_on=NEW_YEARS_EVE)).aggregate()
    assert organisation.commissioners_on(day) == expected


def test_a_relation_without_a_last_day_goes_on() -> None:
    organisation: Organisation = given(registered(), commissioned()).aggregate()
    assert organisation.commissioners_on(date(2099, 1, 1)) == {"ZZQ"}
