"""When the incident itself moves on, bring its duties up to date with what the case's other streams did before.

The incident's own command has opened what follows from the incident alone. What is owed to persons who were identified
earlier, or follows from a response commissioned earlier (SIF-04 runs from the report on StEIS), is opened here.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from domain.incident.events import (
    FactsAdded,
    IncidentNotified,
    IncidentReopened,
    InitiallyReviewed,
    SafetySecured,
    SubmittedExternally,
    ThresholdDecided,
)
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code
from domain.reactions.order import Order

ANSWERED: Final = (
    ThresholdDecided,
    FactsAdded,
    SafetySecured,
    InitiallyReviewed,
    IncidentNotified,
    SubmittedExternally,
    IncidentReopened,
)
"""All from which a clock may run, but the report (nothing came before it) and the closing (which reads the case)."""


def bring_duties_up_to_date_when_the_incident_moves_on(
    event: Fact | FirstFact, *, cases: Iterable[UUID]
) -> tuple[Order, ...]:
    """Order it for the case; a case whose duties stand records nothing.

    The order itself tells nothing: the incident knows its own facts, and whoever gives the order adds those of the
    other streams.
    """
    if not isinstance(event, ANSWERED):
        return ()
    return tuple(Order(kind=Kind.INCIDENT, stream=case, command=Code("bring_duties_up_to_date")) for case in cases)
