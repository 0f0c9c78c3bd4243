"""What one reader may read of the sealed values of some events: each with its place, and how it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import rfc8785

from domain.kernel.personal import Erased, Narrative, Personal
from domain.kernel.streams import Kind
from service.reading.sight import Audience, Sight
from service.store.codec import rewrite_secrets
from service.store.ledger import LedgerEvent

Secret = Personal | Narrative
Words = Callable[[Secret], str | Erased]

_AUDIENCES: Final = {Kind.ACTION.value: Audience.ACTIONS}
"""For whom what is written in a stream of a kind is opened; for the readers of cases, where it is not named."""


class Standing(StrEnum):
    """How a sealed value stands for a reader; none of these is the same as a value that was never given."""

    OPEN = "open"
    SEALED = "sealed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Value:
    """One sealed value of an event: its field path, how it stands, and its words where it is open."""

    path: str
    standing: Standing
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One event with its fact, and every sealed value that it holds, in the order of its fields."""

    event: LedgerEvent
    fact: Any
    values: tuple[Value, ...]

    def opened(self) -> Iterator[bytes]:
        """The entries of `opened.json`: what is sealed for this reader is not listed."""
        for value in self.values:
            entry: dict[str, Any] = {"position": self.event.position, "path": value.path}
            match value.standing:
                case Standing.OPEN:
                    yield rfc8785.dumps({**entry, "words": value.words or ""})
                case Standing.ERASED:
                    yield rfc8785.dumps({**entry, "erased": True})


def opens(sight: Sight, event: LedgerEvent) -> bool:
    """Whether what people wrote in an event, and whom it names, is this reader's to read."""
    return sight.opens(event.organisation, _AUDIENCES.get(event.kind, Audience.CASES))


def secrets_of(events: Iterable[LedgerEvent], facts: Mapping[int, Any], sight: Sight) -> list[Secret]:
    """The sealed values that this reader may read."""
    return [value for event in events if opens(sight, event) for _, value in secrets_in(facts[event.position])]


def heard(events: Sequence[LedgerEvent], facts: Mapping[int, Any], sight: Sight, words: Words) -> list[Heard]:
    """These events as this reader hears them; `words` opens a value."""
    return [
        Heard(
            event,
            facts[event.position],
            tuple(
                _value(path, value, words if opens(sight, event) else None)
                for path, value in secrets_in(facts[event.position])
            ),
        )
        for event in events
    ]


def secrets_in(fact: Any) -> list[tuple[str, Secret]]:
    """Every sealed value of a fact, with its path."""
    found: list[tuple[str, Secret]] = []

    def note(value: Secret, path: str) -> Secret:
        found.append((path, value))
        return value

    rewrite_secrets(fact, note)
    return found


def _value(path: str, value: Secret, words: Words | None) -> Value:
    if words is None:
        return Value(path, Standing.SEALED)
    said = words(value)
    if isinstance(said, Erased):
        return Value(path, Standing.ERASED)
    return Value(path, Standing.OPEN, said)
