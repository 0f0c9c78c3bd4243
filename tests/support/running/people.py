"""People of the fictitious organisations, who speak to a running service over HTTP and know only the contract."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

import httpx

from domain.kernel.actor import Role
from tests.support.running.service import ServiceProcess

PROBLEM: Final = "application/problem+json"
_NUMBERS: Final = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with a token."""

    http: httpx.AsyncClient

    async def does(self, path: str, /, **body: Any) -> dict[str, Any]:
        """Give a command that is taken; the answer."""
        answer = await self.http.post(path, json=body)
        assert answer.status_code == 201, (path, answer.status_code, answer.text)
        recorded: dict[str, Any] = answer.json()
        return recorded

    async def is_refused(self, path: str, code: str, /, **body: Any) -> dict[str, Any]:
        """Give a command that is refused with this code; the problem."""
        problem = problem_in(await self.http.post(path, json=body))
        assert problem["code"] == code, (path, problem)
        return problem

    async def reads(self, path: str, /, **query: Any) -> Any:
        """Ask a question that is answered; the body."""
        answer = await self.http.get(path, params=query or None)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()


@dataclass(frozen=True)
class People:
    """Who takes part; each has a subject of their own. Those of the trust under the older framework begin with `sif`."""

    administrator: Person
    reporter: Person
    manager: Person
    lead: Person
    engagement: Person
    approver: Person
    owner: Person
    commissioner: Person
    auditor: Person
    officer: Person
    other_manager: Person
    other_auditor: Person
    sif_manager: Person
    sif_approver: Person


_CAST: Final[Mapping[str, tuple[Role, str]]] = {
    "administrator": (Role.ADMINISTRATOR, "ZZ1"),
    "reporter": (Role.REPORTER, "ZZ1"),
    "manager": (Role.PATIENT_SAFETY_MANAGER, "ZZ1"),
    "lead": (Role.LEARNING_RESPONSE_LEAD, "ZZ1"),
    "engagement": (Role.ENGAGEMENT_LEAD, "ZZ1"),
    "approver": (Role.APPROVER, "ZZ1"),
    "owner": (Role.ACTION_OWNER, "ZZ1"),
    "commissioner": (Role.COMMISSIONER, "ZZQ"),
    "auditor": (Role.AUDITOR, "ZZ1"),
    "officer": (Role.DATA_PROTECTION_OFFICER, "ZZ1"),
    "other_manager": (Role.PATIENT_SAFETY_MANAGER, "ZZ2"),
    "other_auditor": (Role.AUDITOR, "ZZ2"),
    "sif_manager": (Role.PATIENT_SAFETY_MANAGER, "ZZ9"),
    "sif_approver": (Role.APPROVER, "ZZ9"),
}
SUBJECTS: Final = {name: f"{name}@example.test" for name in _CAST}
"""Subjects are e-mail addresses, as those of many issuers are."""


@asynccontextmanager
async def people_of(service: ServiceProcess) -> AsyncIterator[People]:
    """Everybody, for as long as the context is open."""
    async with AsyncExitStack() as stack:
        everybody = {
            name: Person(
                await stack.enter_async_context(service.client(role, organisation=organisation, subject=SUBJECTS[name]))
            )
            for name, (role, organisation) in _CAST.items()
        }
        yield People(**everybody)


async def prepare_ground(people: People) -> None:
    """Two trusts under PSIRF, one that adopted it in 2023, and the ICB that commissions them."""
    register = people.administrator.does
    await register("/v1/organisations", ods="ZZQ", name="Anyshire Integrated Care Board", kind="commissioner")
    for ods, adopted in (("ZZ1", None), ("ZZ2", None), ("ZZ9", "2023-09-01")):
        trust = {"provider_type": "health_service_body", "psirf_adopted_on": adopted}
        await register("/v1/organisations", ods=ods, name=f"Trust {ods}", kind="provider", **trust)
        await register(f"/v1/organisations/{ods}/commissioners", commissioner="ZZQ", from_on="2015-04-01")


def a_report(**changes: Any) -> dict[str, Any]:
    """A report that is taken, under a reference that no other has."""
    return {
        "provider": "ZZ1",
        "local_reference": f"INC-{next(_NUMBERS):05d}",
        "discovered_at": ago(hours=2),
        "what_happened": "A dose was given twice.",
        "patients": [{"sequence": 1}],
    } | changes


def ago(**span: float) -> str:
    """An instant of the past."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat()  # the service under test runs on the real clock


def problem_in(answer: httpx.Response) -> dict[str, Any]:
    """The problem of an answer that says no as the contract says it."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    return problem
