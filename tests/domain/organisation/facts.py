"""Facts about one organisation, and the histories that lead to each of its states."""

from datetime import date
from typing import Any, Final

from domain.kernel.envelope import after
from domain.kernel.words import Code, OdsCode
from domain.organisation.events import CommissioningEnded, LocalPlanAdopted, OrganisationKind, ProviderCommissioned
from domain.organisation.state import Organisation
from tests.support.decisions import a_stamp, given
from tests.support.organisations import registered
from tests.support.small_policy import PLAN_NAME, small_policy

ICB = OdsCode("ZZQ")
NEW_YEAR = date(2026, 1, 1)
NEW_YEARS_EVE = date(2026, 12, 31)
MIDSUMMER = date(2026, 6, 30)
PLAN = small_policy().overlay(PLAN_NAME).reference


def _standing() -> Organisation:
    organisation: Organisation = given(registered()).aggregate()
    return organisation


def commissioned(from_on: date = NEW_YEAR, to_on: date | None = None) -> ProviderCommissioned:
    return ProviderCommissioned(**after(_standing(), a_stamp()), commissioner=ICB, from_on=from_on, to_on=to_on)


def ended() -> CommissioningEnded:
    return CommissioningEnded(**after(_standing(), a_stamp()), commissioner=ICB, from_on=NEW_YEAR, to_on=MIDSUMMER)


def adopted(plan: str = PLAN, from_on: date = NEW_YEAR, to_on: date | None = None) -> LocalPlanAdopted:
    return LocalPlanAdopted(**after(_standing(), a_stamp()), plan=Code(plan), from_on=from_on, to_on=to_on)


STATES: Final[dict[str, tuple[Any, ...]]] = {
    "registered": (registered(),),
    "commissioned": (registered(), commissioned()),
    "commissioned for the year": (registered(), commissioned(to_on=NEW_YEARS_EVE)),
    "commissioning ended": (registered(), commissioned(), ended()),
    "plan adopted": (registered(), adopted()),
    "earlier plan adopted": (registered(), adopted("an-earlier-plan", date(2024, 1, 1))),
    "a commissioner": (registered(OrganisationKind.COMMISSIONER),),
    "a regulator": (registered(OrganisationKind.REGULATOR),),
}
"""Every state that an organisation can be in, by the shortest history that leads there."""
