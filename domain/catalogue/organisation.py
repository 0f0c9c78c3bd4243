"""Stored names of the facts about organisations: chosen by hand, frozen once released."""

from typing import Final

from domain.catalogue.stored import Stored
from domain.organisation.events import (
    CommissioningEnded,
    LocalPlanAdopted,
    OrganisationRegistered,
    ProviderCommissioned,
)

STORED: Final = (
    Stored("organisation.registered.v1", OrganisationRegistered),
    Stored("organisation.commissioned.v1", ProviderCommissioned),
    Stored("organisation.commissioning_ended.v1", CommissioningEnded),
    Stored("organisation.local_plan_adopted.v1", LocalPlanAdopted),
)
