"""The ledger as the `eventsourcing` library's recorders: synchronous, and one lower in versions and positions.

The library counts versions from 0 and knows nothing of the event that opens our ledger, so this facade adds one to
versions and takes the opening's position away. It exists only so that the library's own test cases can be run.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from typing_extensions import override

from service.store.ledger import Appended, Ledger, LedgerEvent
from tests.support.running.ledgers import a_request, an_event
from tests.support.running.postgres import Loop

OPENINGS = 1
"""Events that a ledger holds before the library's first one."""


class LedgerRecorder(AggregateRecorder):
    """Records one stream a call, as the ledger does."""

    def __init__(self, ledger: Ledger, loop: Loop) -> None:
        self.ledger = ledger
        self.loop = loop

    @override
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self.record(stored_events)
        return None

    def record(self, stored_events: Sequence[StoredEvent]) -> Sequence[int]:
        """Append events of one stream; the library's ids of them."""
        if not stored_events:
            return []
        first = stored_events[0]
        versions = [event.originator_version for event in stored_events]
        if versions != list(range(versions[0], versions[0] + len(versions))):
            raise IntegrityError("versions do not follow one another")
        events = tuple(an_event(event.state, type=event.topic) for event in stored_events)
        request = a_request(as_uuid(first.originator_id), first.originator_version, events=events)
        outcome = self.loop.run(self.ledger.append(request))
        if not isinstance(outcome, Appended):
            raise IntegrityError(outcome)
        return list(range(outcome.first_position - OPENINGS, outcome.last_position - OPENINGS + 1))

    @override
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        after = 0 if gt is None else gt + 1
        events = self.loop.run(self.ledger.read_stream(as_uuid(originator_id), after=after))
        found = [as_stored(event) for event in events if lte is None or event.version - 1 <= lte]
        return (found[::-1] if desc else found)[:limit]


class ApplicationLedgerRecorder(LedgerRecorder, ApplicationRecorder):
    """The same, with the order of all events."""

    page: ClassVar[int] = 500

    @override
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        return self.record(stored_events)

    @override
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = OPENINGS + (start or 0) - (1 if inclusive_of_start and start else 0)
        found: list[Notification] = []
        while len(found) < limit:
            events = self.loop.run(self.ledger.read_all(after=after, limit=self.page))
            if not events:
                break
            after = events[-1].position
            found += [as_notification(event) for event in events if not topics or event.type in topics]
        return [notification for notification in found if stop is None or notification.id <= stop][:limit]

    @override
    def max_notification_id(self) -> int | None:
        return self.loop.run(self.ledger.head()).position - OPENINGS or None

    @override
    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LedgerSubscription":
        return LedgerSubscription(self, gt, topics)


class LedgerSubscription(Subscription[ApplicationLedgerRecorder]):
    """Follows the ledger, one notification after another."""

    def __init__(self, recorder: ApplicationLedgerRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._batches: AsyncGenerator[list[LedgerEvent], None] = recorder.ledger.follow(after=OPENINGS + (gt or 0))
        self._waiting: list[Notification] = []

    @override
    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._recorder.loop.run(self._close())

    @override
    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._waiting:
                return self._waiting.pop(0)
            events = self._recorder.loop.run(self._next_batch())
            self._waiting += [
                as_notification(event) for event in events if not self._topics or event.type in self._topics
            ]
        raise StopIteration

    async def _next_batch(self) -> list[LedgerEvent]:
        return await anext(self._batches)

    async def _close(self) -> None:
        await self._batches.aclose()


def as_uuid(originator_id: UUID | str) -> UUID:
    """Our streams have UUIDs."""
    return originator_id if isinstance(originator_id, UUID) else UUID(originator_id)


def as_stored(event: LedgerEvent) -> StoredEvent:
    """An event in the library's form."""
    return StoredEvent(event.stream, event.version - 1, event.type, event.payload)


def as_notification(event: LedgerEvent) -> Notification:
    """An event with its place, in the library's form."""
    return Notification(event.stream, event.version - 1, event.type, event.payload, id=event.position - OPENINGS)
