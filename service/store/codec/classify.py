"""Which fields of an event are plain, personal or narrative: said by their types, so that none can be forgotten."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from domain.kernel.personal import Narrative, Personal
from service.store.codec.shape import Many, Maybe, Record, Secret, Shape, shape_of


class Classification(StrEnum):
    """Who a field may speak of."""

    PLAIN = "plain"
    """Nobody: an id, a word of a list, a public name, a number, a time."""
    PERSONAL = "personal"
    """One person, under that person's key."""
    NARRATIVE = "narrative"
    """Anybody: text that a person wrote, under a key of its own for each version."""


OF_SECRET: Final = {Personal: Classification.PERSONAL, Narrative: Classification.NARRATIVE}


def classification_of(event: type[Any]) -> dict[str, Classification]:
    """Every field of an event, down to the last one inside another (`consents.*.to_tell`), and its classification.

    Raises:
        UnclassifiedFieldError: a field's type does not say it.
    """
    return dict(_leaves(shape_of(event), ""))


def _leaves(shape: Shape, path: str) -> Iterator[tuple[str, Classification]]:
    match shape:
        case Record(parts=parts):
            for part in parts:
                yield from _leaves(part.shape, f"{path}.{part.name}".removeprefix("."))
        case Maybe(inner=inner):
            yield from _leaves(inner, path)
        case Many(each=each):
            yield from _leaves(each, f"{path}.*")
        case Secret(type=secret):
            yield path, OF_SECRET[secret]
        case _:
            yield path, Classification.PLAIN
