"""Replays that auditors ask for, kept until they are carried out, and their results until they expire.

Held by leases as what-if questions are: whoever finds a lease that ran out begins the replay again, since it gives the
same result each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.connect import Database, create_engine
from service.store.what_ifs.asked import KEPT_FOR, LEASE, TAKEOVERS_MOST, UNFINISHED_MOST, JobStatus
from service.store.what_ifs.jobs import KeyReusedError, TooManyAskedError

METADATA: Final = MetaData()
SCHEMA: Final = "audit"

_CONNECTIONS: Final = 2
_INSTANT: Final = DateTime(timezone=True)
_WORD: Final = Text(collation="C")
_UNFINISHED: Final = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)
_DEADLY: Final = "Those that carried it out ended again and again."

REPLAYS: Final = Table(
    "replays",
    METADATA,
    Column("id", Uuid, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("organisation", _WORD, nullable=False),
    Column("key", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("asked_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("model", _WORD, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("providers", ARRAY(Text)),
    Column("status", _WORD, nullable=False, server_default=text("'queued'")),
    Column("runner", Uuid),
    Column("leased_until", _INSTANT),
    Column("takeovers", Integer, nullable=False, server_default=text("0")),
    Column("events", BigInteger, nullable=False, server_default=text("0")),
    Column("result", JSONB),
    Column("failure", Text),
    Column("finished_at", _INSTANT),
    PrimaryKeyConstraint("id", name="replays_pkey"),
    UniqueConstraint("asked_by", "key", name="replays_asked_by_key"),
    CheckConstraint("status in ('queued', 'running', 'done', 'failed')", name="replays_status_check"),
    Index("replays_waiting_idx", "asked_at", postgresql_where=text("status in ('queued', 'running')")),
    schema=SCHEMA,
)
_JOBS: Final = REPLAYS.c
_EXPIRED: Final = func.coalesce(_JOBS.finished_at, _JOBS.asked_at) < func.now() - KEPT_FOR


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReplay:
    """A replay to be kept: who asks (and, where given, under which key), for which read model, up to which position.

    `providers`: of whose rows the keys may be told to who asks (None: of everybody's).
    """

    id: UUID
    asked_by: UUID
    organisation: str
    key: bytes | None
    body: bytes
    model: str
    position: int
    providers: Sequence[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """A replay as it stands; `events` of `position` are folded."""

    id: UUID
    asked_at: datetime
    model: str
    position: int
    providers: tuple[str, ...] | None
    status: JobStatus
    events: int
    result: Mapping[str, Any] | None
    failure: str | None
    finished_at: datetime | None

    @property
    def expires_at(self) -> datetime:
        """From when on nobody finds it any more."""
        return (self.finished_at or self.asked_at) + KEPT_FOR


def replays_in(database: Database) -> "Replays":
    """The replays of a database, as the role that keeps what can be made again; close them when done."""
    return Replays(create_engine(database.projector, connections=_CONNECTIONS, application="incident-ledger replays"))


class Replays:
    """Replays and their results. The connections of `engine` are those of the projector role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def aclose(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def ask(self, new: NewReplay) -> tuple[Replay, bool]:
        """Keep a replay; with False, or the one that was kept under this key before, with True.

        Raises:
            KeyReusedError: the key was used before with another body.
            TooManyAskedError: the organisation has to wait for its other replays.
        """
        async with self._engine.begin() as connection:
            known = await _known(connection, new)
            if known is not None:
                return known, True
            waiting = select(func.count()).where(_JOBS.organisation == new.organisation, _JOBS.status.in_(_UNFINISHED))
            if int(await connection.scalar(waiting.where(~_EXPIRED)) or 0) >= UNFINISHED_MOST:
                raise TooManyAskedError
            names = ("id", "asked_by", "organisation", "key", "body", "model", "position")
            values = {name: getattr(new, name) for name in names}
            values["providers"] = None if new.providers is None else list(new.providers)
            kept = upsert(REPLAYS).values(values).on_conflict_do_nothing().returning(*REPLAYS.c)
            row = (await connection.execute(kept)).mappings().first()
            if row is not None:
                return _replay(row), False
            known = await _known(connection, new)
            assert known is not None  # the same key was kept by somebody else in this very moment
            return known, True

    async def find(self, job: UUID, *, asked_by: UUID) -> Replay | None:
        """A replay of this person, unless it has expired."""
        async with self._engine.connect() as connection:
            found = select(REPLAYS).where(_JOBS.id == job, _JOBS.asked_by == asked_by, ~_EXPIRED)
            row = (await connection.execute(found)).mappings().first()
        return None if row is None else _replay(row)

    async def claim(self, runner: UUID) -> Replay | None:
        """Hold the replay that has waited longest, if there is one that nobody else holds."""
        lost = and_(_JOBS.status == JobStatus.RUNNING, _JOBS.leased_until < func.now())
        mine = and_(_JOBS.status == JobStatus.RUNNING, _JOBS.runner == runner)
        free = or_(_JOBS.status == JobStatus.QUEUED, lost, mine)
        oldest = select(_JOBS.id).where(free, ~_EXPIRED).order_by(_JOBS.asked_at, _JOBS.id).limit(1)
        held = (
            update(REPLAYS)
            .where(_JOBS.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
            .values(
                takeovers=_JOBS.takeovers + case((and_(lost, ~mine), 1), else_=0),
                status=JobStatus.RUNNING.value,
                runner=runner,
                leased_until=func.now() + LEASE,
                events=0,
            )
            .returning(*REPLAYS.c)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(held)).mappings().first()
        if row is not None and row["takeovers"] > TAKEOVERS_MOST:
            await self.fail(row["id"], runner, _DEADLY)
            return None
        return None if row is None else _replay(row)

    async def keep(self, job: UUID, runner: UUID, events: int) -> bool:
        """Say how far it is, and hold it for so long again; False: somebody else holds it now."""
        return await self._write(job, runner, events=events, leased_until=func.now() + LEASE)

    async def finish(self, job: UUID, runner: UUID, result: Mapping[str, Any]) -> None:
        """It is done (nothing happens where somebody else holds it)."""
        await self._end(job, runner, JobStatus.DONE, result=dict(result))

    async def fail(self, job: UUID, runner: UUID, failure: str) -> None:
        """It cannot be carried out, for a reason that holds no personal value."""
        await self._end(job, runner, JobStatus.FAILED, failure=failure)

    async def release(self, job: UUID, runner: UUID) -> None:
        """Let another runner begin at once."""
        await self._write(job, runner, status=JobStatus.QUEUED.value, runner=None, leased_until=None)

    async def forget_expired(self) -> None:
        """Delete what nobody finds any more."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(REPLAYS).where(_EXPIRED))

    async def _end(self, job: UUID, runner: UUID, status: JobStatus, **values: Any) -> None:
        await self._write(job, runner, status=status.value, finished_at=func.now(), leased_until=None, **values)

    async def _write(self, job: UUID, holder: UUID, **values: Any) -> bool:
        held: ColumnElement[bool] = and_(_JOBS.id == job, _JOBS.runner == holder, _JOBS.status == JobStatus.RUNNING)
        async with self._engine.begin() as connection:
            written = update(REPLAYS).where(held).values(values).returning(_JOBS.id)
            return (await connection.execute(written)).first() is not None


async def _known(connection: AsyncConnection, new: NewReplay) -> Replay | None:
    """The replay that was kept under the same key."""
    if new.key is None:
        return None
    asked = select(REPLAYS).where(_JOBS.asked_by == new.asked_by, _JOBS.key == new.key)
    row = (await connection.execute(asked)).mappings().first()
    if row is not None and row["body"] != new.body:
        raise KeyReusedError
    return None if row is None else _replay(row)


def _replay(row: RowMapping) -> Replay:
    providers = row["providers"]
    return Replay(
        id=row["id"],
        asked_at=row["asked_at"],
        model=row["model"],
        position=row["position"],
        providers=None if providers is None else tuple(providers),
        status=JobStatus(row["status"]),
        events=row["events"],
        result=row["result"],
        failure=row["failure"],
        finished_at=row["finished_at"],
    )
