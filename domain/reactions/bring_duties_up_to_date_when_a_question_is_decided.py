"""When a question is decided or a fact becomes known, bring the duties up to date with the case's other streams.

The incident's own command has opened what follows from the incident alone; what is owed to persons who were identified
earlier, or follows from a response commissioned earlier, is opened here.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from domain.incident.events import FactsAdded, IncidentReopened, ThresholdDecided
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.streams import Kind
from domain.kernel.words import Code
from domain.reactions.order import Order

ANSWERED: Final = (ThresholdDecided, FactsAdded, IncidentReopened)


def bring_duties_up_to_date_when_a_question_is_decided(
    event: Fact | FirstFact, *, cases: Iterable[UUID]
) -> tuple[Order, ...]:
    """Order it for the case; a case whose duties stand records nothing."""
    if not isinstance(event, ANSWERED):
        return ()
    return tuple(Order(kind=Kind.INCIDENT, stream=case, command=Code("bring_duties_up_to_date")) for case in cases)
