"""Whom a fact names: the persons in its sealed values, found without opening any."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

from domain.kernel.personal import Personal

_NAMING: Final[dict[type[Any], tuple[str, ...]]] = {}


def persons_in(value: Any) -> Iterator[UUID]:
    """The person of each value that identifies somebody; one that is named twice comes twice."""
    if isinstance(value, Personal):
        yield value.about
    elif isinstance(value, tuple):
        for each in value:
            yield from persons_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in _fields_that_name(type(value)):
            yield from persons_in(getattr(value, name))


def _fields_that_name(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass that may hold such a value, somewhere inside."""
    if kind not in _NAMING:
        hints = get_type_hints(kind)
        _NAMING[kind] = tuple(each.name for each in fields(kind) if _may_name(hints[each.name]))
    return _NAMING[kind]


def _may_name(hint: Any) -> bool:
    if hint is Personal:
        return True
    if isinstance(hint, type) and is_dataclass(hint):
        return bool(_fields_that_name(hint))
    return any(_may_name(option) for option in get_args(hint))
