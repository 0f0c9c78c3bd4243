"""Every reaction of the ledger, in the order in which a fact is put to them."""

from typing import Final

from domain.reactions.bring_duties_up_to_date_when_a_case_moves_on import bring_duties_up_to_date_when_a_case_moves_on
from domain.reactions.bring_duties_up_to_date_when_the_incident_moves_on import (
    bring_duties_up_to_date_when_the_incident_moves_on,
)
from domain.reactions.order import Reaction

REACTIONS: Final[tuple[Reaction, ...]] = (
    Reaction("bring_duties_up_to_date_when_a_case_moves_on", bring_duties_up_to_date_when_a_case_moves_on),
    Reaction("bring_duties_up_to_date_when_the_incident_moves_on", bring_duties_up_to_date_when_the_incident_moves_on),
)
