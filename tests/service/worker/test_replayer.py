"""Carrying out replays: equal where nothing was touched, and the row named where one was."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from projections.engine.feed import Told
from projections.engine.model import AnyReadModel
from projections.engine.queries import ReadModels
from projections.incident_register.model import MODEL as REGISTER
from projections.timeliness.model import MODEL as TIMELINESS
from service.store.ledger import LedgerUnavailableError
from service.store.replays import NewReplay, Replay, Replays
from service.store.what_ifs.asked import JobStatus
from service.worker import replaying
from service.worker.replaying import Replayer
from tests.projections.engine.database import EngineDatabase
from tests.support.decisions import an_actor
from tests.support.histories import OTHERS, history
from tests.support.read_models.projections import MemoryFeed
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

ASKER = UUID(int=1)


class Log(MemoryFeed):
    """A log of which the next reading may fail."""

    trouble: BaseException | None = None

    async def read(self, *, after: int, limit: int) -> Sequence[Told]:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        return await super().read(after=after, limit=limit)


@dataclass
class Stand:
    """Read models that follow a log, and replays of them."""

    database: Database
    jobs: Replays
    log: Log
    replayer: Replayer

    async def asked(self, model: AnyReadModel = REGISTER, position: int | None = None, **changes: Any) -> UUID:
        """A replay up to a position: the head of the log, unless said otherwise."""
        where = len(self.log.events) if position is None else position
        values: dict[str, Any] = {"key": None, "body": b"", "providers": None} | changes
        new = NewReplay(id=uuid4(), asked_by=ASKER, organisation="ZZ1", model=model.name, position=where, **values)
        await self.jobs.ask(new)
        return new.id

    async def found(self, job: UUID) -> Replay:
        """The replay as it stands."""
        found = await self.jobs.find(job, asked_by=ASKER)
        assert found is not None
        return found

    async def result(self, job: UUID) -> dict[str, Any]:
        """What came of it."""
        found = await self.found(job)
        assert found.status is JobStatus.DONE, found.failure
        assert found.result is not None
        return dict(found.result)

    async def behind_the_service(self, statement: str) -> str:
        """Change something as the owner of the tables."""
        owner = await self.database.connect("owner")
        done = str(await owner.execute(statement))
        await owner.close()
        return done


@pytest.fixture
async def stand(servers: dict[int, Server]) -> AsyncIterator[Stand]:
    database = servers[EMBEDDED].new_database()
    engine = EngineDatabase(database)
    steps = ((stored, True, case, 1, minute) for minute, (stored, case) in enumerate(product(OTHERS, (1, 2))))
    log = Log(history(steps).events)
    for model in (REGISTER, TIMELINESS):
        follower = await engine.follower(model)
        await follower.take(log.events)
    reader = create_async_engine(engine.reader_url())
    jobs = Replays(create_async_engine(database.url(driver="postgresql+asyncpg", role="projector")))
    replayer = Replayer(jobs, log, ReadModels(reader, log), (REGISTER, TIMELINESS), reader=an_actor())
    yield Stand(database, jobs, log, replayer)
    await jobs.aclose()
    await reader.dispose()
    await engine.close()


@pytest.mark.parametrize("model", [REGISTER, TIMELINESS], ids=lambda model: model.name)
async def test_what_nobody_touched_is_equal_at_every_position(stand: Stand, model: AnyReadModel) -> None:
    head = len(stand.log.events)
    digests = set()
    for position in (0, 1, head // 2, head):
        job = await stand.asked(model, position)
        assert await stand.replayer.answer_next()
        result = await stand.result(job)
        assert result["equal"]
        assert result["digest_replayed"] == result["digest_live"]
        assert result["rows_replayed"] == result["rows_live"]
        assert result["projection"] == f"{model.name}:{model.version}"
        digests.add(result["digest_live"])

    assert len(digests) >= 2
    assert not await stand.replayer.answer_next()


async def test_a_row_that_was_changed_behind_the_service_is_named(stand: Stand) -> None:
    await stand.behind_the_service("update projections.incident_register_v1 set local_reference = 'changed'")

    job = await stand.asked()
    assert await stand.replayer.answer_next()

    result = await stand.result(job)
    assert not result["equal"]
    assert result["differences"]["different"] == result["rows_live"] > 0
    assert len(result["keys"]["different"]) > 0


async def test_a_version_that_was_deleted_from_the_history_is_named(stand: Stand) -> None:
    assert await stand.behind_the_service("delete from projections.timeliness_v2_history") != "DELETE 0"

    job = await stand.asked(TIMELINESS, len(stand.log.events) - 1)
    assert await stand.replayer.answer_next()

    result = await stand.result(job)
    assert result["rows_live"] == 0
    assert result["differences"]["only_replayed"] == result["rows_replayed"] > 0


async def test_the_keys_of_others_records_are_not_told(stand: Stand) -> None:
    await stand.behind_the_service("update projections.incident_register_v1 set local_reference = 'changed'")

    mine = await stand.asked(providers=["ZZ1"])
    theirs = await stand.asked(providers=["ZZ9"])
    assert await stand.replayer.answer_next()
    assert await stand.replayer.answer_next()

    assert (await stand.result(mine))["keys"]["different"] != []
    result = await stand.result(theirs)
    assert result["keys"]["different"] == []
    assert result["differences"]["different"] > 0


async def test_a_large_log_is_folded_in_parts_to_the_same_digest(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await stand.asked()
    assert await stand.replayer.answer_next()
    monkeypatch.setattr(replaying, "EVENTS_IN_A_PART", 7)
    monkeypatch.setattr(replaying, "EVENTS_AT_ONCE", 5)

    parts = await stand.asked()
    assert await stand.replayer.answer_next()

    assert await stand.result(parts) == await stand.result(whole)


async def test_a_replay_waits_while_the_ledger_is_away(stand: Stand) -> None:
    job = await stand.asked()
    stand.log.trouble = LedgerUnavailableError()

    with pytest.raises(LedgerUnavailableError):
        await stand.replayer.answer_next()
    assert (await stand.found(job)).status is JobStatus.RUNNING

    assert await stand.replayer.answer_next()
    assert (await stand.result(job))["equal"]


async def test_a_replay_that_is_cancelled_goes_back_to_the_others(stand: Stand) -> None:
    job = await stand.asked()
    stand.log.trouble = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await stand.replayer.answer_next()

    assert (await stand.found(job)).status is JobStatus.QUEUED


async def test_one_that_cannot_be_carried_out_fails_and_says_nothing_of_what_it_read(stand: Stand) -> None:
    job = await stand.asked()
    stand.log.trouble = RuntimeError("Margaret")

    assert await stand.replayer.answer_next()

    found = await stand.found(job)
    assert found.status is JobStatus.FAILED
    assert "Margaret" not in (found.failure or "")


async def test_a_read_model_of_another_program_must_be_rebuilt_first(stand: Stand) -> None:
    await stand.behind_the_service(
        "update projections.positions set code_version = 99 where name = 'incident_register'"
    )
    job = await stand.asked()

    assert await stand.replayer.answer_next()

    assert "rebuilt" in ((await stand.found(job)).failure or "")
