"""Questions about where people are named."""

from uuid import UUID

from sqlalchemy import select

from projections.engine.reading import Reading
from projections.people.model import MODEL


async def list_positions(reading: Reading, person: UUID) -> list[int]:
    """The positions of the events that name somebody, in order; none where they do not exist for this reader."""
    view = reading.view(MODEL)
    asked = select(view.c.position).where(view.c.person_id == person).order_by(view.c.position)
    return [row["position"] for row in await reading.execute(asked)]
