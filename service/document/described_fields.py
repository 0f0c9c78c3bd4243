"""Every field of an event with its purpose, its owner and its class of data; one that is not described is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.catalogue.fields.described import DataClass, Described, Fields
from domain.catalogue.fields.every import EVERY
from domain.kernel.actor import Role
from domain.kernel.personal import Personal
from service.store.codec.shape import Either, Many, Maybe, Part, Plain, Record, Secret, Shape, shape_of

_OF_PLAIN: Final = frozenset({DataClass.ORGANISATION, DataClass.WORKING, DataClass.HEALTH})


class FieldUndescribedError(Exception):
    """Nobody said what a field is for, or what was said does not fit its type; the message names the field."""


@dataclass(frozen=True, slots=True)
class DescribedField:
    """One field, at its path inside the payload (`patients.*.physical_harm.code`)."""

    path: str
    owner: Role
    purpose: str
    data_class: DataClass
    optional: bool


def described_fields(event: type[Any], descriptions: Fields = EVERY) -> tuple[DescribedField, ...]:
    """Every field of an event, those inside others right after the one that they are in.

    Raises:
        FieldUndescribedError: a field, or a class, is not described as what it is.
        UnclassifiedFieldError: a field's type says nothing about what it holds.
    """
    return tuple(_fields(shape_of(event), "", descriptions))


def described(record: type[Any], name: str, descriptions: Fields = EVERY) -> Described:
    """What is said of one field of an event, or of a value inside events.

    Raises:
        FieldUndescribedError: nothing is.
    """
    kept = descriptions.get(record, {})
    if name not in kept or kept[name].owner is None:
        raise FieldUndescribedError(f"{record.__qualname__}.{name} has no purpose, owner and class of data")
    return kept[name]


def _fields(record: Record, path: str, descriptions: Fields) -> Iterator[DescribedField]:
    _assert_known(record, descriptions)
    for part in record.parts:
        said, within = described(record.type, part.name, descriptions), f"{path}.{part.name}".removeprefix(".")
        if said.data_class not in _fitting(part.shape):
            raise FieldUndescribedError(f"{record.type.__qualname__}.{part.name} is not {said.data_class}")
        assert said.owner is not None, "a described field has an owner"
        yield DescribedField(within, said.owner, said.purpose, said.data_class, _may_lack(part))
        for inner, place in _inside(part.shape, within):
            yield from _fields(inner, place, descriptions)


def _assert_known(record: Record, descriptions: Mapping[type[Any], Mapping[str, Described]]) -> None:
    unknown = set(descriptions.get(record.type, {})) - {part.name for part in record.parts}
    if unknown:
        raise FieldUndescribedError(f"{record.type.__qualname__} has no field {min(unknown)}")


def _may_lack(part: Part) -> bool:
    return part.optional or isinstance(part.shape, Maybe)


def _fitting(shape: Shape) -> frozenset[DataClass]:
    """The classes of data that a field of this shape may be said to hold."""
    match shape:
        case Secret(type=secret):
            return frozenset({DataClass.PERSONAL if secret is Personal else DataClass.NARRATIVE})
        case Record():
            return frozenset({DataClass.COMPOSITE})
        case Maybe(inner=inner) | Many(each=inner):
            return _fitting(inner)
        case Plain(type=plain) if plain is UUID:
            return frozenset({DataClass.PSEUDONYM})
        case Plain() | Either():
            return _OF_PLAIN


def _inside(shape: Shape, path: str) -> Iterator[tuple[Record, str]]:
    match shape:
        case Record():
            yield shape, path
        case Maybe(inner=inner):
            yield from _inside(inner, path)
        case Many(each=each):
            yield from _inside(each, f"{path}.*")
        case Either(options=options):
            for option in options:
                yield from _inside(option, path)
