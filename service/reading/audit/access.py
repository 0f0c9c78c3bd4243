"""Who read a case, as it is told to those who look after that: records of the access log, by whoever owns the cases."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from domain.access_log.purpose import Purpose
from domain.kernel.actor import Actor, Role
from service.reading.forms import Shown, plain
from service.store.access.asked import Wanted
from service.store.access.records import Access, RecordKind

READS_ACCESS: Final = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
"""Roles that may ask who read the cases of their own organisation.

Whoever handles a case is not told who looks into it: that may be somebody who looks into them.
"""

ACCESS: Final[dict[str, Any]] = {
    "number": int,
    "at": datetime,
    "kind": RecordKind,
    "actor": UUID,
    "subject": str | None,
    "organisation": str,
    "roles": list[str],
    "purpose": Purpose,
    "purpose_stated": bool,
    "route": str,
    "method": str,
    "cases": list[UUID],
    "position": int,
    "past": bool,
    "words_opened": bool,
    "request_id": UUID,
    "correlation_id": str | None,
    "sealed": list[str],
}
"""What a record shows, in order, with its types."""

_STREAMED_AT_ONCE: Final = 500


class AccessRecords(Protocol):
    """Where access records are kept."""

    async def newest(self, wanted: Wanted, *, limit: int) -> Sequence[Access]:
        """The newest records that are wanted, newest first."""
        ...

    async def count(self, wanted: Wanted) -> int:
        """How many records are wanted."""
        ...

    async def subjects(self, actors: Sequence[UUID]) -> Mapping[UUID, str]:
        """Whom pseudonyms of readers stand for."""
        ...


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Some records as they are shown, and the number after which the next ones come (None: these are the last)."""

    items: Sequence[Shown]
    following: int | None


class AccessReading:
    """Shows one reader who read the cases of their own organisation; of other cases in a record nothing is shown."""

    def __init__(self, records: AccessRecords, actor: Actor) -> None:
        self._records = records
        self._actor = actor

    async def page(self, wanted: Wanted, *, limit: int) -> AccessPage:
        """The newest records that are wanted, so many of them."""
        found = await self._records.newest(wanted, limit=limit + 1)
        page = found[:limit]
        return AccessPage(await self._shown(page), page[-1].number if len(found) > limit else None)

    async def each(self, wanted: Wanted) -> AsyncIterator[Shown]:
        """Every record that is wanted, newest first."""
        before = wanted.before
        while True:
            page = await self.page(wanted.since(before), limit=_STREAMED_AT_ONCE)
            for item in page.items:
                yield item
            if page.following is None:
                return
            before = page.following

    async def _shown(self, found: Sequence[Access]) -> list[Shown]:
        """A subject is opened for the data protection officer of the reader's own organisation, and for nobody else."""
        opened = [record.actor for record in found if self._opens(record)]
        subjects = await self._records.subjects(sorted(set(opened))) if opened else {}
        return [self._one(record, subjects) for record in found]

    def _opens(self, record: Access) -> bool:
        is_officer = Role.DATA_PROTECTION_OFFICER in self._actor.roles
        return is_officer and record.organisation == self._actor.organisation

    def _one(self, record: Access, subjects: Mapping[UUID, str]) -> Shown:
        own = [named.case for named in record.cases if named.organisation == self._actor.organisation]
        subject = subjects.get(record.actor) if self._opens(record) else None
        closed = {"cases": own, "subject": subject, "sealed": ["subject"] if subject is None else []}
        told = {name: closed[name] if name in closed else getattr(record, name) for name in ACCESS}
        return {name: plain(tuple(value) if isinstance(value, list) else value) for name, value in told.items()}
