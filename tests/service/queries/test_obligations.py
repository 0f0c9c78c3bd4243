"""One obligation over HTTP: its whole history, why it was late, as known and as of any moment; and what was missed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from domain.incident.duty_events import DutyExtended, DutyPaused, DutyResumed, DutySetAside
from domain.incident.events import IncidentNotified
from domain.incident.words import PausingBody, SetAside
from domain.kernel.actor import Role
from domain.kernel.words import Code, DutyId, OdsCode, PauseId
from tests.service.queries.written import told
from tests.support.chronicle import Chronicle, a_chronicle, named, opened_duty
from tests.support.decisions import NOON
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.sample_events import sample

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = timedelta(days=1)
CASE = f"/v1/incidents/{named('first')}"
STOPPED, DROPPED, MOVED = (f"{CASE}/obligations/{named(name)}" for name in ("stopped", "dropped", "moved"))


def later(event: type[Any], days: float, **changes: Any) -> Any:
    return replace(sample(event), originator_id=named("first"), timestamp=NOON + days * DAY, **changes)


async def record(chronicle: Chronicle, fact: Any) -> None:
    """Record a fact on the day on which it became true."""
    chronicle.clock = fact.timestamp
    await told(chronicle, fact, "first")


async def play(chronicle: Chronicle) -> None:
    stopped, moved, dropped = (DutyId(named(name)) for name in ("stopped", "moved", "dropped"))
    pause = {"duty": stopped, "pause": PauseId(named("pause"))}
    await chronicle.record(chronicle.report("first"), cases=[named("first")])
    for name in ("stopped", "moved", "dropped"):
        await chronicle.record(opened_duty(name, "first", due_at=NOON + 5 * DAY), cases=[named("first")])
    await record(
        chronicle, later(DutyPaused, 1, **pause, body=PausingBody.POLICE, approver_organisation=OdsCode("ZZQ"))
    )
    await record(chronicle, later(DutyResumed, 3, **pause, due_at=NOON + 7 * DAY))
    await record(chronicle, later(DutySetAside, 6, duty=dropped, because=SetAside.NOT_APPLICABLE))
    extended = later(DutyExtended, 6, duty=moved, previous_due_at=NOON + 5 * DAY, due_at=NOON + 20 * DAY)
    await record(chronicle, extended)
    await record(chronicle, later(IncidentNotified, 10, recipient=Code("commissioner")))
    await chronicle.tell()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """A case with a duty that was stopped, one whose date was moved too late, and one that was set aside too late."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await play(chronicle)
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("obligations"))


async def test_an_obligation_is_its_clock_with_its_history_beside_it(stand: QueryStand) -> None:
    [listed] = [each for each in await stand.ok(f"{CASE}/obligations") if each["id"] == str(named("stopped"))]

    told = await stand.ok(STOPPED)

    assert {name: told[name] for name in listed if name != "recipients"} == {
        name: value for name, value in listed.items() if name != "recipients"
    }
    assert (told["met_by"], told["status"], told["days_over"]) == ("incident.notified:commissioner", "met_late", 3)
    event = (await stand.ok("/v1/events", Role.AUDITOR, after=told["met_position"] - 1, limit=1))[0]
    assert event["type"] == "incident.notified.v1"
    [pause] = told["paused"]
    assert (pause["body"], pause["approver_organisation"], pause["due_at"]) == ("police", "ZZQ", "2026-03-09T12:00:00Z")
    assert isinstance(pause["reason"], str)
    assert isinstance(pause["approver"], str)


async def test_why_it_was_late_is_told_in_intervals_that_add_up(stand: QueryStand) -> None:
    told = await stand.ok(STOPPED)

    assert [(each["from"], each["owner"], each["reason"]) for each in told["elapsed"]] == [
        ("2026-03-02T12:00:00Z", "provider", "own_time"),
        ("2026-03-03T12:00:00Z", "police", "paused"),
        ("2026-03-05T12:00:00Z", "provider", "own_time"),
    ]
    assert told["elapsed"][-1]["until"] == "2026-03-12T12:00:00Z"
    assert told["elapsed_seconds"] == sum(each["seconds"] for each in told["elapsed"]) == 10 * 86400


async def test_it_is_answered_as_of_a_moment_and_as_known_at_one(stand: QueryStand) -> None:
    as_of = await stand.ok(STOPPED, as_of="2026-03-04T12:00:00Z")
    known = await stand.ok(STOPPED, as_known_at="2026-03-04T12:00:00Z", as_of="2026-03-14T12:00:00Z")

    assert (as_of["elapsed_seconds"], as_of["elapsed"][-1]["until"]) == (2 * 86400, "2026-03-04T12:00:00Z")
    assert (known["elapsed_seconds"], known["elapsed"][-1]["from"]) == (12 * 86400, "2026-03-03T12:00:00Z")
    assert (known["status"], known["paused"][0]["resumed_at"], known["met_by"]) == ("paused", None, None)
    assert known["elapsed"][-1]["owner"] == "police"


async def test_an_extension_agreed_too_late_hides_no_breach(stand: QueryStand) -> None:
    told = await stand.ok(MOVED)

    assert (told["status"], told["missed"], told["missed_due_at"]) == ("met", True, "2026-03-07T12:00:00Z")
    assert (told["extended"][0]["previous_due_at"], told["original_due_at"]) == (
        *("2026-03-07T12:00:00Z", "2026-03-07T12:00:00Z"),
    )


async def test_a_duty_set_aside_too_late_says_so_with_its_reason(stand: QueryStand) -> None:
    told = await stand.ok(DROPPED)

    assert (told["status"], told["days_over"], told["missed"]) == ("set_aside_late", 1, True)
    assert isinstance(told["set_aside_reason"], str)
    assert told["elapsed_seconds"] == 6 * 86400


async def test_what_was_missed_can_be_listed_and_counted(stand: QueryStand) -> None:
    async def ids(**query: Any) -> set[str]:
        return {each["id"] for each in await stand.ok("/v1/timeliness", **query)}

    every = {str(named(name)) for name in ("stopped", "moved", "dropped")}
    then = "2026-03-08T13:00:00Z"

    assert await ids(missed="true") == every
    assert await ids(missed="false") == set()
    assert await ids(missed="true", as_of=then) == {str(named("moved")), str(named("dropped"))}
    assert await ids(missed="false", as_of=then) == {str(named("stopped"))}
    assert await ids(status="set_aside_late") == {str(named("dropped"))}
    counted = await stand.ok("/v1/timeliness/summary")
    assert {(each["status"], each["clocks"], each["missed"]) for each in counted} == {
        *(("met", 1, 1), ("met_late", 1, 1), ("set_aside_late", 1, 1)),
    }
    before = await stand.ok("/v1/timeliness/summary", as_of="2026-03-04T13:00:00Z")
    assert sum(each["missed"] for each in before) == 0


async def test_words_are_sealed_for_whoever_may_not_read_them(stand: QueryStand) -> None:
    told = await stand.ok(STOPPED, Role.COMMISSIONER, organisation="ZZQ")

    assert (told["paused"][0]["reason"], told["paused"][0]["sealed"]) == (None, ["reason", "approver"])
    assert told["elapsed_seconds"] == 10 * 86400


@pytest.mark.parametrize("path", [f"{CASE}/obligations/{named('none')}", f"{CASE}/obligations/none"])
async def test_what_is_no_obligation_of_the_case_is_not_found(stand: QueryStand, path: str) -> None:
    assert (await stand.get(path)).status_code == 404


async def test_an_obligation_exists_with_its_case_only(stand: QueryStand) -> None:
    assert (await stand.get(STOPPED, organisation="ZZ2")).status_code == 404
    other = STOPPED.replace(str(named("first")), str(named("second")))
    assert (await stand.get(other)).status_code == 404
    assert (await stand.get(STOPPED, as_known_at=1)).status_code == 404
