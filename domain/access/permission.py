"""What a permission is: which roles may give a command, and how their organisation must stand to the record."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.actor import Role


class Relation(StrEnum):
    """How the actor's organisation stands to the organisation whose record it is."""

    OWN = "own"
    """It is the actor's own record."""
    COMMISSIONS = "commissions"
    """The actor's organisation commissions services from it today."""
    ANY = "any"
    """No relation is needed (an administrator's register; a report about another provider)."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Lines of the table for one command: roles, each group standing in its relation."""

    lines: tuple[tuple[frozenset[Role], Relation], ...]

    def __or__(self, other: "Permission") -> "Permission":
        """Either permission is enough."""
        return Permission((*self.lines, *other.lines))

    def allows(self, roles: AbstractSet[Role], relations: AbstractSet[Relation]) -> bool:
        """Whether somebody with these roles, standing in these relations, may give the command."""
        return any(roles & line_roles and relation in relations for line_roles, relation in self.lines)


def may(*roles: Role, relation: Relation = Relation.OWN) -> Permission:
    """A permission for some roles in one relation; the system's own reactions are always among them.

    Join two with `|`: `may(Role.APPROVER) | may(Role.COMMISSIONER, relation=Relation.COMMISSIONS)`.
    """
    return Permission(((frozenset(roles) | {Role.SYSTEM}, relation),))
