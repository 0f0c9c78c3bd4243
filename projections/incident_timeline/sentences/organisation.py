"""What the events of organisations say."""

from collections.abc import Callable
from typing import Any, Final

from domain.organisation.events import (
    CommissioningEnded,
    LocalPlanAdopted,
    OrganisationRegistered,
    ProviderCommissioned,
)
from projections.incident_timeline.sentences.wording import day, words


def registered(fact: OrganisationRegistered) -> str:
    """Who entered the register."""
    return f"The organisation {fact.name} ({fact.ods}) was registered as a {words(fact.kind)}."


def commissioned(fact: ProviderCommissioned) -> str:
    """By whom, from when."""
    until = f" to {day(fact.to_on)}" if fact.to_on else ""
    return f"{fact.commissioner} commissions services from {day(fact.from_on)}{until}."


def ended(fact: CommissioningEnded) -> str:
    """Until when."""
    return f"{fact.commissioner} no longer commissions services after {day(fact.to_on)}."


def adopted(fact: LocalPlanAdopted) -> str:
    """Which plan, from when."""
    until = f" to {day(fact.to_on)}" if fact.to_on else ""
    return f"The local plan {fact.plan} was adopted from {day(fact.from_on)}{until}."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    OrganisationRegistered: registered,
    ProviderCommissioned: commissioned,
    CommissioningEnded: ended,
    LocalPlanAdopted: adopted,
}
