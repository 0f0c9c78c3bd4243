"""The one door to what the service knows: who asks, about which past, compared with which moment."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.kernel.actor import Actor, Role
from domain.kernel.scope import Scope
from domain.policy.clocks import local_day
from projections.engine.model import AnyReadModel
from projections.engine.pages import Cursor
from projections.engine.queries import Asked, KnownAt, ReadModels
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from projections.organisation_register.queries import list_commissioned, list_names
from service.reading.answering import Answering
from service.reading.opening import Opening
from service.reading.sight import Sight, sight_of
from service.store.codec import Codec
from service.store.ledger import Ledger
from service.store.sealing import Opener


class ReadModelsUnavailableError(Exception):
    """The database of the read models cannot be reached, or went away during the answer."""


class ProjectionNotAskedError(Exception):
    """The read model whose version was insisted on has no part in the answer; `names` are those that have."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


class OtherProjectionError(Exception):
    """Another version of a read model answers than the one that was insisted on."""

    def __init__(self, name: str, *, wanted: int, live: int) -> None:
        super().__init__(f"{name}:{wanted} was asked for, and {name}:{live} answers.")
        self.live = live


class Present(Protocol):
    """Tells the ledger's present."""

    async def now(self) -> datetime:
        """The present, in UTC."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Who asks, and how.

    `known_at`: about which past; `as_of`: the moment with which clocks are compared (default: the present; of the past,
    when its last event was recorded); `min_position`: wait until this event is told; a `cursor` brings its position;
    `projection`: the read model with the version that must answer.
    """

    actor: Actor
    known_at: KnownAt = None
    as_of: datetime | None = None
    min_position: int = 0
    cursor: Cursor | None = None
    projection: tuple[str, int] | None = None


@asynccontextmanager
async def reached() -> AsyncIterator[None]:
    """Say in one word that the database is away, whatever the driver calls it."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error, InterfaceError):
            raise ReadModelsUnavailableError from error
        raise
    except (OSError, PoolTimeoutError, InternalClientError) as error:
        raise ReadModelsUnavailableError from error


class Queries:
    """Answers questions: over the read models, and over the ledger itself.

    `codec` decodes events with their values sealed, `opener` opens those that the reader may read.
    """

    def __init__(self, read_models: ReadModels, ledger: Ledger, *, codec: Codec, opener: Opener, time: Present) -> None:
        self.ledger = ledger
        self.codec = codec
        self.opening = Opening(ledger, opener)
        self._read_models = read_models
        self._time = time

    async def sight(self, actor: Actor, *, min_position: int = 0) -> Sight:
        """What somebody sees today; whom a commissioner commissions is looked up in the register.

        Raises:
            NotYetToldError: the position asked for was not reached in time.
            OutdatedError: the register must be rebuilt.
            ReadModelsUnavailableError: the database cannot be reached.
        """
        if Role.COMMISSIONER not in actor.roles:
            return sight_of(actor)
        today = local_day(await self._time.now())
        asked = Asked(min_position=min_position)
        async with reached(), self._read_models.at(Scope(actor, None), asked, ORGANISATION_REGISTER) as reading:
            return sight_of(actor, await list_commissioned(reading, actor.organisation, on=today))

    @asynccontextmanager
    async def ask(self, question: Question, *models: AnyReadModel, register: bool = False) -> AsyncIterator[Answering]:
        """One answer over these read models; `register`: it is about organisations, not about their cases.

        Raises:
            NotYetToldError: the position asked for was not reached in time.
            OutdatedError: a read model must be rebuilt.
            OtherProjectionError, ProjectionNotAskedError: not the version that the question insists on.
            ReadModelsUnavailableError: the database cannot be reached.
        """
        async with reached(), self._asked(question, models, register=register) as answering:
            yield answering

    @asynccontextmanager
    async def _asked(
        self, question: Question, models: tuple[AnyReadModel, ...], *, register: bool
    ) -> AsyncIterator[Answering]:
        sight = await self.sight(question.actor, min_position=question.min_position)
        asked = Asked(known_at=question.known_at, min_position=question.min_position, cursor=question.cursor)
        scope = sight.register if register else sight.records
        needed = dict.fromkeys((*models, ORGANISATION_REGISTER))
        _assert_version(question.projection, needed)
        async with self._read_models.at(scope, asked, *needed) as reading:
            past = question.known_at is not None or question.cursor is not None
            as_of = question.as_of or (reading.recorded_at if past else None) or await self._time.now()
            names = await list_names(reading)
            answering = Answering(reading, sight, as_of=as_of, names=names, opening=self.opening)
            answering.shown.past = question.known_at is not None
            yield answering


def _assert_version(wanted: tuple[str, int] | None, models: Iterable[AnyReadModel]) -> None:
    if wanted is None:
        return
    name, version = wanted
    live = {model.name: model.version for model in models}
    if name not in live:
        raise ProjectionNotAskedError(sorted(live))
    if live[name] != version:
        raise OtherProjectionError(name, wanted=version, live=live[name])
