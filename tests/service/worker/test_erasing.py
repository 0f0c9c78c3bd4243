"""Erasures that are due are carried out in rounds: recorded first, destroyed after it, made good whatever comes between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from domain.erasure.commands.approve_erasure import COOLING_OFF
from domain.erasure.commands.withdraw_erasure import WithdrawErasure
from domain.incident.commands.release_legal_hold import ReleaseLegalHold
from domain.kernel.actor import Role
from domain.kernel.words import ActorId, HoldId, PersonId
from projections.engine.follower import Follower
from projections.engine.queries import ReadModels
from projections.erasures.model import MODEL as ERASURES
from service.handling.order import Receipt
from service.handling.pen import Pen
from service.handling.tasks.erasure import WITHDRAW_ERASURE
from service.handling.tasks.incident import RELEASE_LEGAL_HOLD
from service.store.codec import Codec
from service.store.ledger import LedgerUnavailableError
from service.store.sealing.destroying import PostgresDestroyer
from service.store.sealing.erased import Erasures, MadeGood
from service.store.sealing.journal import ErasedKeys
from service.worker.erasing import Eraser
from service.worker.feed import LedgerFeed
from tests.projections.engine.database import EngineDatabase
from tests.service.handling.test_erasing import MovableTime, Stand
from tests.support.desks import a_desk, an_order
from tests.support.running.ledgers import postgres_ledger
from tests.support.running.postgres import EMBEDDED, Server

SYSTEM = ActorId(UUID(int=1))


class Destruction:
    """What destroys keys: it counts how often it is asked to, and is away as often as it is told."""

    def __init__(self, erasures: Erasures) -> None:
        self.asked, self.away = 0, 0
        self._erasures = erasures

    async def make_good(self) -> MadeGood:
        self.asked += 1
        if self.away:
            self.away -= 1
            raise LedgerUnavailableError
        return await self._erasures.make_good()


class Rounds:
    """A desk with an approved erasure, the read model that tells of it, and whoever carries it out."""

    def __init__(
        self, stand: Stand, database: EngineDatabase, read_models: ReadModels, destruction: Destruction
    ) -> None:
        self.stand, self.database, self.destruction = stand, database, destruction
        self.read_models = read_models
        self._follower: Follower | None = None
        self.eraser = self.another()
        self.incident, self.person = UUID(int=0), PersonId(UUID(int=0))

    def another(self) -> Eraser:
        return Eraser(self.stand.desk, self.read_models, self.destruction, SYSTEM, seconds=0.01)

    async def begin(self) -> Receipt:
        self.incident = await self.stand.begin()
        self.person = await self.stand.names(self.incident)
        erasure = await self.stand.asks(self.incident, self.person)
        await self.stand.approves(erasure, self.person)
        return erasure

    async def tell(self) -> None:
        """Let the read model catch up."""
        self._follower = self._follower or await self.database.follower(ERASURES)
        feed = LedgerFeed(self.stand.desk.ledger, Codec())
        while events := await feed.read(after=self._follower.held.position, limit=100):
            await self._follower.take(events)

    def later(self) -> None:
        self.stand.time.later = COOLING_OFF + timedelta(seconds=1)

    async def types(self, erasure: Receipt) -> list[str]:
        return [event.type.split(".")[1] for event in await self.stand.desk.ledger.read_stream(erasure.stream)]

    async def standing(self) -> list[UUID]:
        return await self.stand.desk.ledger.standing_keys(self.person)


@pytest.fixture
async def rounds(servers: dict[int, Server], tmp_path: Path) -> AsyncIterator[Rounds]:
    made = servers[EMBEDDED].new_database()
    database = EngineDatabase(made)
    engine = create_async_engine(database.reader_url())
    async with postgres_ledger(made) as ledger:
        time: Any = MovableTime(ledger)
        desk = await a_desk(ledger, time=time)
        erasures = Erasures(
            reader=made.reader,
            owner=made.connect,
            destroyer=PostgresDestroyer(made.writer),
            journal=ErasedKeys(tmp_path / "keys"),
        )
        stand: Any = Stand(desk, ledger, time)  # type: ignore[arg-type]  # the same in a database
        yield Rounds(stand, database, ReadModels(engine, LedgerFeed(ledger, Codec())), Destruction(erasures))
    await engine.dispose()
    await database.close()


async def test_what_is_due_is_recorded_then_destroyed(rounds: Rounds) -> None:
    erasure = await rounds.begin()
    await rounds.tell()
    await rounds.eraser.make_round()
    assert (await rounds.types(erasure), len(await rounds.standing())) == (["requested", "approved"], 1)

    rounds.later()
    await rounds.eraser.make_round()

    assert await rounds.types(erasure) == ["requested", "approved", "carried_out"]
    assert await rounds.standing() == []


async def test_a_destruction_that_failed_is_made_good_in_the_next_round(rounds: Rounds) -> None:
    erasure = await rounds.begin()
    await rounds.tell()
    await rounds.eraser.make_round()
    rounds.later()
    rounds.destruction.away = 1
    with pytest.raises(LedgerUnavailableError):
        await rounds.eraser.make_round()
    assert (await rounds.types(erasure))[-1] == "carried_out"
    assert await rounds.standing()

    await rounds.tell()
    await rounds.eraser.make_round()
    assert await rounds.standing() == []
    assert (await rounds.types(erasure)).count("carried_out") == 1


async def test_what_another_process_recorded_and_did_not_destroy_is_made_good(rounds: Rounds) -> None:
    await rounds.begin()
    await rounds.tell()
    await rounds.eraser.make_round()
    rounds.later()
    rounds.destruction.away = 1
    with suppress(LedgerUnavailableError):
        await rounds.another().make_round()
    await rounds.tell()

    await rounds.eraser.make_round()
    assert await rounds.standing() == []


async def test_without_news_nothing_is_destroyed_again(rounds: Rounds) -> None:
    await rounds.begin()
    rounds.later()
    await rounds.tell()
    await rounds.eraser.make_round()
    await rounds.tell()
    asked = rounds.destruction.asked
    await rounds.eraser.make_round()
    await rounds.eraser.make_round()

    assert rounds.destruction.asked == asked


async def test_what_is_held_back_waits_and_goes_on_once_the_hold_is_released(rounds: Rounds) -> None:
    erasure = await rounds.begin()
    await rounds.stand.keeps(rounds.incident)
    rounds.later()
    for _ in range(3):
        await rounds.tell()
        await rounds.eraser.make_round()
    assert await rounds.types(erasure) == ["requested", "approved", "held"]
    assert await rounds.standing()

    [hold] = (await rounds.stand.desk.load_case(rounds.incident))[0].aggregate.legal_holds.placed

    def released(pen: Pen) -> ReleaseLegalHold:
        return ReleaseLegalHold(hold=HoldId(hold), reason=pen.narrative("Settled."))

    order = an_order(Role.DATA_PROTECTION_OFFICER, number=44)
    await rounds.stand.desk.change(order, RELEASE_LEGAL_HOLD, released, stream=rounds.incident)
    await rounds.tell()
    await rounds.eraser.make_round()
    assert await rounds.types(erasure) == ["requested", "approved", "held", "carried_out"]
    assert await rounds.standing() == []


async def test_what_was_taken_back_before_the_read_model_told_of_it_is_left_alone(rounds: Rounds) -> None:
    erasure = await rounds.begin()
    await rounds.tell()
    rounds.later()

    def withdrawn(pen: Pen) -> WithdrawErasure:
        return WithdrawErasure(person=rounds.person, reasons=pen.narrative("A mistake."))

    order = an_order(Role.DATA_PROTECTION_OFFICER, number=21)
    await rounds.stand.desk.change(order, WITHDRAW_ERASURE, withdrawn, stream=erasure.stream)
    await rounds.eraser.make_round()

    assert (await rounds.types(erasure))[-1] == "withdrawn"
    assert await rounds.standing()


async def test_a_bad_day_is_waited_out_and_said_once(rounds: Rounds) -> None:
    await rounds.begin()
    rounds.later()
    await rounds.tell()
    rounds.destruction.away = 3
    with capture_logs() as said:
        running = asyncio.create_task(rounds.eraser.run())
        while await rounds.standing():  # noqa: ASYNC110 - it is what is waited for
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    warnings = [each for each in said if each["log_level"] == "warning"]
    assert [each["error"] for each in warnings] == ["LedgerUnavailableError"]
    assert rounds.destruction.asked == 4
