"""Questions are kept here until they are answered, and answers until they expire: any process asks, carries out, tells.

A runner holds a question by a lease that every step renews. Whoever finds a lease that ran out goes on after the last
step, which was kept together with its rows; what a runner that lost its lease would still write is turned away.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Update, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.store.connect import Database, create_engine
from service.store.what_ifs.asked import (
    KEPT_FOR,
    LEASE,
    TAKEOVERS_MOST,
    UNFINISHED_MOST,
    JobStatus,
    NewWhatIf,
    ResultList,
    ResultRow,
    Step,
    WhatIf,
    question_in,
)
from service.store.what_ifs.tables import ROWS, WHAT_IFS

_CONNECTIONS: Final = 2
_STREAMED_AT_ONCE: Final = 500
_UNFINISHED: Final = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)
_JOBS: Final = WHAT_IFS.c
_DEADLY: Final = "Those that carried it out ended again and again."
_Conditions = list[ColumnElement[bool]]
_EXPIRED: Final = func.coalesce(_JOBS.finished_at, _JOBS.asked_at) < func.now() - KEPT_FOR


class TooManyAskedError(Exception):
    """The organisation has as many questions waiting or running as it may have."""


class KeyReusedError(Exception):
    """The idempotency key was used before with another question."""


def what_ifs_in(database: Database) -> "WhatIfs":
    """The questions of a database, as the role that keeps what can be made again; close them when done."""
    return WhatIfs(create_engine(database.projector, connections=_CONNECTIONS, application="incident-ledger what-if"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Which rows of a result: those of a list, of one incident, one rule, one kind of difference (None: of any)."""

    list: ResultList
    incident: UUID | None = None
    rule: str | None = None
    difference: str | None = None

    def where(self, job: UUID) -> "_Conditions":
        """The conditions, for the result of one question."""
        wanted = {"incident": self.incident, "rule": self.rule, "difference": self.difference}
        named = [ROWS.c[name] == value for name, value in wanted.items() if value is not None]
        return [ROWS.c.what_if == job, ROWS.c.list == self.list.value, *named]


class WhatIfs:
    """What-if questions and their results. The connections of `engine` are those of the projector role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def aclose(self) -> None:
        """Close the connections."""
        await self.engine.dispose()

    async def ask(self, new: NewWhatIf) -> tuple[WhatIf, bool]:
        """Keep a question; with False, or the one that was kept under this key before, with True.

        Raises:
            KeyReusedError: the key was used before with another body.
            TooManyAskedError: the organisation has to wait for its other questions.
        """
        async with self.engine.begin() as connection:
            known = await _known(connection, new)
            if known is not None:
                return known, True
            waiting = select(func.count()).where(_JOBS.organisation == new.organisation, _JOBS.status.in_(_UNFINISHED))
            if int(await connection.scalar(waiting.where(~_EXPIRED)) or 0) >= UNFINISHED_MOST:
                raise TooManyAskedError
            values = {
                "id": new.id,
                "asked_by": new.asked_by,
                "organisation": new.organisation,
                "key": new.key,
                "body": new.body,
                "question": new.question.stored(),
                "providers": list(new.providers),
                "position": new.position,
                "as_of": new.as_of,
            }
            kept = upsert(WHAT_IFS).values(values).on_conflict_do_nothing().returning(*WHAT_IFS.c)
            row = (await connection.execute(kept)).mappings().first()
            if row is not None:
                return _what_if(row), False
            known = await _known(connection, new)
            assert known is not None  # the same key was kept by somebody else in this very moment
            return known, True

    async def find(self, job: UUID, *, asked_by: UUID) -> WhatIf | None:
        """A question of this person, unless it has expired."""
        found = select(WHAT_IFS).where(_JOBS.id == job, _JOBS.asked_by == asked_by, ~_EXPIRED)
        async with self.engine.connect() as connection:
            row = (await connection.execute(found)).mappings().first()
        return None if row is None else _what_if(row)

    async def claim(self, runner: UUID, *, policy: str) -> WhatIf | None:
        """Hold the question that has waited longest, if there is one that nobody else holds.

        What was found so far is kept where it was found by the same policy; otherwise the question begins again.
        """
        lost = and_(_JOBS.status == JobStatus.RUNNING, _JOBS.leased_until < func.now())
        mine = and_(_JOBS.status == JobStatus.RUNNING, _JOBS.runner == runner)
        free = or_(_JOBS.status == JobStatus.QUEUED, lost, mine)
        oldest = select(_JOBS.id).where(free, ~_EXPIRED).order_by(_JOBS.asked_at, _JOBS.id).limit(1)
        held = (
            update(WHAT_IFS)
            .where(_JOBS.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
            .values(
                takeovers=_JOBS.takeovers + case((and_(lost, ~mine), 1), else_=0),
                status=JobStatus.RUNNING.value,
                runner=runner,
                leased_until=func.now() + LEASE,
            )
            .returning(*WHAT_IFS.c)
        )
        async with self.engine.begin() as connection:
            row = (await connection.execute(held)).mappings().first()
            if row is None:
                return None
            if row["takeovers"] > TAKEOVERS_MOST:
                await connection.execute(_ended(row["id"], runner, JobStatus.FAILED, failure=_DEADLY))
                return None
            return _what_if(row if row["policy"] == policy else await _begun(connection, row["id"], policy))

    async def keep(self, job: UUID, runner: UUID, step: Step) -> bool:
        """Keep a step with its rows, and the lease for so long again; False: somebody else holds the question now."""
        provider, position = step.after or (None, None)
        values = {
            "after_provider": provider,
            "after_position": position,
            "looked_at": step.looked_at,
            "total": step.total,
            "counts": dict(step.counts),
            "leased_until": func.now() + LEASE,
        }
        async with self.engine.begin() as connection:
            held = update(WHAT_IFS).where(_is_held(job, runner)).values(values).returning(_JOBS.id)
            if (await connection.execute(held)).first() is None:
                return False
            await _add(connection, job, step.rows)
            return True

    async def finish(self, job: UUID, runner: UUID) -> None:
        """The question is answered (nothing happens where somebody else holds it)."""
        await self._write(_ended(job, runner, JobStatus.DONE))

    async def fail(self, job: UUID, runner: UUID, failure: str) -> None:
        """The question cannot be answered, for a reason that holds no personal value."""
        await self._write(_ended(job, runner, JobStatus.FAILED, failure=failure))

    async def release(self, job: UUID, runner: UUID) -> None:
        """Let another runner go on at once."""
        await self._write(
            update(WHAT_IFS)
            .where(_is_held(job, runner))
            .values(status=JobStatus.QUEUED.value, runner=None, leased_until=None)
        )

    async def forget_expired(self) -> None:
        """Delete what nobody finds any more."""
        await self._write(delete(WHAT_IFS).where(_EXPIRED))

    async def page(self, job: UUID, wanted: Rows, *, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """The next rows of a list after a number, each with its own."""
        asked = select(ROWS.c.number, ROWS.c.row).where(*wanted.where(job), ROWS.c.number > after)
        async with self.engine.connect() as connection:
            found = await connection.execute(asked.order_by(ROWS.c.number).limit(limit))
            return [(number, row) for number, row in found]

    async def count(self, job: UUID, wanted: Rows) -> int:
        """How many rows a list has."""
        async with self.engine.connect() as connection:
            return int(await connection.scalar(select(func.count()).where(*wanted.where(job))) or 0)

    async def each(self, job: UUID, wanted: Rows) -> AsyncGenerator[dict[str, Any], None]:
        """Every row of a list, read a few at a time: no connection waits for a slow reader."""
        after = 0
        while found := await self.page(job, wanted, after=after, limit=_STREAMED_AT_ONCE):
            for after, row in found:  # noqa: B007 - the next stretch begins after the last one
                yield row

    async def _write(self, statement: Any) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(statement)


async def _known(connection: AsyncConnection, new: NewWhatIf) -> WhatIf | None:
    """The question that was kept under the same key."""
    if new.key is None:
        return None
    asked = select(WHAT_IFS).where(_JOBS.asked_by == new.asked_by, _JOBS.key == new.key)
    row = (await connection.execute(asked)).mappings().first()
    if row is not None and row["body"] != new.body:
        raise KeyReusedError
    return None if row is None else _what_if(row)


async def _begun(connection: AsyncConnection, job: UUID, policy: str) -> RowMapping:
    """The question from its beginning, to be answered by this policy and no other."""
    await connection.execute(delete(ROWS).where(ROWS.c.what_if == job))
    fresh = {"policy": policy, "after_provider": None, "after_position": None, "looked_at": 0, "counts": None}
    begun = update(WHAT_IFS).where(_JOBS.id == job).values(fresh).returning(*WHAT_IFS.c)
    return (await connection.execute(begun)).mappings().one()


async def _add(connection: AsyncConnection, job: UUID, rows: Sequence[ResultRow]) -> None:
    if not rows:
        return
    last = select(ROWS.c.list, func.max(ROWS.c.number)).where(ROWS.c.what_if == job).group_by(ROWS.c.list)
    numbers = {name: int(number) for name, number in await connection.execute(last)}
    values = []
    for row in rows:
        numbers[row.list.value] = numbers.get(row.list.value, 0) + 1
        values.append(
            {
                "what_if": job,
                "list": row.list.value,
                "number": numbers[row.list.value],
                "incident": row.incident,
                "rule": row.rule,
                "difference": row.difference,
                "row": dict(row.row),
            }
        )
    await connection.execute(insert(ROWS), values)


def _is_held(job: UUID, runner: UUID) -> ColumnElement[bool]:
    return and_(_JOBS.id == job, _JOBS.runner == runner, _JOBS.status == JobStatus.RUNNING)


def _ended(job: UUID, runner: UUID, status: JobStatus, *, failure: str | None = None) -> Update:
    values = {"status": status.value, "failure": failure, "finished_at": func.now(), "leased_until": None}
    return update(WHAT_IFS).where(_is_held(job, runner)).values(values)


def _what_if(row: RowMapping) -> WhatIf:
    provider, position = row["after_provider"], row["after_position"]
    return WhatIf(
        id=row["id"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        question=question_in(row["question"]),
        providers=tuple(row["providers"]),
        position=row["position"],
        as_of=row["as_of"],
        status=JobStatus(row["status"]),
        after=None if provider is None or position is None else (provider, position),
        looked_at=row["looked_at"],
        total=row["total"],
        counts=row["counts"],
        failure=row["failure"],
        finished_at=row["finished_at"],
    )
