"""Every description, of every class that is part of an event."""

from typing import Final

from domain.catalogue.fields import candour, duties, erasing, ground, incident, learning
from domain.catalogue.fields.described import Fields

EVERY: Final[Fields] = {
    **ground.FIELDS,
    **incident.FIELDS,
    **duties.FIELDS,
    **candour.FIELDS,
    **learning.FIELDS,
    **erasing.FIELDS,
}
