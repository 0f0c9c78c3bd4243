"""An access log in memory, the one of a test database, and reads that say only what a test is about."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from service.store.access.asked import Wanted
from service.store.access.canonical import GENESIS, chained
from service.store.access.log import AccessLog
from service.store.access.records import Access, CaseNamed, NewAccess, RecordKind
from service.store.connect import open_pool
from service.vault.keyring import Keyring
from tests.support.running.database import Database


def a_read(*cases: UUID, **changes: Any) -> NewAccess:
    """Somebody at ZZ1 was shown these cases."""
    read = NewAccess(
        actor=UUID(int=5),
        subject="somebody@example.net",
        organisation="ZZ1",
        roles=("auditor",),
        purpose="audit",
        purpose_stated=False,
        kind=RecordKind.CASE_READ,
        route="get_v1_incidents_incident",
        method="GET",
        cases=cases,
        position=9,
        past=False,
        words_opened=False,
        request_id=uuid4(),
        correlation_id=None,
    )
    return replace(read, **changes)


class KeptReads:
    """What was written down, in order; with `failure` nothing is, and that is said.

    `owners` says whose record a case is: ZZ1's, where it does not.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.kept: list[NewAccess] = []
        self.records: list[Access] = []
        self.failure: Exception | None = None
        self.owners: dict[UUID, str] = {}

    async def append(self, record: NewAccess) -> int:
        """Keep a record; its number."""
        if self.failure is not None:
            raise self.failure
        self.kept.append(record)
        self.records.append(self._written(record))
        return len(self.kept)

    def _written(self, new: NewAccess) -> Access:
        same = {name: getattr(new, name) for name in Access.__dataclass_fields__ if hasattr(new, name)}
        cases = tuple(CaseNamed(case, self.owners.get(case, "ZZ1")) for case in new.cases)
        values = same | {"cases": cases, "kind": new.kind.value, "number": len(self.kept), "at": datetime.now(UTC)}
        record = Access(**values, hash=b"")
        return replace(record, hash=chained(self.records[-1].hash if self.records else GENESIS, record))

    async def newest(self, wanted: Wanted, *, limit: int) -> Sequence[Access]:
        """The newest records that are wanted."""
        return [record for record in reversed(self.records) if _is_wanted(record, wanted)][:limit]

    async def count(self, wanted: Wanted) -> int:
        """How many records are wanted."""
        return len(await self.newest(wanted, limit=len(self.records)))

    async def subjects(self, actors: Sequence[UUID]) -> Mapping[UUID, str]:
        """Whom pseudonyms of readers stand for."""
        return {new.actor: new.subject for new in self.kept if new.actor in actors}


def _is_wanted(record: Access, wanted: Wanted) -> bool:
    return all(
        (
            any(named.organisation in wanted.owners for named in record.cases),
            wanted.incident is None or wanted.incident in [named.case for named in record.cases],
            wanted.actor in (None, record.actor),
            wanted.kind in (None, record.kind),
            wanted.from_at is None or record.at >= wanted.from_at,
            wanted.to_at is None or record.at < wanted.to_at,
            wanted.before is None or record.number < wanted.before,
        )
    )


@asynccontextmanager
async def access_log_in(database: Database, **changes: Any) -> AsyncIterator[AccessLog]:
    """The access log of a test database, as the service opens it."""
    pool = await open_pool(database.url(role="reader"), connections=3)
    async with pool:
        log = AccessLog(database.reader, pool, Keyring({1: bytes(range(32))}), **changes)
        log.start()
        try:
            yield log
        finally:
            await log.close()
