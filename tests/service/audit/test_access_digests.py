"""The access log is committed to the ledger once a period, in one line, by whoever comes first; a changed one is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typing_extensions import override

from domain.kernel.actor import Actor, Role
from domain.kernel.scope import Scope
from domain.kernel.streams import LEDGER_STREAM, access_day_stream
from domain.kernel.words import ActorId, OdsCode
from domain.ledger.commands.move_clock import MoveClock
from domain.ledger.events import Clock
from domain.policy.clocks import local_day
from service.bootstrap import AGGREGATES
from service.handling.desk import Desk
from service.handling.tasks.ground import LEDGER_OWNER, MOVE_CLOCK
from service.handling.time import LedgerTime
from service.reading.audit.shown import ShownCases
from service.reading.events import event_line
from service.store.access.checking import check_access_log
from service.store.access.log import AccessLog
from service.store.codec import Codec
from service.store.ledger import Ledger, LedgerUnavailableError
from service.worker.digesting import AccessLogChangedError, Digester
from tests.support.audit.access import a_read, access_log_in
from tests.support.decisions import an_actor, an_id
from tests.support.desks import a_desk, system
from tests.support.running.database import Database
from tests.support.running.ledgers import postgres_ledger
from tests.support.running.postgres import EMBEDDED, Server

SYSTEM = Actor(ActorId(an_id(1)), LEDGER_OWNER, frozenset({Role.SYSTEM}))


class AnotherDay(LedgerTime):
    """A clock that is some days ahead."""

    ahead = timedelta()

    @override
    async def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Stand:
    """A ledger with an access log, and a desk at it."""

    database: Database
    desk: Desk
    log: AccessLog

    def digester(self, desk: Desk | None = None) -> Digester:
        """A worker that has just started."""
        return Digester(desk or self.desk, self.log, SYSTEM, Codec(AGGREGATES), seconds=0.01)

    async def read(self, times: int = 1) -> None:
        """Somebody reads."""
        for _ in range(times):
            await self.log.append(a_read())

    async def digests(self) -> list[tuple[int, int]]:
        """The stretches that stand in the ledger, in order."""
        codec, events = Codec(AGGREGATES), await self.desk.ledger.read_all(after=0, limit=500)
        facts = [codec.decode(event) for event in events if event.type == "access_log.digested.v1"]
        return [(fact.from_number, fact.to_number) for fact in facts]


@asynccontextmanager
async def a_stand(server: Server, **changes: Any) -> AsyncIterator[Stand]:
    database = server.new_database()
    async with postgres_ledger(database) as ledger, access_log_in(database) as log:
        yield Stand(database, await a_desk(ledger, **changes), log)


@pytest.fixture
async def stand(servers: dict[int, Server]) -> AsyncIterator[Stand]:
    """A ledger in which nobody has read yet."""
    async with a_stand(servers[EMBEDDED]) as made:
        yield made


async def test_where_nobody_read_nothing_is_committed_to(stand: Stand) -> None:
    before = await stand.desk.ledger.head()

    assert await stand.digester().digest() is None
    assert await stand.desk.ledger.head() == before


async def test_each_digest_goes_on_where_the_last_one_ended_also_after_a_restart(stand: Stand) -> None:
    digester = stand.digester()
    for reads in (3, 1):
        await stand.read(reads)
        await digester.digest()
    await digester.digest()
    await stand.read(2)
    await stand.digester().digest()

    assert await stand.digests() == [(1, 3), (4, 4), (5, 6)]
    connection = await stand.database.reader()
    checked = await check_access_log(connection)
    await connection.close()
    assert (checked.records, checked.digested_to, checked.tail, checked.damage) == (6, 6, 0, None)


async def test_the_digests_of_a_day_stand_in_one_stream_of_the_ledgers_own(stand: Stand) -> None:
    await stand.read()
    await stand.digester().digest()

    today = access_day_stream(local_day(datetime.now(UTC)))
    events = await stand.desk.ledger.read_stream(today)
    assert [event.type for event in events] == ["access_log.day_begun.v1", "access_log.digested.v1"]
    assert {(event.organisation, event.actor, event.cases) for event in events} == {("LEDGER", SYSTEM.id, ())}


async def test_every_reader_of_the_log_sees_the_digests(stand: Stand) -> None:
    await stand.read()
    await stand.digester().digest()
    nobody, shown = Scope(an_actor(Role.REGULATOR), frozenset[OdsCode]()), ShownCases()

    [*_, digested] = await stand.desk.ledger.read_all(after=0, limit=500)

    assert b"access_log.digested.v1" in event_line(digested, nobody, shown)
    assert not shown


async def test_two_workers_at_once_commit_to_each_record_once(stand: Stand) -> None:
    workers = [stand.digester(), stand.digester()]
    for reads in (2, 3, 1):
        await stand.read(reads)
        await asyncio.gather(*(worker.digest() for worker in workers))
    for worker in workers:
        await worker.digest()

    assert _in_one_line(await stand.digests(), 6)


async def test_two_workers_on_the_two_sides_of_midnight_commit_to_each_record_once(stand: Stand) -> None:
    tomorrow = AnotherDay(stand.desk.ledger, simulated=False)
    tomorrow.ahead = timedelta(days=1)
    ahead = Desk(stand.desk.ledger, stand.desk.book, stand.desk.policy, tomorrow)
    today, late = stand.digester(), stand.digester(ahead)
    await stand.read()
    await today.digest()
    await late.digest()
    await stand.read()
    await late.digest()
    await stand.read()

    refused = await today.digest()  # it still means to go on after the first record, and today
    await today.digest()

    assert refused is None
    assert await stand.digests() == [(1, 1), (2, 2), (3, 3)]
    assert len(await stand.desk.ledger.read_stream(access_day_stream(local_day(await tomorrow.now())))) == 3


class AnswerLost:
    """A ledger whose next answer to an append never arrives, though the append stands."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def append(self, request: Any) -> Any:
        await self._ledger.append(request)
        raise LedgerUnavailableError("the answer was lost")


async def test_a_digest_whose_answer_was_lost_is_not_made_again(stand: Stand) -> None:
    deaf: Any = AnswerLost(stand.desk.ledger)
    lost = Desk(deaf, stand.desk.book, stand.desk.policy, stand.desk.time)
    digester = stand.digester()
    await stand.read(2)
    with pytest.raises(LedgerUnavailableError):
        await stand.digester(lost).digest()

    await digester.digest()
    await stand.read()
    await digester.digest()

    assert await stand.digests() == [(1, 2), (3, 3)]


async def test_the_last_digest_is_found_however_long_nobody_read(servers: dict[int, Server]) -> None:
    async with a_stand(servers[EMBEDDED], clock=Clock.SIMULATED) as stand:
        await stand.read(2)
        await stand.digester().digest()
        later = MoveClock(to_at=datetime.now(UTC) + timedelta(days=300))
        await stand.desk.change(system(), MOVE_CLOCK, lambda _pen: later, stream=LEDGER_STREAM)
        await stand.read()

        await stand.digester().digest()

        assert await stand.digests() == [(1, 2), (3, 3)]
        assert len(await stand.desk.ledger.read_stream(access_day_stream(local_day(later.to_at)))) == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("update access.reads set purpose = 'care' where number = 3", "record 3"),
        ("delete from access.reads where number = 3", "record 3"),
        ("delete from access.reads where number >= 2", "before record 2"),
    ],
)
async def test_a_log_that_was_changed_is_not_committed_to(stand: Stand, change: str, place: str) -> None:
    digester = stand.digester()
    await stand.read(2)
    await digester.digest()
    await stand.read(2)
    owner = await stand.database.connect("owner")
    await owner.execute(f"alter table access.reads disable trigger refuse_change; {change}")
    await owner.close()

    for each in (digester, stand.digester()):
        with pytest.raises(AccessLogChangedError, match=place):
            await each.digest()
    assert await stand.digests() == [(1, 2)]


async def test_the_worker_goes_on_after_a_bad_day_of_the_database(stand: Stand) -> None:
    await stand.read()
    digester = stand.digester()
    failing = iter([LedgerUnavailableError("away"), AccessLogChangedError("once")])
    digest = digester.digest

    async def troubled() -> Any:
        for error in failing:
            raise error
        return await digest()

    digester.digest = troubled  # type: ignore[method-assign]  # the first two times go wrong
    running = asyncio.create_task(digester.run())
    for _ in range(500):
        if await stand.digests():
            break
        await asyncio.sleep(0.01)
    running.cancel()

    assert await stand.digests() == [(1, 1)]


def _in_one_line(digests: list[tuple[int, int]], last: int) -> bool:
    begins = [0, *(to_number for _, to_number in digests)]
    return begins[-1] == last and [from_number for from_number, _ in digests] == [each + 1 for each in begins[:-1]]
