"""Where the sealed values of an event are, and one walk over them that seals, places or opens each.

A path names the fields from the event down, with the index of a tuple's entry between dots: `location.place`,
`consents.0.to_tell`. Paths authenticate boxes, so they never change.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from domain.kernel.personal import Narrative, Personal, Words
from domain.kernel.words import KeyId
from service.store.codec.shape import Many, Maybe, Record, Shape, has_secrets, shape_of
from service.store.codec.shape import Secret as SecretShape

Secret: TypeAlias = Personal | Narrative
Change: TypeAlias = Callable[[Any, str], Any]
Walk: TypeAlias = Callable[[Any, str, Change], Any]
AnyRecord = TypeVar("AnyRecord")

_WALKS: dict[type[Any], Walk | None] = {}


def rewrite_secrets(event: AnyRecord, change: Change) -> AnyRecord:
    """The event with each personal or narrative value replaced by `change(value, path)`; itself where it has none."""
    kind = type(event)
    if kind not in _WALKS:
        shape = shape_of(kind)
        _WALKS[kind] = _walk(shape) if has_secrets(shape) else None
    walk = _WALKS[kind]
    if walk is None:
        return event
    rewritten: AnyRecord = walk(event, "", change)
    return rewritten


def with_words(value: Secret, words: Words) -> Secret:
    """The same value with other words."""
    if isinstance(value, Personal):
        return Personal(value.about, words, value.key)
    return Narrative(value.about, words, value.key)


def keys_named(event: object) -> set[KeyId]:
    """The ids of the keys that one needs to open this event."""
    named: set[KeyId] = set()

    def note(value: Secret, _path: str) -> Secret:
        named.add(value.key)
        return value

    rewrite_secrets(event, note)
    return named


def _walk(shape: Shape) -> Walk:
    match shape:
        case SecretShape():
            return _change
        case Maybe(inner=inner):
            return _walk_maybe(_walk(inner))
        case Many(each=each):
            return _walk_many(_walk(each))
        case Record(parts=parts):
            return _walk_record([(part.name, _walk(part.shape)) for part in parts if has_secrets(part.shape)])
        case _:  # pragma: no cover - `shape_of` refuses secrets anywhere else
            raise TypeError(shape)


def _change(value: Any, path: str, change: Change) -> Any:
    return change(value, path)


def _walk_maybe(inner: Walk) -> Walk:
    def walk(value: Any, path: str, change: Change) -> Any:
        return None if value is None else inner(value, path, change)

    return walk


def _walk_many(each: Walk) -> Walk:
    def walk(value: Any, path: str, change: Change) -> Any:
        return tuple(each(entry, f"{path}.{index}", change) for index, entry in enumerate(value))

    return walk


def _walk_record(steps: list[tuple[str, Walk]]) -> Walk:
    def walk(value: Any, path: str, change: Change) -> Any:
        prefix = f"{path}." if path else ""
        changed = {name: inner(getattr(value, name), prefix + name, change) for name, inner in steps}
        return _with(value, changed)

    return walk


def _with(value: Any, changed: dict[str, Any]) -> Any:
    if not hasattr(value, "__dict__"):
        return replace(value, **changed)
    # `replace` would run an event's whole constructor: ten times slower, on the path of every append and every read.
    copy = object.__new__(type(value))
    vars(copy).update(vars(value))
    vars(copy).update(changed)
    return copy
