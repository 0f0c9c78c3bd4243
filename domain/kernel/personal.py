"""Values that are sealed before they are stored: what names a person, and what people wrote.

A decision sees them open. The stored event holds only the sealed form; a projection sees `Sealed` and passes it on; a
value whose key was destroyed is `ERASED`, never empty.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.kernel.words import KeyId, PersonId


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value nobody here may read: where it was stored (event and field path, which authenticate it) and the box."""

    event: UUID
    path: str
    box: str


@dataclass(frozen=True, slots=True)
class Erased:
    """The key was destroyed: the value cannot be read again by anyone."""

    erased: bool = True


ERASED: Final = Erased()

Words = str | Sealed | Erased


@dataclass(frozen=True, slots=True)
class Personal:
    """A value that identifies one person, under that person's key."""

    about: PersonId
    words: Words
    key: KeyId


@dataclass(frozen=True, slots=True)
class Narrative:
    """Text that somebody wrote and that may name anyone, under a key of its own for each version.

    `about` is the id of the stream (incident, response, action ...) whose text it is.
    """

    about: UUID
    words: Words
    key: KeyId
