"""What a permission is: which roles may give a command, and how their organisation must stand to the record."""

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
    """One line of the table: these roles, standing in this relation."""

    roles: frozenset[Role]
    relation: Relation = Relation.OWN


def may(*roles: Role, relation: Relation = Relation.OWN) -> Permission:
    """A permission for some roles; the system's own reactions are always among them."""
    return Permission(frozenset(roles) | {Role.SYSTEM}, relation)
