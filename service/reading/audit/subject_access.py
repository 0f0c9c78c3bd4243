"""Subject access: every value that is held about one person, opened, for whoever answers for it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from domain.kernel.personal import Erased, Personal
from projections.people.rows import NamingRow
from service.reading.forms import Secret, plain
from service.reading.opening import Opening
from service.store.codec import Codec, rewrite_secrets
from service.store.ledger import Ledger, LedgerEvent

_About = tuple[LedgerEvent, str, Personal]


class SubjectAccess:
    """Finds and opens what is held about people."""

    def __init__(self, ledger: Ledger, codec: Codec, opening: Opening) -> None:
        self._ledger = ledger
        self._codec = codec
        self._opening = opening

    async def values_of(self, person: UUID, namings: Sequence[NamingRow], *, up_to: int) -> list[dict[str, Any]]:
        """Every value about a person in the events that name them, in the order of the log; what is erased says so."""
        wanted = {naming.position for naming in namings}
        cases = dict.fromkeys(case for naming in namings for case in naming.incident_ids)
        events = {
            event.position: event
            for case in cases
            for event in await self._ledger.read_case(case, up_to=up_to)
            if event.position in wanted
        }
        found = [each for position in sorted(events) for each in self._about(person, events[position])]
        words = await self._opening.of([value for _, _, value in found])
        return [_shown(event, path, words(value)) for event, path, value in found]

    def _about(self, person: UUID, event: LedgerEvent) -> Iterator[_About]:
        found: list[_About] = []

        def note(value: Secret, path: str) -> Secret:
            if isinstance(value, Personal) and value.about == person:
                found.append((event, path, value))
            return value

        rewrite_secrets(self._codec.decode(event), note)
        yield from found


def _shown(event: LedgerEvent, path: str, words: str | Erased) -> dict[str, Any]:
    is_erased = isinstance(words, Erased)
    return {
        "position": event.position,
        "incident_ids": [str(case) for case in event.cases],
        "type": event.type,
        "path": path,
        "effective_at": plain(event.effective_at),
        "recorded_at": plain(event.recorded_at),
        "value": None if is_erased else words,
        "erased": is_erased,
    }
