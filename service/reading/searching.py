"""Looking for a person by NHS number, among the records of one's own organisation."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.kernel.actor import Actor, Role
from service.store.ledger import Ledger
from service.store.sealing.numbers import Looked, Numbers
from service.vault.blind_index import BlindIndex

SEARCHES: Final = frozenset({Role.PATIENT_SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER})
"""Roles that may look for a person: whoever handles the cases, and whoever answers for what is kept of people."""

_PATIENCE_SECONDS: Final = 3.0
_PAUSE_SECONDS: Final = 0.05


class SearchUnavailableError(Exception):
    """The index cannot answer for the whole log now: what it has not seen must not pass for what is not there."""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody who bears the number, and the case in which they were named."""

    person: UUID
    incident: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """All who bear the number, by person and case, as of a position that the log had reached when it was asked."""

    people: tuple[PersonFound, ...]
    position: int
    lag: int


class PeopleSearch:
    """Searches the blind index. `secret` reads the index's key, which may be renewed."""

    def __init__(
        self,
        numbers: Numbers,
        ledger: Ledger,
        *,
        secret: Callable[[], bytes],
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._numbers = numbers
        self._ledger = ledger
        self._secret = secret
        self._patience_seconds = patience_seconds

    async def find(self, actor: Actor, nhs_number: str) -> Found:
        """Who bears this number in the cases of the actor's organisation: it has looked at every event up to now.

        Raises:
            SearchUnavailableError: the index has stopped, is filled anew, or does not catch up in time.
            LedgerUnavailableError: the database cannot be reached.
        """
        head = (await self._ledger.head()).position
        try:
            async with asyncio.timeout(self._patience_seconds):
                looked = await self._until_told(actor, nhs_number, head)
        except TimeoutError:
            raise SearchUnavailableError from None
        people = tuple(PersonFound(person, incident) for person, incident in looked.persons)
        return Found(people, looked.position, max(0, head - looked.position))

    async def _until_told(self, actor: Actor, nhs_number: str, head: int) -> Looked:
        while True:
            index = BlindIndex(self._secret())
            looked = await self._numbers.look(
                index.digest(nhs_number), under=index.name, organisation=actor.organisation
            )
            if looked.running and looked.whole and looked.position >= head:
                return looked
            if not looked.running:
                raise SearchUnavailableError
            await asyncio.sleep(_PAUSE_SECONDS)
