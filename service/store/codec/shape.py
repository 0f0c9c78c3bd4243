"""What an event is made of, read from its annotations: everything else here (bytes, schemas, classes) follows from it.

The types that a field may have are few on purpose: each says by itself whether the field is plain, personal or
narrative, and each has one stored form. Any other type is refused before a single event is stored.
"""

from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, NewType, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.kernel.personal import Narrative, Personal

ENVELOPE: Final = frozenset(each.name for each in fields(Aggregate.Created))
"""The fields that every event has; columns of the ledger hold them, so the payload does not."""

_PLAIN: Final = (UUID, int, bool, datetime, date)
_NAMED: Final = (UUID, str, int)


class UnclassifiedFieldError(TypeError):
    """A field's type does not say whether it is plain, personal or narrative, or has no stored form."""


@dataclass(frozen=True)
class Plain:
    """An id, a word of a list, a label, a number, a boolean, an instant, a day, an enumeration."""

    type: type[Any]


@dataclass(frozen=True)
class Secret:
    """A value that is sealed before it is stored."""

    type: type[Personal] | type[Narrative]


@dataclass(frozen=True)
class Maybe:
    """A value that may be null."""

    inner: "Shape"


@dataclass(frozen=True)
class Many:
    """A tuple of any length."""

    each: "Shape"


@dataclass(frozen=True)
class Either:
    """One of several plain forms that JSON itself tells apart."""

    options: tuple["Shape", ...]


@dataclass(frozen=True)
class Part:
    """One field of a record; `optional` means that it was added later, and that older bytes read as None."""

    name: str
    shape: "Shape"
    optional: bool


@dataclass(frozen=True)
class Record:
    """A dataclass: an event without its envelope, or a value inside one."""

    type: type[Any]
    parts: tuple[Part, ...]


Shape: TypeAlias = Plain | Secret | Maybe | Many | Either | Record


def shape_of(record: type[Any]) -> Record:
    """What a dataclass is made of, envelope left out.

    Raises:
        UnclassifiedFieldError: a field has a type that is not one of the few.
    """
    hints = get_type_hints(record)
    kept = (each for each in fields(record) if each.name not in ENVELOPE)
    return Record(record, tuple(_part(record, each, hints[each.name]) for each in kept))


def has_secrets(shape: Shape) -> bool:
    """Whether anything inside is sealed."""
    match shape:
        case Secret():
            return True
        case Maybe(inner=inner) | Many(each=inner):
            return has_secrets(inner)
        case Record(parts=parts):
            return any(has_secrets(part.shape) for part in parts)
        case _:
            return False


def _part(record: type[Any], each: Field[Any], annotation: Any) -> Part:
    place = f"{record.__qualname__}.{each.name}"
    if each.default_factory is not MISSING or each.default not in (MISSING, None):
        raise UnclassifiedFieldError(f"{place}: a field added later may only have None as its default")
    return Part(each.name, _shape(annotation, place), optional=each.default is None)


def _shape(annotation: Any, place: str) -> Shape:
    origin = get_origin(annotation)
    if annotation in (Personal, Narrative):
        return Secret(annotation)
    if isinstance(annotation, NewType):
        return _named(annotation, place)
    if origin in (Union, UnionType):
        return _union(get_args(annotation), place)
    if origin is tuple:
        return _tuple(get_args(annotation), place)
    if annotation in _PLAIN or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return Plain(annotation)
    if is_dataclass(annotation) and isinstance(annotation, type):
        return shape_of(annotation)
    raise UnclassifiedFieldError(f"{place}: {annotation!r} is neither plain, personal nor narrative")


def _named(annotation: NewType, place: str) -> Shape:
    if annotation.__supertype__ not in _NAMED:
        raise UnclassifiedFieldError(f"{place}: {annotation!r} names no plain type")
    return Plain(annotation.__supertype__)


def _union(options: tuple[Any, ...], place: str) -> Shape:
    shapes = tuple(_shape(option, place) for option in options if option is not NoneType)
    shape = shapes[0] if len(shapes) == 1 else Either(shapes)
    if isinstance(shape, Either) and any(map(has_secrets, shapes)):
        raise UnclassifiedFieldError(f"{place}: a sealed value cannot be one of several forms")
    return Maybe(shape) if NoneType in options else shape


def _tuple(items: tuple[Any, ...], place: str) -> Shape:
    match items:
        case (each, last) if last is Ellipsis:
            return Many(_shape(each, place))
        case _:
            raise UnclassifiedFieldError(f"{place}: a tuple here has any length, `tuple[X, ...]`")
