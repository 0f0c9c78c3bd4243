"""Questions about the timeline of a case."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.incident_timeline.model import MODEL

AS_TOLD: Final = Order("position")
"""In the order in which the ledger learnt of it."""


def of_case(reading: Reading, case: UUID) -> list[ColumnElement[bool]]:
    """The events of one case."""
    return [reading.view(MODEL).c.case_id == case]
