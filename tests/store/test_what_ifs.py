"""What-if questions as they are kept: held by one runner, gone on with after a death, told to their asker, forgotten."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from service.store.what_ifs.asked import (
    TAKEOVERS_MOST,
    UNFINISHED_MOST,
    JobStatus,
    NewWhatIf,
    Question,
    ResultList,
    ResultRow,
    Step,
    WhatIf,
)
from service.store.what_ifs.jobs import KeyReusedError, Rows, TooManyAskedError, WhatIfs
from service.store.what_ifs.tables import METADATA, SCHEMA
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

ASKER, RUNNER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SPAN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ALL = Rows(list=ResultList.DUTIES)


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.fixture
async def jobs(database: Database) -> AsyncIterator[WhatIfs]:
    made = WhatIfs(create_async_engine(database.url(driver="postgresql+asyncpg", role="projector")))
    yield made
    await made.aclose()


def a_question(**changes: Any) -> NewWhatIf:
    asked = NewWhatIf(
        id=uuid4(),
        asked_by=ASKER,
        organisation="ZZ1",
        key=None,
        body=b"body",
        question=Question(editions=("psirf-2022@1",), without=("candour",), discovered_from=SPAN),
        providers=["ZZ1"],
        position=7,
        as_of=SPAN,
    )
    return replace(asked, **changes)


def a_step(number: int, *rows: ResultRow) -> Step:
    return Step(after=("ZZ1", number), looked_at=number, total=9, counts={"cases": {"changed": number}}, rows=rows)


def a_row(number: int, rule: str = "R-1") -> ResultRow:
    return ResultRow(ResultList.DUTIES, UUID(int=number), {"number": number}, rule, "changed")


async def held(jobs: WhatIfs, runner: UUID = RUNNER, policy: str = "text") -> WhatIf:
    found = await jobs.claim(runner, policy=policy)
    assert found is not None
    return found


async def run_out(database: Database, column: str = "leased_until") -> None:
    """Let a moment of every question have passed long ago."""
    owner = await database.connect("owner")
    await owner.execute(f"update policy.what_ifs set {column} = now() - interval '8 days'")
    await owner.close()


def test_the_migration_builds_the_declared_tables(database: Database) -> None:
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
        "compare_server_default": True,
    }
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


@pytest.mark.parametrize("role", ["writer", "reader"])
async def test_only_the_projector_keeps_questions(database: Database, role: str) -> None:
    connection = await database.connect(role)
    for statement in ("select * from policy.what_ifs", "delete from policy.what_if_rows"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_a_question_is_found_by_whoever_asked_it_and_by_nobody_else(jobs: WhatIfs) -> None:
    new = a_question()
    kept, replayed = await jobs.ask(new)

    assert (kept.question, kept.providers, kept.position, kept.as_of) == (new.question, ("ZZ1",), 7, SPAN)
    assert (kept.status, kept.looked_at, kept.total, replayed) == (JobStatus.QUEUED, 0, None, False)
    assert await jobs.find(new.id, asked_by=ASKER) == kept
    assert await jobs.find(new.id, asked_by=OTHER) is None


async def test_a_key_gives_the_same_question_again_and_refuses_another(jobs: WhatIfs) -> None:
    first = a_question(key=b"key")
    await jobs.ask(first)

    again, replayed = await jobs.ask(a_question(key=b"key"))
    somebody, new = await jobs.ask(a_question(key=b"key", asked_by=OTHER))

    assert (again.id, replayed) == (first.id, True)
    assert (somebody.id != first.id, new) == (True, False)
    with pytest.raises(KeyReusedError):
        await jobs.ask(a_question(key=b"key", body=b"another"))


async def test_an_organisation_has_so_many_questions_at_once_and_no_more(jobs: WhatIfs) -> None:
    for _ in range(UNFINISHED_MOST):
        await jobs.ask(a_question())

    with pytest.raises(TooManyAskedError):
        await jobs.ask(a_question())

    await jobs.ask(a_question(organisation="ZZ2"))
    done = await held(jobs)
    await jobs.finish(done.id, RUNNER)
    await jobs.ask(a_question())


async def test_questions_are_held_by_one_runner_each_the_oldest_first(jobs: WhatIfs) -> None:
    first, second = a_question(), a_question()
    for each in (first, second):
        await jobs.ask(each)

    assert (await held(jobs)).id == first.id
    assert (await held(jobs, OTHER)).id == second.id
    assert await jobs.claim(UUID(int=4), policy="text") is None
    assert (await held(jobs)).id == first.id


async def test_steps_are_kept_with_their_rows_in_order(jobs: WhatIfs) -> None:
    job = a_question()
    await jobs.ask(job)
    await held(jobs)

    assert await jobs.keep(job.id, RUNNER, a_step(1, a_row(1), a_row(2)))
    assert await jobs.keep(job.id, RUNNER, a_step(2, a_row(3, "R-2")))
    await jobs.finish(job.id, RUNNER)

    found = await jobs.find(job.id, asked_by=ASKER)
    assert found is not None
    assert (found.status, found.looked_at, found.counts) == (JobStatus.DONE, 2, {"cases": {"changed": 2}})
    assert found.finished_at is not None
    assert [row async for row in jobs.each(job.id, ALL)] == [{"number": number} for number in (1, 2, 3)]
    assert await jobs.page(job.id, ALL, after=1, limit=1) == [(2, {"number": 2})]
    assert await jobs.count(job.id, replace(ALL, rule="R-1")) == 2
    assert await jobs.count(job.id, replace(ALL, difference="only_under_own")) == 0
    assert await jobs.count(job.id, replace(ALL, incident=UUID(int=3))) == 1


async def test_a_question_of_a_runner_that_died_is_gone_on_with_after_its_last_step(
    jobs: WhatIfs, database: Database
) -> None:
    job = a_question()
    await jobs.ask(job)
    await held(jobs)
    await jobs.keep(job.id, RUNNER, a_step(1, a_row(1)))
    assert await jobs.claim(OTHER, policy="text") is None

    await run_out(database)
    taken_over = await held(jobs, OTHER)

    assert (taken_over.after, taken_over.looked_at) == (("ZZ1", 1), 1)
    assert not await jobs.keep(job.id, RUNNER, a_step(2, a_row(2)))
    await jobs.finish(job.id, RUNNER)
    await jobs.fail(job.id, RUNNER, "no")
    assert await jobs.keep(job.id, OTHER, a_step(2, a_row(3)))
    assert [row async for row in jobs.each(job.id, ALL)] == [{"number": 1}, {"number": 3}]
    found = await jobs.find(job.id, asked_by=ASKER)
    assert found is not None
    assert found.status is JobStatus.RUNNING


async def test_another_policy_begins_again(jobs: WhatIfs, database: Database) -> None:
    job = a_question()
    await jobs.ask(job)
    await held(jobs)
    await jobs.keep(job.id, RUNNER, a_step(1, a_row(1)))
    await run_out(database)

    again = await held(jobs, OTHER, policy="another")

    assert (again.after, again.looked_at, again.counts) == (None, 0, None)
    assert await jobs.count(job.id, ALL) == 0


async def test_a_question_that_ends_its_runners_again_and_again_has_failed(jobs: WhatIfs, database: Database) -> None:
    job = a_question()
    await jobs.ask(job)
    await held(jobs)
    for number in range(TAKEOVERS_MOST):
        await run_out(database)
        await held(jobs, UUID(int=100 + number))
    await run_out(database)

    assert await jobs.claim(OTHER, policy="text") is None

    found = await jobs.find(job.id, asked_by=ASKER)
    assert found is not None
    assert (found.status, found.failure) == (JobStatus.FAILED, "Those that carried it out ended again and again.")


async def test_a_question_that_was_let_go_of_is_taken_up_at_once(jobs: WhatIfs) -> None:
    job = a_question()
    await jobs.ask(job)
    await held(jobs)
    await jobs.keep(job.id, RUNNER, a_step(1))

    await jobs.release(job.id, RUNNER)

    assert (await held(jobs, OTHER)).after == ("ZZ1", 1)


@pytest.mark.parametrize("column", ["asked_at", "finished_at"])
async def test_what_is_older_than_a_week_is_found_by_nobody_and_then_deleted(
    jobs: WhatIfs, database: Database, column: str
) -> None:
    job = a_question(key=b"key")
    await jobs.ask(job)
    if column == "finished_at":
        await held(jobs)
        await jobs.keep(job.id, RUNNER, a_step(1, a_row(1)))
        await jobs.finish(job.id, RUNNER)
    await run_out(database, column)

    assert await jobs.find(job.id, asked_by=ASKER) is None
    assert await jobs.claim(RUNNER, policy="text") is None
    assert await jobs.count(job.id, ALL) == (column == "finished_at")
    await jobs.forget_expired()
    assert await jobs.count(job.id, ALL) == 0
