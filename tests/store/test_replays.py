"""Replays as they are kept: held by one runner, begun again after a death, told to their asker, forgotten."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from service.store.replays import METADATA, SCHEMA, NewReplay, Replay, Replays
from service.store.what_ifs.asked import TAKEOVERS_MOST, UNFINISHED_MOST, JobStatus
from service.store.what_ifs.jobs import KeyReusedError, TooManyAskedError
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

ASKER, RUNNER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.fixture
async def jobs(database: Database) -> AsyncIterator[Replays]:
    made = Replays(create_async_engine(database.url(driver="postgresql+asyncpg", role="projector")))
    yield made
    await made.aclose()


def a_replay(**changes: Any) -> NewReplay:
    asked = NewReplay(
        id=uuid4(),
        asked_by=ASKER,
        organisation="ZZ1",
        key=None,
        body=b"body",
        model="timeliness",
        position=7,
        providers=["ZZ1"],
    )
    return replace(asked, **changes)


async def held(jobs: Replays, runner: UUID = RUNNER) -> Replay:
    found = await jobs.claim(runner)
    assert found is not None
    return found


async def run_out(database: Database, column: str = "leased_until") -> None:
    """Let a moment of every replay have passed long ago."""
    owner = await database.connect("owner")
    await owner.execute(f"update audit.replays set {column} = now() - interval '8 days'")
    await owner.close()


def test_the_migration_builds_the_declared_table(database: Database) -> None:
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
        "compare_server_default": True,
    }
    with create_engine(database.url(driver="postgresql+psycopg"), poolclass=NullPool).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


@pytest.mark.parametrize("role", ["writer", "reader"])
async def test_only_the_projector_keeps_replays(database: Database, role: str) -> None:
    connection = await database.connect(role)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("select * from audit.replays")
    await connection.close()


async def test_a_replay_is_found_by_whoever_asked_for_it_and_by_nobody_else(jobs: Replays) -> None:
    new = a_replay()
    kept, replayed = await jobs.ask(new)

    assert (kept.model, kept.position, kept.providers, kept.status, replayed) == (
        "timeliness",
        7,
        ("ZZ1",),
        JobStatus.QUEUED,
        False,
    )
    assert await jobs.find(new.id, asked_by=ASKER) == kept
    assert await jobs.find(new.id, asked_by=OTHER) is None


async def test_a_key_gives_the_same_replay_again_and_refuses_another(jobs: Replays) -> None:
    first = a_replay(key=b"key")
    await jobs.ask(first)

    again, replayed = await jobs.ask(a_replay(key=b"key"))
    somebody, new = await jobs.ask(a_replay(key=b"key", asked_by=OTHER))

    assert (again.id, replayed) == (first.id, True)
    assert (somebody.id != first.id, new) == (True, False)
    with pytest.raises(KeyReusedError):
        await jobs.ask(a_replay(key=b"key", body=b"another"))


async def test_an_organisation_has_so_many_replays_at_once_and_no_more(jobs: Replays) -> None:
    for _ in range(UNFINISHED_MOST):
        await jobs.ask(a_replay())

    with pytest.raises(TooManyAskedError):
        await jobs.ask(a_replay())

    await jobs.ask(a_replay(organisation="ZZ2"))
    await jobs.finish((await held(jobs)).id, RUNNER, {"equal": True})
    await jobs.ask(a_replay())


async def test_replays_are_held_by_one_runner_each_the_oldest_first(jobs: Replays) -> None:
    first, second = a_replay(), a_replay()
    await jobs.ask(first)
    await jobs.ask(second)

    assert (await held(jobs)).id == first.id
    assert (await held(jobs, OTHER)).id == second.id
    assert await jobs.claim(UUID(int=4)) is None
    assert (await held(jobs)).id == first.id, "a runner goes on with what it holds"


async def test_what_a_runner_says_after_its_lease_went_to_another_is_turned_away(
    jobs: Replays, database: Database
) -> None:
    new = a_replay()
    await jobs.ask(new)
    await held(jobs)
    assert await jobs.keep(new.id, RUNNER, 3)
    await run_out(database)

    taken = await held(jobs, OTHER)

    assert (taken.id, taken.events) == (new.id, 0)
    assert not await jobs.keep(new.id, RUNNER, 4)
    await jobs.finish(new.id, RUNNER, {"equal": False})
    await jobs.finish(new.id, OTHER, {"equal": True})
    found = await jobs.find(new.id, asked_by=ASKER)
    assert found is not None
    assert (found.status, found.result) == (JobStatus.DONE, {"equal": True})


async def test_a_replay_that_ends_its_runners_again_and_again_fails(jobs: Replays, database: Database) -> None:
    new = a_replay()
    await jobs.ask(new)
    for number in range(TAKEOVERS_MOST + 1):
        await held(jobs, UUID(int=100 + number))
        await run_out(database)

    assert await jobs.claim(RUNNER) is None
    found = await jobs.find(new.id, asked_by=ASKER)
    assert found is not None
    assert found.status is JobStatus.FAILED
    assert found.failure


async def test_one_that_was_released_is_held_again_at_once(jobs: Replays) -> None:
    new = a_replay()
    await jobs.ask(new)
    await held(jobs)

    await jobs.release(new.id, RUNNER)

    assert (await held(jobs, OTHER)).id == new.id


@pytest.mark.parametrize("finished", [True, False])
async def test_what_nobody_fetched_for_a_week_is_gone(jobs: Replays, database: Database, *, finished: bool) -> None:
    new = a_replay()
    await jobs.ask(new)
    if finished:
        await jobs.finish((await held(jobs)).id, RUNNER, {})
    await run_out(database, "finished_at" if finished else "asked_at")

    assert await jobs.find(new.id, asked_by=ASKER) is None
    await jobs.forget_expired()

    owner = await database.connect("owner")
    assert await owner.fetchval("select count(*) from audit.replays") == 0
    await owner.close()
