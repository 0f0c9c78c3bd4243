"""A bank holiday that was proclaimed: a start with it moves the clocks that stand, once, and the dates they had stay."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import pytest

from domain.kernel.actor import Role
from domain.policy.clocks import local_day
from service.policy import read_calendar
from tests.support.running.people import Person, a_report, ago
from tests.support.running.service import ServiceProcess, running_service

PROCLAIMED: Final = "INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS"
TRUST: Final = "ZZ5"
PATIENCE: Final = 60.0
ENGLAND = read_calendar()
LONG_AGO: Final = "2019-05-14T09:00:00Z"
"""A Tuesday: two working days end on Thursday 16 May 2019."""


@pytest.fixture
def service() -> Iterator[ServiceProcess]:
    with running_service() as service:
        yield service


async def report(service: ServiceProcess, discovered_at: str) -> str:
    """A serious incident of a trust that has not adopted PSIRF: SIF-01 is due within two working days."""
    async with service.client(Role.PATIENT_SAFETY_MANAGER, organisation=TRUST) as http:
        manager = Person(http)
        body = a_report(provider=TRUST, discovered_at=discovered_at)
        case = await manager.does("/v1/incidents", **body, effective_at=discovered_at)
        decided = {"question": "serious_incident", "outcome": "met", "criteria": ["acts-or-omissions"]}
        edition, at = {"edition": "sif-2015", "reasons": "Because."}, {"identified_at": discovered_at}
        await manager.does(f"/v1/incidents/{case['id']}/threshold-decisions", **decided, **edition, **at)
        return str(case["id"])


async def prepare(service: ServiceProcess) -> tuple[str, str]:
    async with service.client(Role.ADMINISTRATOR, organisation=TRUST) as http:
        trust = {"ods": TRUST, "name": "Fictitious Trust", "kind": "provider", "provider_type": "health_service_body"}
        await Person(http).does("/v1/organisations", **trust, psirf_adopted_on="2099-01-01")
    return await report(service, LONG_AGO), await report(service, ago(hours=1))


async def the_clock(service: ServiceProcess, case: str) -> dict[str, Any]:
    """The clock of SIF-01 as it is told once everything up to the present head is."""
    async with service.client(Role.PATIENT_SAFETY_MANAGER, organisation=TRUST) as http:
        clocks = await Person(http).reads(f"/v1/incidents/{case}/obligations", min_position=service.head())
    (clock,) = [clock for clock in clocks if clock["rule"] == "SIF-01"]
    return dict(clock)


async def redatings(service: ServiceProcess) -> list[dict[str, Any]]:
    async with service.client(Role.AUDITOR, organisation=TRUST) as http:
        events = await Person(http).reads("/v1/events", limit=500, min_position=service.head())
    return [event for event in events if event.get("type") == "incident.duty_redated.v1"]


async def restarted(service: ServiceProcess, proclaimed: str) -> str:
    """Stop it, start it with what was proclaimed, and wait until it has been through the clocks; what it said of it."""
    assert service.stop() == 0
    service.settings = {PROCLAIMED: proclaimed}
    before = len(service.output.read_bytes())
    service.start()
    until = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < until:
        said = service.output.read_bytes()[before:].decode(errors="replace").splitlines()
        if found := [line for line in said if "cases=" in line]:
            return found[0]
        await asyncio.sleep(0.05)
    raise AssertionError("\n".join(line for line in said if "GET" not in line))


def due(clock: dict[str, Any]) -> date:
    return local_day(datetime.fromisoformat(clock["due_at"]))


async def test_clocks_that_stand_follow_a_proclaimed_holiday_once_and_no_breach_disappears(
    service: ServiceProcess,
) -> None:
    # Given a clock that was missed long ago, and one that runs;
    old, new = await prepare(service)
    missed, running = await the_clock(service, old), await the_clock(service, new)
    assert (due(missed), missed["status"], running["status"]) == (date(2019, 5, 16), "overdue", "running")
    first = ENGLAND.add_working_days(local_day(datetime.fromisoformat(running["started_at"])), 1)

    # when it is started with a bank holiday in the span of each of them,
    proclaimed = f"2019-05-15,{first}"
    assert "cases=2" in await restarted(service, proclaimed)

    # then both are due one working day later, by an event each, with the original moment and the breach kept.
    version = f"{ENGLAND.version}:also-2019-05-15:also-{first}"
    moved_old, moved_new = await the_clock(service, old), await the_clock(service, new)
    assert due(moved_old) == date(2019, 5, 17)
    assert due(moved_new) == ENGLAND.add_working_days(due(running), 1)
    for before, after in ((missed, moved_old), (running, moved_new)):
        assert (after["original_due_at"], after["calendar"]) == (before["due_at"], version)
        assert after["started_at"] == before["started_at"]
    assert moved_old["missed_due_at"] == missed["due_at"]
    told = {event["stream"]: event["payload"] for event in await redatings(service)}
    assert {told[old]["because"], told[new]["because"]} == {"calendar"}

    # A second start finds nothing to do.
    head = service.head()
    assert "cases=0" in await restarted(service, proclaimed)
    assert service.head() == head
