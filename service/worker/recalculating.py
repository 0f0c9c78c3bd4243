"""Another calendar than the one that clocks were dated by: at each start their cases are looked for, and told of it.

A proclaimed bank holiday, or a newer list, comes with a start of the program. Whatever happens in a case dates its
clocks anew; this goes once through those cases in which nothing happens. The read model of the clocks says which they
are, and only where the new calendar gives another moment is a case loaded. Cases are told one after the other, the one
that is due soonest first, so that people's commands find room between them.

Nothing is kept of how far it came: whoever starts again finds those cases that are left. Two processes may do it at the
same time, since a case that was told already records nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Subquery

from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate
from domain.kernel.actor import Actor, Role
from domain.kernel.refusal import Refusal
from domain.kernel.scope import Scope
from domain.kernel.streams import Kind
from domain.kernel.words import ActorId, Code, OdsCode
from domain.kernel.working_days import Calendar
from domain.policy.clocks import due_at
from domain.policy.edition import Unit
from domain.reactions.told_by import told_by
from projections.engine.positions import OutdatedError
from projections.engine.queries import Asked, NotYetToldError, ReadModels
from projections.timeliness.model import MODEL as TIMELINESS
from projections.timeliness.queries import SOONEST_FIRST
from projections.timeliness.rows import ClockRow
from service.handling.desk import Desk
from service.handling.order import Order, Receipt
from service.handling.refusals import StillRunning, TooContended
from service.handling.tasks.incident import BRING_DUTIES_UP_TO_DATE
from service.reading.queries import ReadModelsUnavailableError, reached
from service.store.ledger import LedgerUnavailableError

_FIRST_PAUSE_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 5.0
_NAME: Final = "follow_calendar"
_CROWDED: Final = (StillRunning, TooContended)
_PASSING: Final[tuple[type[Exception], ...]] = (
    NotYetToldError,
    OutdatedError,  # until the clocks are built again
    ReadModelsUnavailableError,
    LedgerUnavailableError,
    *_CROWDED,
)

LOG = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Affected:
    """A case with a clock that may be due at another moment, and whose it is."""

    case: UUID
    organisation: OdsCode


class Clocks(Protocol):
    """Knows of every clock how it was dated."""

    async def affected_by(self, calendar: Calendar, *, since: int) -> Sequence[Affected]:
        """The cases with an open clock that this calendar may date otherwise, the one that is due soonest first.

        `since` is a position that must have been told.

        Raises:
            NotYetToldError, OutdatedError, ReadModelsUnavailableError: that cannot be said now.
        """
        ...


class ToldClocks:
    """The clocks as the read model tells them."""

    def __init__(self, read_models: ReadModels, actor: Actor) -> None:
        self._read_models = read_models
        self._scope = Scope(actor, None)

    async def affected_by(self, calendar: Calendar, *, since: int) -> Sequence[Affected]:
        """As the port says."""
        found: dict[Affected, None] = {}
        async with reached(), self._read_models.at(self._scope, Asked(min_position=since), TIMELINESS) as reading:
            open_clocks = _open(reading.view(TIMELINESS), calendar.version)
            async for clock in reading.each(TIMELINESS, *open_clocks, order=SOONEST_FIRST):
                if _may_move(clock.row, calendar):
                    found[Affected(clock.row.incident_id, OdsCode(clock.row.organisation))] = None
        return tuple(found)


def _open(view: Subquery, version: Code) -> tuple[ColumnElement[bool], ...]:
    clock = view.c
    counts_working_days, by_another = clock.unit == Unit.WORKING_DAYS.value, clock.calendar != version
    return counts_working_days, by_another, clock.met_at.is_(None), clock.set_aside.is_(False), clock.extensions == 0


def _may_move(row: ClockRow, calendar: Calendar) -> bool:
    """Of a clock that was stopped the row does not say how long: its case does."""
    plain = due_at(Unit.WORKING_DAYS, row.length, started_at=row.started_at, calendar=calendar)
    return row.pauses > 0 or plain != row.due_at


class Recalculator:
    """Tells the cases whose clocks another calendar dates otherwise, once."""

    def __init__(self, desk: Desk, clocks: Clocks, actor: ActorId) -> None:
        self._desk = desk
        self._clocks = clocks
        self._actor = actor

    async def run(self) -> None:
        """Go through them all; what passes by itself is waited out, and what was done is done when it is cancelled."""
        calendar = self._desk.policy.calendar
        since = (await _patiently(self._desk.ledger.head)).position
        affected = await _patiently(partial(self._clocks.affected_by, calendar, since=since))
        moved = 0
        for each in affected:
            moved += await _patiently(partial(self._tell, each))
        LOG.info("clocks follow the calendar", calendar=calendar.version, cases=len(affected), changed=moved)

    async def _tell(self, affected: Affected) -> bool:
        """Whether the case recorded something new."""
        streams = await self._desk.load_case(affected.case)
        own = next(loaded for loaded in streams if loaded.kind is Kind.INCIDENT)
        told = told_by(fact for loaded in streams if loaded.kind is not Kind.INCIDENT for fact in loaded.facts)
        # The version is part of the key: a calendar that comes back after another is a change like the first.
        order = Order(
            actor=Actor(self._actor, affected.organisation, frozenset({Role.SYSTEM})),
            client=b"calendar",
            subject="calendar",
            fingerprint=_NAME.encode(),
            key=f"{_NAME}/{self._desk.policy.calendar.version}/{affected.case}/{own.version}",
        )
        command = BringDutiesUpToDate(starts=told.starts, persons=told.persons, methods=told.methods)
        try:
            receipt: Receipt = await self._desk.change(
                order, BRING_DUTIES_UP_TO_DATE, lambda _pen: command, stream=affected.case
            )
        except _CROWDED:
            raise
        except Refusal as refusal:
            # A case entered in error meanwhile has no clocks any more.
            LOG.info("clocks do not follow the calendar", case=str(affected.case), code=refusal.code)
            return False
        return receipt.changed and not receipt.replayed


async def _patiently(act: Callable[[], Awaitable[T]]) -> T:
    pause = _FIRST_PAUSE_SECONDS
    before: type[Any] | None = None
    while True:
        try:
            return await act()
        except _PASSING as error:
            if type(error) is not before:
                LOG.warning("clocks follow the calendar later", error=type(error).__name__)
            before = type(error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
