"""The pen that a command is written with: it knows the stream, the ids of the path, and draws new ids."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import PersonId
from service.handling.identifiers import new_id
from service.store.sealing import Pen as SealingPen


class Pen:
    """Makes the values of one command.

    `stream` is the stream that it begins or changes, `path` the ids in its URL, `now` the ledger's present.
    """

    def __init__(self, sealing: SealingPen, *, stream: UUID, path: Mapping[str, UUID], now: datetime) -> None:
        self.sealing = sealing
        self.stream = stream
        self.path = path
        self.now = now

    def new_id(self) -> UUID:
        """An id for what the command adds."""
        return new_id()

    def new_person(self) -> PersonId:
        """An id for somebody who was not named before."""
        return PersonId(new_id())

    def narrative(self, words: str) -> Narrative:
        """What somebody wrote about the stream."""
        return self.sealing.narrative(self.stream, words)

    def maybe_narrative(self, words: str | None) -> Narrative | None:
        """What somebody wrote, if anything."""
        return None if words is None else self.narrative(words)

    def personal(self, person: PersonId, words: str) -> Personal:
        """A value that identifies a person."""
        return self.sealing.personal(person, words)

    def maybe_personal(self, person: PersonId, words: str | None) -> Personal | None:
        """A value that identifies a person, if there is one."""
        return None if words is None else self.personal(person, words)
