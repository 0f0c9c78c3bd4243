"""A ledger with people in it, and the worker that keeps the blind index of their NHS numbers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from asyncpg import Connection

from domain.incident.events import PersonAdded
from domain.incident.words import PersonKind
from domain.kernel.actor import Actor
from domain.kernel.words import ActorId, OdsCode, PersonId
from service.reading.searching import PeopleSearch
from service.store.codec import Codec
from service.store.connect import connect
from service.store.sealing.destroying import ERASURE
from service.store.sealing.numbers import NAME, Numbers
from service.worker.indexing import NumberIndexer
from tests.support.chronicle import Chronicle, named
from tests.support.read_models.projections import envelope
from tests.support.running.ledgers import a_request, an_event

PATIENCE = 10.0


class Index:
    """The index of a chronicle; `secret` is its key, which a test may renew."""

    def __init__(self, chronicle: Chronicle) -> None:
        self.chronicle = chronicle
        self.secret = b"s" * 32
        self.search = PeopleSearch(Numbers(self.reader), chronicle.ledger, secret=lambda: self.secret)

    async def reader(self) -> Connection:
        """A connection that may read keys."""
        return await connect(self.chronicle.database.reader_url())

    async def report(self, case: str, *, provider: str = "ZZ1") -> None:
        """An incident of an organisation."""
        reported = self.chronicle.report(case, provider=provider)
        await self.chronicle.record(reported, organisation=provider, cases=[reported.originator_id])

    async def add(self, person: str, case: str, number: str | None, *, provider: str = "ZZ1") -> None:
        """Somebody is named in it, with a number."""
        pen, who = self.chronicle.pen, PersonId(named(person))
        fact = PersonAdded(
            **envelope(named(case), at=self.chronicle.clock),
            person=who,
            kind=PersonKind.PATIENT,
            patient=1,
            name=pen.personal(who, "Pat Patient"),
            nhs_number=None if number is None else pen.personal(who, number),
            born_on=None,
        )
        await self.chronicle.record(fact, organisation=provider, cases=[named(case)])

    async def erase(self, *persons: str) -> None:
        """Their keys are destroyed by an erasure."""
        owner = await self.chronicle.database.owner()
        rows = await owner.fetch(
            "select key_id from vault.keys where about = any($1)", [named(each) for each in persons]
        )
        payload = json.dumps({"keys": [str(row[0]) for row in rows]}).encode()
        request = a_request(events=(an_event(payload, type=ERASURE),), clock=self.chronicle.clock)
        outcome: Any = await self.chronicle.ledger.append(request)
        await owner.execute("select vault.destroy($1)", outcome.first_position)

    def indexer(self, **changes: Any) -> NumberIndexer:
        """The worker."""
        parts: dict[str, Any] = {
            "ledger": self.chronicle.ledger,
            "codec": Codec(),
            "opening": self.chronicle.queries.opening,
            "connect": self.chronicle.database.projector,
            "secret": lambda: self.secret,
        }
        return NumberIndexer(**(parts | changes))

    @asynccontextmanager
    async def kept(self, **changes: Any) -> AsyncIterator["asyncio.Task[None]"]:
        """The worker runs while the context is open."""
        task = asyncio.create_task(self.indexer(**changes).run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until_told(self) -> None:
        """Wait until the index is as far as the log."""
        head = (await self.chronicle.ledger.head()).position
        owner = await self.chronicle.database.owner()
        async with asyncio.timeout(PATIENCE):
            while True:
                if await owner.fetchval("select position from projections.positions where name = $1", NAME) >= head:
                    break
                await asyncio.sleep(0.02)
        await owner.close()

    async def told(self) -> None:
        """Let it catch up, once."""
        async with self.kept():
            await self.until_told()

    async def rows(self) -> list[tuple[UUID, UUID, str]]:
        """Person, case and organisation of every row."""
        owner = await self.chronicle.database.owner()
        found = await owner.fetch(
            "select person, incident, organisation from vault.nhs_numbers order by incident, person"
        )
        await owner.close()
        return [(row[0], row[1], row[2]) for row in found]

    async def found(self, number: str, *, organisation: str = "ZZ1") -> list[tuple[str, str]]:
        """Who bears a number, and in which case: by the names that the test gave them."""
        found = await self.search.find(Actor(ActorId(named("me")), OdsCode(organisation), frozenset()), number)
        return sorted((str(each.person), str(each.incident)) for each in found.people)


def pairs(*names: tuple[str, str]) -> list[tuple[str, str]]:
    """The ids of people and cases with these names."""
    return sorted((str(named(person)), str(named(case))) for person, case in names)


def hasty(index: Index) -> PeopleSearch:
    """A search that does not wait long."""
    return PeopleSearch(
        Numbers(index.reader), index.chronicle.ledger, secret=lambda: index.secret, patience_seconds=0.1
    )
