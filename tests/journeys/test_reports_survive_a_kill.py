"""Reports that many systems post at once are each there exactly once, also when the server is killed in between."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.kernel.actor import Role
from tests.support.running.people import a_report, people_of, prepare_ground
from tests.support.running.service import ServiceProcess, running_service

REPORTS = 200
KILLED_AFTER = 20


@pytest.fixture
def own_service() -> Iterator[ServiceProcess]:
    """A service that nobody else uses: it is killed."""
    with running_service() as service:
        yield service


class Sender:
    """A client that knows only the contract: it sends each report under its key until it is answered."""

    def __init__(self, service: ServiceProcess, http: httpx.AsyncClient, reports: dict[str, dict[str, Any]]) -> None:
        self.service = service
        self.http = http
        self.reports = reports
        self.answers: dict[str, dict[str, Any]] = {}
        self.unanswered: set[str] = set()
        self.kills_left = 1

    async def send(self, key: str) -> None:
        """Send one report; a lost answer is remembered, so that it is sent again."""
        try:
            answer = await self.http.post(
                "/v1/incidents", json=self.reports[key], headers={"Idempotency-Key": key}, timeout=60
            )
        except httpx.TransportError:
            self.unanswered.add(key)
            return
        assert answer.status_code == 201, answer.text
        known = self.answers.setdefault(key, answer.json())
        assert answer.json() == known
        self.unanswered.discard(key)
        if len(self.answers) >= KILLED_AFTER and self.kills_left:
            self.kills_left -= 1
            self.service.kill()

    async def send_all(self) -> None:
        """Send every report at once."""
        async with asyncio.TaskGroup() as group:
            for key in self.reports:
                group.create_task(self.send(key))


async def test_every_report_is_there_exactly_once_after_a_kill(own_service: ServiceProcess) -> None:
    async with people_of(own_service) as people:
        await prepare_ground(people)
    reports = {f"key-{number}": a_report() for number in range(REPORTS)}
    token = own_service.token([Role.REPORTER], subject="reporting system")
    async with own_service.anybody(token, connections=REPORTS) as http:
        sender = Sender(own_service, http, reports)

        await sender.send_all()
        assert sender.unanswered, "the kill came too late to interrupt anything"

        await asyncio.to_thread(own_service.start)
        await sender.send_all()  # all of them again, under the same keys: what was answered is answered the same

    assert (set(sender.answers), sender.unanswered) == (set(reports), set())
    await _assert_each_is_there_once(own_service, sender.answers, reports)
    await _assert_another_trust_sees_nothing(own_service, sender.answers)


async def _assert_each_is_there_once(
    service: ServiceProcess, answers: dict[str, dict[str, Any]], reports: dict[str, dict[str, Any]]
) -> None:
    async with people_of(service) as people:
        log = await _everything(people.auditor.http)
        assert [event["position"] for event in log] == list(range(1, service.head() + 1))
        reported = Counter(event["stream"] for event in log if event.get("type") == "incident.reported.v1")
        assert reported == Counter(answer["id"] for answer in answers.values())

        register = await people.manager.reads("/v1/incidents", limit=500, min_position=service.head())
        assert Counter(row["local_reference"] for row in register) == Counter(
            report["local_reference"] for report in reports.values()
        )


async def _assert_another_trust_sees_nothing(service: ServiceProcess, answers: dict[str, dict[str, Any]]) -> None:
    async with people_of(service) as people:
        assert await people.other_manager.reads("/v1/incidents", min_position=service.head()) == []
        one = next(iter(answers.values()))["id"]
        assert (await people.other_manager.http.get(f"/v1/incidents/{one}")).status_code == 404

        log = await _everything(people.other_auditor.http)
        assert [event["position"] for event in log] == list(range(1, service.head() + 1))
        shown = [event for event in log if "stub" not in event]
        assert {(event["type"], event["organisation"]) for event in shown} == {
            ("ledger.opened.v1", "LEDGER"),
            ("organisation.registered.v1", "ZZ2"),
            ("organisation.commissioned.v1", "ZZ2"),
        }


async def _everything(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The whole log, page by page as the links lead."""
    events: list[dict[str, Any]] = []
    page = (await http.get("/v1/events", params={"limit": 500, "envelope": "true"})).json()
    events += page["items"]
    while page["next"] is not None:
        page = (await http.get(page["next"])).json()
        events += page["items"]
    return events
