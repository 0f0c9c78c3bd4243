"""Questions about where people are named."""

from typing import Final
from uuid import UUID

from projections.engine.pages import Order
from projections.engine.reading import Reading
from projections.people.model import MODEL
from projections.people.rows import NamingRow

_AS_TOLD: Final = Order("position")


async def list_namings(reading: Reading, person: UUID) -> list[NamingRow]:
    """The events that name somebody, in order; none where they do not exist for this reader."""
    view = reading.view(MODEL)
    return [found.row async for found in reading.each(MODEL, view.c.person_id == person, order=_AS_TOLD)]


async def is_named(reading: Reading, person: UUID) -> bool:
    """Whether somebody is named in a record that exists for this reader."""
    view = reading.view(MODEL)
    page = await reading.page(MODEL, view.c.person_id == person, order=_AS_TOLD, limit=1)
    return bool(page.rows)
