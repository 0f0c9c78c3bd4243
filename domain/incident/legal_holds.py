"""The legal holds of an incident: which were placed, and which of them still stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.incident.events import LegalHoldPlaced, LegalHoldReleased
from domain.kernel.words import HoldId


@dataclass(frozen=True, slots=True)
class LegalHolds:
    """Every hold that was ever placed, and the ids of those that were released."""

    placed: Mapping[HoldId, LegalHoldPlaced] = field(default_factory=dict)
    released: frozenset[HoldId] = frozenset()

    @property
    def standing(self) -> tuple[LegalHoldPlaced, ...]:
        """The holds that stand, in the order in which they were placed."""
        return tuple(each for hold, each in self.placed.items() if hold not in self.released)

    def after(self, event: LegalHoldPlaced | LegalHoldReleased) -> "LegalHolds":
        """The holds once this happened."""
        if isinstance(event, LegalHoldPlaced):
            return replace(self, placed={**self.placed, event.hold: event})
        return replace(self, released=self.released | {event.hold})
