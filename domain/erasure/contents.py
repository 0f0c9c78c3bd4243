"""What stands sealed in the cases that name a person, and which of it an erasure would destroy."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.erasure.words import NamedText
from domain.kernel.words import Code, HoldId, IncidentId, KeyId, PersonId


@dataclass(frozen=True, slots=True)
class SealedValue:
    """One sealed value: where it stands, under which key, about whom (None: a text), and whether it is erased already."""

    position: int
    path: Code
    key: KeyId
    person: PersonId | None
    is_erased: bool

    @property
    def place(self) -> NamedText:
        """Where it stands."""
        return NamedText(self.position, self.path)


@dataclass(frozen=True, slots=True)
class Contents:
    """The sealed values of every case that names the person, the legal holds that stand on any of them, and more.

    `keys_about` are all data keys about the person that stand, wherever they are used; `is_requested`: an erasure of
    this person is under way already.
    """

    incidents: tuple[IncidentId, ...]
    values: tuple[SealedValue, ...]
    holds: tuple[HoldId, ...] = ()
    keys_about: frozenset[KeyId] = frozenset()
    is_requested: bool = False

    def about(self, person: PersonId) -> tuple[SealedValue, ...]:
        """The values that name the person and can still be read."""
        return tuple(value for value in self.values if value.person == person and not value.is_erased)

    def texts_at(self, places: Iterable[NamedText]) -> tuple[SealedValue, ...]:
        """The texts that stand at these places; a place without one is left out."""
        wanted = frozenset(places)
        return tuple(value for value in self.values if value.person is None and value.place in wanted)

    def going_with(self, texts: Iterable[SealedValue]) -> tuple[SealedValue, ...]:
        """Every text that is under one of the keys of these."""
        keys = {text.key for text in texts}
        return tuple(value for value in self.values if value.person is None and value.key in keys)


@dataclass(frozen=True, slots=True)
class Extent:
    """What is destroyed: the keys, and how many values about the person, texts and events are under them."""

    keys: tuple[KeyId, ...]
    values: int
    texts: int
    events: int


def extent_of(contents: Contents, person: PersonId, texts: Iterable[NamedText]) -> Extent:
    """What erasing the person and these texts destroys of what can still be read."""
    named = contents.about(person)
    going = [text for text in contents.going_with(contents.texts_at(texts)) if not text.is_erased]
    keys = contents.keys_about | {value.key for value in (*named, *going)}
    touched = {value.position for value in (*named, *going)}
    return Extent(tuple(sorted(keys)), len(named), len(going), len(touched))
