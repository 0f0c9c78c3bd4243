"""Erasures that are due: carried out once their cooling-off has ended, unless a legal hold stands.

The erasure is recorded first and only then are its keys destroyed, so that no key is ever gone without a word; whatever
comes between is made good in the next round, or at the next start. Nothing is kept of how far it came: the read model
says what is due, and an erasure that was carried out is carried out again as often as anybody likes.
"""

import asyncio
from typing import Final, Protocol
from uuid import UUID

import structlog

from domain.erasure.commands.carry_out_erasure import CarryOutErasure
from domain.kernel.actor import Actor, Role
from domain.kernel.refusal import Refusal
from domain.kernel.scope import Scope
from domain.kernel.words import ActorId, OdsCode, PersonId
from projections.engine.positions import OutdatedError
from projections.engine.queries import Asked, NotYetToldError, ReadModels
from projections.erasures.model import MODEL as ERASURES
from projections.erasures.queries import Due, list_due, newest_carried_out
from service.handling.desk import Desk
from service.handling.order import Order
from service.handling.refusals import StillRunning, TooContended
from service.handling.tasks.erasure import CARRY_OUT_ERASURE
from service.reading.queries import ReadModelsUnavailableError, reached
from service.store.ledger import LedgerUnavailableError
from service.store.sealing.erased import MadeGood

ROUND_SECONDS: Final = 1.0

_NAME: Final = "carry_out_erasure"
_CROWDED: Final = (StillRunning, TooContended)
_PASSING: Final[tuple[type[Exception], ...]] = (
    NotYetToldError,
    OutdatedError,  # until the erasures are told again
    ReadModelsUnavailableError,
    LedgerUnavailableError,
    *_CROWDED,
)

LOG = structlog.get_logger()


class MakesGood(Protocol):
    """Destroys what erasures name."""

    async def make_good(self) -> MadeGood:
        """Destroy every key that an erasure of the ledger names and that stands.

        Raises:
            LedgerUnavailableError: the database cannot be reached.
        """
        ...


class Eraser:
    """Carries out what is due, for as long as it runs."""

    def __init__(
        self,
        desk: Desk,
        read_models: ReadModels,
        erasures: MakesGood,
        actor: ActorId,
        *,
        seconds: float = ROUND_SECONDS,
    ) -> None:
        self._desk = desk
        self._read_models = read_models
        self._erasures = erasures
        self._actor = actor
        self._scope = Scope(Actor(actor, OdsCode(""), frozenset({Role.SYSTEM})), None)
        self._seconds = seconds
        self._made_good_at: int | None = None
        self._held_at: dict[UUID, int] = {}

    async def run(self) -> None:
        """Make a round again and again; what passes by itself is waited out."""
        before: type[Exception] | None = None
        while True:
            try:
                await self.make_round()
                before = None
            except _PASSING as error:
                if type(error) is not before:
                    LOG.warning("erasures are tried again", error=type(error).__name__)
                before = type(error)
            await asyncio.sleep(self._seconds)

    async def make_round(self) -> None:
        """Carry out what is due, and destroy what was carried out since the last round, by this process or another.

        Raises:
            NotYetToldError, OutdatedError, ReadModelsUnavailableError, LedgerUnavailableError: to be tried again.
        """
        now = await self._desk.time.now()
        async with reached(), self._read_models.at(self._scope, Asked(), ERASURES) as reading:
            due, newest = await list_due(reading, now), await newest_carried_out(reading)
            told = reading.position
        for each in due:
            if self._held_at.get(each.erasure) != told:  # else nothing has happened since it was held back
                newest = max(newest, await self._carry_out(each))
        self._held_at = {each.erasure: told for each in due}
        if self._made_good_at is None or newest > self._made_good_at:
            await self._erasures.make_good()
            self._made_good_at = newest

    async def _carry_out(self, due: Due) -> int:
        """The position of the event with which it was carried out; 0 where it was not."""
        order = Order(
            actor=Actor(self._actor, OdsCode(due.organisation), frozenset({Role.SYSTEM})),
            client=b"erasures",
            subject="erasures",
            fingerprint=_NAME.encode(),
        )
        command = CarryOutErasure(person=PersonId(due.person))
        try:
            receipt = await self._desk.change(order, CARRY_OUT_ERASURE, lambda _pen: command, stream=due.erasure)
        except _CROWDED:
            raise
        except Refusal as refusal:
            # It was taken back meanwhile.
            LOG.info("erasure not carried out", erasure=str(due.erasure), code=refusal.code)
            return 0
        if receipt.changed:
            LOG.info("erasure decided", erasure=str(due.erasure), position=receipt.position)
        return receipt.position
