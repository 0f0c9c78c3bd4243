"""Whose records a reader may see: the required first argument of every query."""

from dataclasses import dataclass

from domain.kernel.actor import Actor
from domain.kernel.words import OdsCode


@dataclass(frozen=True, slots=True)
class Scope:
    """What one reader may see: the records of these organisations, or (`organisations` None) of all.

    A record outside the scope does not exist for this reader.
    """

    actor: Actor
    organisations: frozenset[OdsCode] | None

    def sees(self, organisation: OdsCode) -> bool:
        """Whether a record of this organisation exists for this reader."""
        return self.organisations is None or organisation in self.organisations
