"""Reactions: the worker reads the log in order, and where the domain says so gives the next command.

One process owns the reactions at a time (a lock, and an epoch that fences off an owner who lost it). A command is given
under a key made of the reaction, the position and the stream, so it takes effect once, however often it is tried; only
then does the position move. Nothing is skipped: what passes by itself is waited out, and any other error stops the
reactions where they are, which the log and `/_status` say.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from asyncpg import Connection

from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate
from domain.kernel.actor import Actor, Role
from domain.kernel.refusal import Refusal
from domain.kernel.streams import Kind
from domain.kernel.words import ActorId, OdsCode
from domain.reactions.all_reactions import REACTIONS
from domain.reactions.order import Order as Reacted
from domain.reactions.order import Reaction
from domain.reactions.told_by import told_by
from projections.engine.feed import Feed, Told
from projections.engine.keeper import TRANSIENT, StoppedError, said
from projections.engine.positions import Claim, Connect, FencedError, advance, claim, stop
from service.handling.desk import Desk
from service.handling.order import Order
from service.handling.refusals import StillRunning, TooContended
from service.handling.tasks.incident import BRING_DUTIES_UP_TO_DATE
from service.store.ledger import LedgerUnavailableError

_STANDBY_SECONDS: Final = 2.0
_PAUSE_SECONDS_MAX: Final = 5.0
_BATCH: Final = 500
_CROWDED: Final = (StillRunning, TooContended)
"""Others were faster again and again: the same order is due as before."""
_PASSING: Final[tuple[type[Exception], ...]] = (*TRANSIENT, LedgerUnavailableError, FencedError, *_CROWDED)
_SUBJECT: Final = "reactions"

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Named:
    """The name under which the position of the reactions is kept, beside those of the read models."""

    name: str = "reactions"


class Reactor:
    """Follows the log and gives the commands that reactions order, until it is cancelled."""

    def __init__(self, desk: Desk, feed: Feed, connect: Connect, actor: ActorId) -> None:
        self._desk = desk
        self._feed = feed
        self._connect = connect
        self._actor = actor

    async def run(self) -> None:
        """Own the reactions whenever nobody else does; a bad day of the database is waited out.

        Returns when an error stopped them: the next start tries again from where they stopped.
        """
        pause = 0.05
        while True:
            try:
                await self._own()
                pause = 0.05
                await asyncio.sleep(_STANDBY_SECONDS)
            except StoppedError as error:
                LOG.critical("reactions stopped", where=str(error))
                return
            except _PASSING as error:
                LOG.warning("reactions try again", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    async def _own(self) -> None:
        connection = await self._connect()
        try:
            held = await claim(connection, Named(), 1)
            if held is None:
                return
            await self._follow(connection, held)
        finally:
            await connection.close(timeout=2)

    async def _follow(self, connection: Connection, held: Claim) -> None:
        try:
            async for events in self._feed.follow(after=held.position, limit=_BATCH):
                await self._answer(events)
                async with connection.transaction():
                    await advance(connection, held, events[-1], changed=None)
                held = Claim(held.name, held.table_version, held.epoch, events[-1].position)
        except _PASSING:
            raise
        except Exception as error:
            message = said(error, held)
            await stop(connection, held, message)
            raise StoppedError(message) from error

    async def _answer(self, events: Sequence[Told]) -> None:
        for event in events:
            for reaction in REACTIONS:
                for order in reaction.react(event.fact, cases=event.cases):
                    await self._give(reaction, order, event)

    async def _give(self, reaction: Reaction, order: Reacted, event: Told) -> None:
        given = Order(
            actor=Actor(self._actor, OdsCode(event.organisation), frozenset({Role.SYSTEM})),
            client=b"reactions",
            subject=_SUBJECT,
            fingerprint=reaction.name.encode(),
            key=reaction.key(order, position=event.position),
        )
        streams = await self._desk.load_case(order.stream)
        told = told_by(fact for loaded in streams if loaded.kind is not Kind.INCIDENT for fact in loaded.facts)
        command = BringDutiesUpToDate(starts=told.starts, persons=told.persons, methods=told.methods)
        try:
            await self._desk.change(given, BRING_DUTIES_UP_TO_DATE, lambda _pen: command, stream=order.stream)
        except _CROWDED:
            raise
        except Refusal as refusal:
            # A case entered in error takes nothing more: the order is answered, and the log goes on.
            LOG.info("reaction refused", reaction=reaction.name, position=event.position, code=refusal.code)
