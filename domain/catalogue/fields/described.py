"""What is said of a field: its purpose, its class of data, and the role that answers for what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from domain.kernel.actor import Role


class DataClass(StrEnum):
    """Which kind of data a field holds; an impact assessment and a reader's view begin here."""

    PSEUDONYM = "pseudonym"
    """An id that the ledger drew: of a record, or of a person whom it does not name."""
    ORGANISATION = "organisation"
    """A public code, name or plan of an organisation."""
    WORKING = "working"
    """A word of a list, a date, a number, a reference: how the case was worked on."""
    HEALTH = "health"
    """About the health or care of somebody whom it does not name."""
    PERSONAL = "personal"
    """It identifies one person: sealed under that person's key."""
    NARRATIVE = "narrative"
    """What somebody wrote, which may name anyone: sealed under a key of its own."""
    COMPOSITE = "composite"
    """Made of fields that are described by themselves."""


@dataclass(frozen=True, slots=True)
class Described:
    """One field. `owner` is the role that answers for its content."""

    purpose: str
    data_class: DataClass
    owner: Role | None = None


def pseudonym(purpose: str, owner: Role | None = None) -> Described:
    """An id, which names nobody by itself."""
    return Described(purpose, DataClass.PSEUDONYM, owner)


def organisation(purpose: str, owner: Role | None = None) -> Described:
    """An organisation's code, name or plan."""
    return Described(purpose, DataClass.ORGANISATION, owner)


def working(purpose: str, owner: Role | None = None) -> Described:
    """How the case was worked on."""
    return Described(purpose, DataClass.WORKING, owner)


def health(purpose: str, owner: Role | None = None) -> Described:
    """About somebody's health or care."""
    return Described(purpose, DataClass.HEALTH, owner)


def personal(purpose: str, owner: Role | None = None) -> Described:
    """A sealed value that identifies one person."""
    return Described(purpose, DataClass.PERSONAL, owner)


def narrative(purpose: str, owner: Role | None = None) -> Described:
    """A sealed text."""
    return Described(purpose, DataClass.NARRATIVE, owner)


def composite(purpose: str, owner: Role | None = None) -> Described:
    """Fields inside a field."""
    return Described(purpose, DataClass.COMPOSITE, owner)


Kept = Mapping[str, Described]
"""The fields of one event, or of a value inside events, by name."""


def kept(owner: Role, /, **fields: Described) -> Kept:
    """The fields of one class; those that name no owner of their own have this one."""
    return {name: each if each.owner else replace(each, owner=owner) for name, each in fields.items()}


Fields = Mapping[type[Any], Kept]
"""The fields of several classes."""
