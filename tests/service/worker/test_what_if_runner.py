"""Carrying out what-if questions: case by case from the streams, one after another, whatever becomes of one of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from domain.incident.commands.enter_in_error import EnterInError
from domain.kernel.words import Code
from domain.policy.library import Policy
from service.bootstrap import AGGREGATES
from service.handling.desk import Desk
from service.handling.tasks.incident import ENTER_IN_ERROR
from service.reading.queries import ReadModelsUnavailableError
from service.store.codec import Codec
from service.store.ledger import Ledger, LedgerEvent, LedgerUnavailableError
from service.store.what_ifs.asked import JobStatus, NewWhatIf, Question, ResultList, WhatIf
from service.store.what_ifs.cases import Cases
from service.store.what_ifs.jobs import Rows, WhatIfs
from service.worker.what_if.running import Runner, text_of
from tests.support.desks import a_desk, an_order, report
from tests.support.running.ledgers import postgres_ledger
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.small_policy import small_policy

NOW = datetime.now(UTC)
ASKER = UUID(int=7)


class Read:
    """The ledger as a runner reads it; `trouble` meets the next reading of a case, `read` are those that were read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.trouble: list[BaseException] = []
        self.read: list[UUID] = []

    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        """As the ledger."""
        if self.trouble:
            raise self.trouble.pop(0)
        self.read.append(case)
        return await self._ledger.read_case(case, up_to=up_to)


@dataclass
class Stand:
    """A desk at which cases are reported, and what is asked about them."""

    desk: Desk
    jobs: WhatIfs
    ledger: Any

    def runner(self, policy: Policy | None = None) -> Runner:
        """A runner of its own."""
        return Runner(self.jobs, self.ledger, Codec(AGGREGATES), policy or self.desk.policy)

    async def asked(self, *providers: str, position: int | None = None, **question: Any) -> UUID:
        """A question about the cases of providers as they are now: what if there were no candour."""
        head = (await self.desk.ledger.head()).position
        asked = {"editions": (), "without": ("candour", "candour-contract", "contract")} | question
        new = NewWhatIf(
            id=uuid4(),
            asked_by=ASKER,
            organisation="ZZ1",
            key=None,
            body=b"",
            question=Question(**asked),
            providers=providers or ("ZZ1",),
            position=head if position is None else position,
            as_of=NOW,
        )
        await self.jobs.ask(new)
        return new.id

    async def found(self, job: UUID) -> WhatIf:
        """The question as it stands."""
        found = await self.jobs.find(job, asked_by=ASKER)
        assert found is not None
        return found

    async def incidents(self, job: UUID) -> list[str]:
        """The incidents of its answer."""
        return [row["incident_id"] async for row in self.jobs.each(job, Rows(list=ResultList.INCIDENTS))]


@pytest.fixture
async def stand(servers: dict[int, Server]) -> AsyncIterator[Stand]:
    database = servers[EMBEDDED].new_database()
    jobs = WhatIfs(create_async_engine(database.url(driver="postgresql+asyncpg", role="projector")))
    async with postgres_ledger(database) as ledger:
        yield Stand(await a_desk(ledger), jobs, Read(ledger))
    await jobs.aclose()


async def reported(stand: Stand, *references: str, provider: str = "ZZ1") -> list[UUID]:
    return [(await report(stand.desk, an_order(org=provider), each, provider=provider)).stream for each in references]


def under_sif(policy: Policy) -> dict[str, Any]:
    return {"editions": (policy.named(Code("sif-2015")).reference,), "without": ()}


async def test_every_case_of_the_providers_is_looked_at_once_in_order(stand: Stand) -> None:
    first = await reported(stand, "A", "B")
    theirs = await reported(stand, "A", provider="ZZ2")
    later = await reported(stand, "C")
    job = await stand.asked("ZZ2", "ZZ1", **under_sif(stand.desk.policy))

    assert await stand.runner().answer_next()

    found = await stand.found(job)
    assert (found.status, found.looked_at, found.total) == (JobStatus.DONE, 4, 4)
    assert stand.ledger.read == [*first, *later, *theirs]
    assert await stand.incidents(job) == [str(case) for case in stand.ledger.read]
    assert found.counts is not None
    assert found.counts["cases"] == {"changed": 4}
    assert not await stand.runner().answer_next()


async def test_cases_come_in_pages_without_one_twice_or_left_out(stand: Stand) -> None:
    for provider in ("ZZ1", "ZZ2"):
        await reported(stand, "A", "B", "C", provider=provider)
    cases, up_to = Cases(stand.jobs.engine), (await stand.desk.ledger.head()).position

    pages: list[Any] = []
    after = None
    while page := await cases.next(["ZZ2", "ZZ1"], up_to=up_to, after=after, limit=2):
        pages += page
        after = (page[-1].provider, page[-1].position)

    assert [(each.provider, each.position) for each in pages] == sorted(
        (each.provider, each.position) for each in pages
    )
    assert len({each.incident for each in pages}) == len(pages) == await cases.count(["ZZ1", "ZZ2"], up_to=up_to) == 6


async def test_nothing_is_looked_at_that_began_after_the_position(stand: Stand) -> None:
    known = await reported(stand, "A")
    position = (await stand.desk.ledger.head()).position
    await reported(stand, "B")
    job = await stand.asked(position=position, **under_sif(stand.desk.policy))

    await stand.runner().answer_next()

    assert stand.ledger.read == known
    assert (await stand.found(job)).total == 1


async def test_a_provider_without_cases_is_answered_with_zero(stand: Stand) -> None:
    job = await stand.asked("ZZ2")

    await stand.runner().answer_next()

    found = await stand.found(job)
    assert (found.status, found.total, found.counts) == (JobStatus.DONE, 0, {"cases": {}, "rules": {}})


async def test_a_case_entered_in_error_is_passed_over(stand: Stand) -> None:
    [case] = await reported(stand, "A")
    await stand.desk.change(
        an_order(), ENTER_IN_ERROR, lambda pen: EnterInError(reason=pen.narrative("Twice.")), stream=case
    )
    job = await stand.asked(**under_sif(stand.desk.policy))

    await stand.runner().answer_next()

    found = await stand.found(job)
    assert found.counts is not None
    assert found.counts["cases"] == {"entered_in_error": 1}
    assert await stand.incidents(job) == []


async def test_nothing_is_appended(stand: Stand) -> None:
    await reported(stand, "A", "B")
    await stand.asked(**under_sif(stand.desk.policy))
    head = await stand.desk.ledger.head()

    await stand.runner().answer_next()

    assert await stand.desk.ledger.head() == head


async def test_a_question_that_cannot_be_answered_is_said_and_the_next_is_answered(stand: Stand) -> None:
    await reported(stand, "A")
    failing, answered = await stand.asked(), await stand.asked()
    stand.ledger.trouble = [RuntimeError("Pat Example")]
    runner = stand.runner()

    with capture_logs() as said:
        assert await runner.answer_next()
        assert await runner.answer_next()

    failed = await stand.found(failing)
    assert failed.status is JobStatus.FAILED
    assert failed.failure is not None
    assert "Pat Example" not in str(said) + failed.failure
    assert [each["error"] for each in said] == ["RuntimeError"]
    assert (await stand.found(answered)).status is JobStatus.DONE


async def test_an_edition_of_a_case_that_this_build_does_not_carry_is_named(stand: Stand) -> None:
    await reported(stand, "A")
    job = await stand.asked(editions=(), without=("candour",))
    mine = stand.desk.policy
    other = replace(mine, editions=tuple(each for each in mine.editions if each.name.startswith("sif")))

    await stand.runner(other).answer_next()

    failure = (await stand.found(job)).failure
    assert failure is not None
    assert "psirf-2022" in failure


@pytest.mark.parametrize("error", [LedgerUnavailableError, ReadModelsUnavailableError])
async def test_a_bad_day_of_the_database_is_waited_out_and_no_case_is_counted_twice(
    stand: Stand, error: type[Exception]
) -> None:
    await reported(stand, "A", "B")
    job = await stand.asked(**under_sif(stand.desk.policy))
    stand.ledger.trouble = [error("away")]
    runner = stand.runner()

    with pytest.raises(error):
        await runner.answer_next()
    assert (await stand.found(job)).status is JobStatus.RUNNING
    assert await runner.answer_next()

    found = await stand.found(job)
    assert (found.status, found.looked_at) == (JobStatus.DONE, 2)
    assert len(await stand.incidents(job)) == 2


async def test_a_runner_goes_on_by_itself_until_it_is_stopped(stand: Stand) -> None:
    await reported(stand, "A")
    stand.ledger.trouble = [LedgerUnavailableError("away")]
    first = await stand.asked()
    running = asyncio.create_task(stand.runner().run())

    with capture_logs():
        await _done(stand, first)
        second = await stand.asked()
        await _done(stand, second)

    await _stopped(running)


async def test_what_nobody_finds_any_more_is_deleted_by_a_runner_that_rests(stand: Stand) -> None:
    class Tidied(WhatIfs):
        tidied = asyncio.Event()

        async def forget_expired(self) -> None:
            self.tidied.set()

    jobs = Tidied(stand.jobs.engine)
    running = asyncio.create_task(Runner(jobs, stand.ledger, Codec(AGGREGATES), stand.desk.policy).run())

    async with asyncio.timeout(60):
        await jobs.tidied.wait()

    await _stopped(running)


async def _done(stand: Stand, job: UUID) -> None:
    async with asyncio.timeout(60):
        found = await stand.found(job)
        while found.status is not JobStatus.DONE:
            await asyncio.sleep(0.02)
            found = await stand.found(job)


async def _stopped(running: "asyncio.Task[None]") -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_question_is_let_go_of_where_its_runner_is_stopped(stand: Stand) -> None:
    [first, second] = await reported(stand, "A", "B")
    job = await stand.asked(**under_sif(stand.desk.policy))
    stand.ledger.trouble = [asyncio.CancelledError()]

    with suppress(asyncio.CancelledError):
        await stand.runner().answer_next()

    assert (await stand.found(job)).status is JobStatus.QUEUED
    await stand.runner().answer_next()
    assert await stand.incidents(job) == [str(first), str(second)]


async def test_what_was_taken_over_is_left_to_the_other_runner(stand: Stand) -> None:
    await reported(stand, "A")
    job = await stand.asked(**under_sif(stand.desk.policy))

    class Overtaken(WhatIfs):
        async def keep(self, *_: Any, **__: Any) -> bool:
            return False

    lost = Runner(Overtaken(stand.jobs.engine), stand.ledger, Codec(AGGREGATES), stand.desk.policy)
    with capture_logs() as said:
        assert await lost.answer_next()

    assert [each["event"] for each in said] == ["what-if was taken over"]
    assert (await stand.found(job)).status is JobStatus.RUNNING


def test_another_edition_or_calendar_is_another_policy() -> None:
    policy = small_policy()

    assert text_of(policy) == text_of(replace(policy))
    assert text_of(replace(policy, editions=policy.editions[:1])) != text_of(policy)
    calendar = replace(policy.calendar, version=Code("another"))
    assert text_of(replace(policy, calendar=calendar)) != text_of(policy)
