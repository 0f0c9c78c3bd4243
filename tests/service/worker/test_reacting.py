"""The reactions: given in order, never lost to a crowd, and never ended without a word."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import pytest
from asyncpg import Connection

from domain.kernel.streams import Kind
from domain.kernel.words import ActorId, IncidentId, ResponseId
from domain.learning_response.commands.commission_response import CommissionResponse
from domain.learning_response.events import Method
from projections.engine.positions import RUNNING, STOPPED
from service.bootstrap import AGGREGATES
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.refusals import TooContended
from service.handling.tasks.incident import BRING_DUTIES_UP_TO_DATE
from service.handling.tasks.learning_response import COMMISSION_RESPONSE
from service.store.codec import Codec
from service.store.ledger import LedgerBusyError
from service.worker.feed import LedgerFeed
from service.worker.reacting import Reactor
from tests.support.desks import a_desk, an_order, report

PATIENCE = 5.0
SYSTEM = ActorId(UUID(int=1))


class Position:
    """The row that keeps how far the reactions are, reached through as many connections as are opened."""

    def __init__(self) -> None:
        self.position = 0
        self.epoch = 0
        self.status = RUNNING
        self.message: str | None = None
        self.moved = asyncio.Event()
        self.taken_over = 0

    async def connect(self) -> Connection:
        """One more connection."""
        return cast("Connection", Fake(self))


class Fake:
    """What the reactor asks of a connection."""

    def __init__(self, kept: Position) -> None:
        self.kept = kept

    async def fetchval(self, _sql: str, *_values: Any) -> bool:
        """The lock is free."""
        return True

    async def fetchrow(self, _sql: str, *_values: Any) -> dict[str, int]:
        """Claim the row."""
        self.kept.epoch += 1
        return {"epoch": self.kept.epoch, "position": self.kept.position}

    async def execute(self, sql: str, *values: Any) -> str:
        """Move or stop the row."""
        if "position = $5" in sql:
            if self.kept.taken_over:
                self.kept.taken_over -= 1
                return "UPDATE 0"
            self.kept.position = values[4]
            self.kept.moved.set()
        else:
            self.kept.status, self.kept.message = values[3], values[4]
        return "UPDATE 1"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing is rolled back here."""
        yield

    async def close(self, *, timeout: float) -> None:  # noqa: ASYNC109 - as the driver has it
        """Nothing to close."""


class Troubled(Desk):
    """A desk at which the first of the system's orders meet trouble."""

    def trouble(self, *errors: Exception) -> None:
        self.ahead = list(errors)

    async def change(self, order: Any, task: Any, make: Any, **more: Any) -> Any:
        if task is BRING_DUTIES_UP_TO_DATE and self.ahead:
            raise self.ahead.pop(0)
        return await super().change(order, task, make, **more)


def a_psii(incident: UUID) -> Callable[[Pen], CommissionResponse]:
    def make(pen: Pen) -> CommissionResponse:
        return CommissionResponse(
            response=ResponseId(pen.stream),
            incidents=(IncidentId(incident),),
            method=Method.PSII,
            reason=pen.narrative("A national priority."),
            alternatives=(),
        )

    return make


async def a_case(*errors: Exception) -> tuple[Troubled, UUID]:
    """A case in which a learning response was just commissioned: PSIRF-06 is yet to be opened by a reaction."""
    plain = await a_desk()
    desk = Troubled(plain.ledger, plain.book, plain.policy, plain.time)
    desk.trouble(*errors)
    incident = (await report(desk, an_order())).stream
    await desk.begin(an_order(), COMMISSION_RESPONSE, a_psii(incident), stream=new_id())
    return desk, incident


def reactor_of(desk: Desk, kept: Position) -> Reactor:
    return Reactor(desk, LedgerFeed(desk.ledger, Codec(AGGREGATES)), kept.connect, SYSTEM)


async def rules_of(desk: Desk, incident: UUID) -> set[str]:
    own = next(loaded for loaded in await desk.load_case(incident) if loaded.kind is Kind.INCIDENT)
    return {duty.terms.rule for duty in own.aggregate.duties.values()}


@asynccontextmanager
async def running(reactor: Reactor) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(reactor.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("trouble", [(), (TooContended(),), (LedgerBusyError(),)], ids=["none", "a crowd", "a rush"])
async def test_an_order_is_given_whatever_passes_by_itself(trouble: tuple[Exception, ...]) -> None:
    kept = Position()
    desk, incident = await a_case(*trouble)

    async with running(reactor_of(desk, kept)), asyncio.timeout(PATIENCE):
        await kept.moved.wait()

    assert "PSIRF-06" in await rules_of(desk, incident)


async def test_an_owner_who_was_fenced_off_stands_by_and_goes_on_later() -> None:
    kept = Position()
    kept.taken_over = 1
    desk, incident = await a_case()

    async with running(reactor_of(desk, kept)), asyncio.timeout(PATIENCE):
        await kept.moved.wait()

    assert kept.epoch > 1
    assert "PSIRF-06" in await rules_of(desk, incident)


async def test_an_unexpected_error_stops_the_reactions_where_they_are_and_is_said() -> None:
    kept = Position()
    desk, _ = await a_case(KeyError("Pat Example"))

    async with running(reactor_of(desk, kept)) as task, asyncio.timeout(PATIENCE):
        await task

    assert (kept.status, kept.position) == (STOPPED, 0)
    assert kept.message == "KeyError after position 0"
