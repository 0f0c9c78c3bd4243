"""What an answer speaks for: the position, the past, the moment clocks are compared with, and when it is sent again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from domain.action.events import ActionCompleted
from domain.kernel.actor import Role
from domain.kernel.words import ActorId
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from tests.support.chronicle import Chronicle, a_chronicle, commissioned, named, opened_duty
from tests.support.decisions import NOON
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server


@dataclass
class Living:
    """A chronicle that goes on, and the application that answers about it."""

    chronicle: Chronicle
    stand: QueryStand

    async def report(self, name: str, *, provider: str = "ZZ1", after: timedelta = timedelta(minutes=1)) -> int:
        """Record a report; nobody is told."""
        report = self.chronicle.report(name, provider=provider)
        appended = await self.chronicle.record(report, organisation=provider, cases=[named(name)], after=after)
        return appended.last_position

    async def names(self, **query: Any) -> list[str]:
        """The incidents of a list."""
        return [row["local_reference"] for row in await self.stand.ok("/v1/incidents", **query)]


@pytest.fixture
async def living(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Living]:
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        yield Living(chronicle, a_query_stand(chronicle, tmp_path_factory.mktemp("living")))


async def test_an_answer_says_its_position_and_how_far_behind_it_is(living: Living) -> None:
    await living.report("first")
    told = await living.chronicle.tell()
    for name in ("second", "third"):
        await living.report(name)

    answer = await living.stand.get("/v1/incidents")

    assert (answer.headers["Ledger-Position"], answer.headers["Projection-Lag"]) == (str(told), "2")
    assert answer.headers["Ledger-Clock"] == "simulated"
    assert len(answer.json()) == 1


@pytest.mark.parametrize(("role", "organisation"), [(Role.PATIENT_SAFETY_MANAGER, "ZZ1"), (Role.COMMISSIONER, "ZZQ")])
async def test_who_waits_for_a_position_reads_what_was_written(living: Living, role: Role, organisation: str) -> None:
    await living.chronicle.tell()
    position = await living.report("first")

    question = living.stand.get("/v1/incidents", role, organisation=organisation, min_position=position)
    asking = asyncio.create_task(question)
    await asyncio.sleep(0.05)
    assert not asking.done()
    await living.chronicle.tell()

    assert [row["local_reference"] for row in (await asking).json()] == ["first"]


async def test_a_relation_is_waited_for_as_well(living: Living) -> None:
    await living.chronicle.tell()
    await living.chronicle.record(commissioned("ZZ1", "ZZR"))
    position = await living.report("first")

    question = living.stand.get("/v1/incidents", Role.COMMISSIONER, organisation="ZZR", min_position=position)
    asking = asyncio.create_task(question)
    await asyncio.sleep(0.05)
    await living.chronicle.tell()

    assert len((await asking).json()) == 1


@pytest.mark.parametrize("path", ["/v1/incidents", "/v1/events", f"/v1/incidents/{named('first')}"])
async def test_who_waits_too_long_is_told_to_ask_again(living: Living, path: str) -> None:
    await living.chronicle.tell()

    answer = await living.stand.get(path, min_position=1000)

    assert (answer.status_code, answer.json()["code"]) == (503, "service.not-yet-visible")
    assert "Retry-After" in answer.headers


async def test_the_past_is_what_was_known_then(living: Living) -> None:
    first = await living.report("first")
    at_first = living.chronicle.clock
    second = await living.report("second")
    await living.chronicle.tell()

    assert await living.names(as_known_at=first - 1) == []
    assert await living.names(as_known_at=first) == ["first"]
    assert await living.names(as_known_at=second) == await living.names()
    assert await living.names(as_known_at=at_first.isoformat()) == ["first"]
    assert await living.names(as_known_at=(at_first - timedelta(seconds=1)).isoformat()) == []
    assert await living.names(as_known_at=0) == []


async def test_a_record_is_not_there_before_it_was_known(living: Living) -> None:
    position = await living.report("first")
    await living.chronicle.tell()
    path = f"/v1/incidents/{named('first')}"

    for part in ("", "/timeline", "/obligations", "/evidence"):
        assert (await living.stand.get(path + part, as_known_at=position - 1)).status_code == 404
        assert (await living.stand.get(path + part, as_known_at=position)).status_code == 200


async def test_evidence_of_the_past_is_that_of_its_position(living: Living) -> None:
    await living.report("first")
    item = living.chronicle.preserved("swab", "first")
    position = (await living.chronicle.record(item, cases=[named("first")])).last_position
    await living.chronicle.tell()
    path = f"/v1/incidents/{named('first')}/evidence"

    assert await living.stand.ok(path, as_known_at=position - 1) == []
    assert len(await living.stand.ok(path)) == 1


async def test_clocks_of_the_past_are_compared_with_its_own_moment(living: Living) -> None:
    await living.report("first")
    duty = opened_duty("soon", "first", due_at=NOON + timedelta(hours=1))
    position = (await living.chronicle.record(duty, cases=[named("first")])).last_position
    await living.report("later", after=timedelta(hours=3))
    await living.chronicle.tell()

    async def status(**query: Any) -> str:
        return str((await living.stand.ok("/v1/timeliness", **query))[0]["status"])

    assert await status() == "overdue"
    assert await status(as_known_at=position) == "running"
    assert await status(as_of="2026-03-02T12:59:59Z") == "running"
    assert await status(as_known_at=position, as_of="2026-03-02T14:00:00Z") == "overdue"


async def test_an_action_completed_afterwards_was_overdue_then(living: Living) -> None:
    await living.report("first")
    action = living.chronicle.agreed("early", "first", due_on=date(2026, 3, 1))
    await living.chronicle.record(action, cases=[named("first")])
    done = ActionCompleted(
        **envelope(named("early"), at=NOON + timedelta(minutes=30)),
        evidence=(),
        summary=living.chronicle.pen.narrative(named("early"), "Done"),
        completed_by=ActorId(named("actor")),
    )
    await living.chronicle.record(done, after=timedelta(hours=1))
    await living.chronicle.tell()

    assert await living.stand.ok("/v1/actions?overdue=true") == []
    assert len(await living.stand.ok("/v1/actions?overdue=true&as_of=2026-03-02T12:29:59Z")) == 1


async def test_an_answer_that_has_not_changed_is_not_sent_again(living: Living) -> None:
    await living.report("first")
    await living.chronicle.tell()
    tags = {}
    for path in ("/v1/incidents", f"/v1/incidents/{named('first')}"):
        tags[path] = (await living.stand.get(path)).headers["ETag"]
    await living.report("theirs", provider="ZZ2")
    await living.chronicle.tell()

    for path, tag in tags.items():
        again = await living.stand.get(path, headers={"If-None-Match": tag})
        other = await living.stand.get(path, Role.AUDITOR, headers={"If-None-Match": tag})
        assert (again.status_code, other.status_code) == (304, 200)
        assert again.headers["Ledger-Position"] == str((await living.chronicle.ledger.head()).position)


async def test_an_answer_is_sent_again_when_a_clock_has_run_out_since(living: Living) -> None:
    await living.report("first")
    duty = opened_duty("soon", "first", due_at=NOON + timedelta(hours=1))
    await living.chronicle.record(duty, cases=[named("first")])
    await living.chronicle.tell()
    tag = (await living.stand.get("/v1/timeliness")).headers["ETag"]
    assert (await living.stand.get("/v1/timeliness", headers={"If-None-Match": tag})).status_code == 304

    # only the clock moves on, by something that this reader does not even see
    await living.report("theirs", provider="ZZ2", after=timedelta(hours=2))
    await living.chronicle.tell()

    assert (await living.stand.get("/v1/timeliness", headers={"If-None-Match": tag})).status_code == 200


async def test_all_pages_speak_for_the_position_and_the_moment_of_the_first(living: Living) -> None:
    await living.report("first")
    for number in range(3):
        duty = opened_duty(f"duty {number}", "first", due_at=NOON + timedelta(hours=1, minutes=number))
        await living.chronicle.record(duty, cases=[named("first")])
    await living.chronicle.tell()
    first = await living.stand.get("/v1/timeliness?status=running&limit=2")
    await living.report("later", after=timedelta(hours=3))
    duty = opened_duty("duty 4", "first", due_at=NOON + timedelta(hours=9))
    await living.chronicle.record(duty, cases=[named("first")])
    await living.chronicle.tell()

    second = await living.stand.get(first.links["next"]["url"])

    assert second.headers["Ledger-Position"] == first.headers["Ledger-Position"]
    assert [row["id"] for row in second.json()] == [str(named("duty 2"))]


async def test_a_later_page_is_compared_with_the_moment_of_the_first_even_when_the_rows_are_older(
    living: Living,
) -> None:
    await living.report("first")
    for number in range(2):
        duty = opened_duty(f"duty {number}", "first", due_at=NOON + timedelta(hours=1, minutes=number))
        await living.chronicle.record(duty, cases=[named("first")])
    await living.chronicle.tell()
    await living.report("not told", after=timedelta(hours=3))

    first = await living.stand.get("/v1/timeliness?status=overdue&limit=1")
    second = await living.stand.get(first.links["next"]["url"])

    assert [row["id"] for row in second.json()] == [str(named("duty 1"))]


async def test_the_filter_by_commissioner_asks_about_the_day_of_the_answer(living: Living) -> None:
    await living.chronicle.record(commissioned("ZZ1", "ZZR", to_on=date(2026, 3, 2)))
    await living.report("first")
    await living.chronicle.tell()

    assert await living.names(commissioner="ZZR") == ["first"]
    assert await living.names(commissioner="ZZR", as_of="2026-03-02T23:59:59Z") == ["first"]
    assert await living.names(commissioner="ZZR", as_of="2026-03-03T00:00:00Z") == []
    assert await living.names(commissioner="ZZR", as_of="2020-03-31T23:00:00Z") == ["first"]
    assert await living.names(commissioner="ZZR", as_of="2020-03-31T22:59:59Z") == []


async def test_read_models_out_of_step_are_read_at_the_one_behind(living: Living) -> None:
    await living.report("first")
    position = await living.chronicle.tell()
    await living.report("second")
    await living.chronicle.tell(INCIDENT_REGISTER)

    answer = await living.stand.get("/v1/incidents")

    assert answer.headers["Ledger-Position"] == str(position)
    assert [row["local_reference"] for row in answer.json()] == ["first"]


async def test_a_long_export_opens_every_row(living: Living) -> None:
    await living.report("first")
    for number in range(230):
        action = living.chronicle.agreed(f"action {number}", "first", due_on=date(2026, 3, 20))
        await living.chronicle.record(action, cases=[named("first")], after=timedelta(0))
    await living.chronicle.tell()

    table = await living.stand.get("/v1/actions", headers={"Accept": "text/csv"})
    sealed = await living.stand.get("/v1/actions", Role.ANALYST, headers={"Accept": "text/csv"})

    assert table.text.count("The change of action") == 230
    assert sealed.text.count("change owner_name") == 230
    assert "Olive" not in sealed.text
