"""A running service whose reads are looked up in its database: several cases, a drawn sample, somebody to erase."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import httpx
import psycopg

from service.store.embedded import EmbeddedServer
from tests.support.running.people import a_report, ago, people_of, prepare_ground
from tests.support.running.service import ServiceProcess, running_service
from tests.support.running.worlds import World, make_world

_AN_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER: Final = "9990000018"
_SEED: Final = "b1946ac92492d2347c6235b4d2611184"
QUERIES: Final = {
    "GET /v1/policy/search": "words=SIRI",
    "GET /v1/timeliness/summary/explain": "figure=clocks",
    "GET /v1/actions/summary/explain": "figure=actions",
    "GET /v1/threshold-decisions/agreement/explain": "figure=overall.decisions",
    "GET /v1/incidents/{incident}/explain": "figure=actions_open",
    "GET /v1/worklist": "within_days=366",
    "GET /v1/events": "limit=500",
    "GET /v1/audit/access": "incident={incident}",
    "GET /v1/audit/proofs/inclusion": "position=1",
    "GET /v1/audit/proofs/consistency": "from={size}&to={size}",
    "GET /v1/actions/{action}/explain": "figure=days_over",
    "GET /v1/incidents/{incident}/obligations/{obligation}/explain": "figure=days_over",
}
BODIES: Final[Mapping[str, Any]] = {
    "POST /v1/audit/replays": {"projection": "worklist"},
    "POST /v1/policy/what-if": {"editions": ["sif-2015"]},
    "POST /v1/people/search": {"nhs_number": _NUMBER},
    "POST /v1/assessments": {"provider": "ZZ1", "discovered_at": "2026-03-02T12:00:00Z", "facts": []},
}


@dataclass(frozen=True)
class Reads:
    """A world of several cases, its database and whoever may ask all, and what stands in a path or query."""

    world: World
    database: "psycopg.Connection[Any]"
    client: httpx.Client
    cases: frozenset[str]
    names: Mapping[str, str]

    def written(self, *, since: int = 0) -> list[dict[str, Any]]:
        """The access records after a number."""
        cursor = self.database.execute("select * from access.reads where number > %s order by number", (since,))
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def last(self) -> int:
        """The number of the newest one."""
        [(number,)] = self.database.execute("select coalesce(max(number), 0) from access.reads").fetchall()
        return int(number)

    def address(self, route: str) -> str:
        """The address that a route is asked at."""
        asked = QUERIES.get(route)
        template = route.split()[1].replace(":path}", "}") + ("" if asked is None else f"?{asked}")
        return template.format_map(self.names)

    def ask(
        self, route: str, *more: str, at: str | None = None, **headers: str
    ) -> tuple[httpx.Response, list[dict[str, Any]]]:
        """Ask as somebody with every role; the answer, and what was written down because of it."""
        address, before = at or self.address(route), self.last()
        for each in more:
            address += ("&" if "?" in address else "?") + each
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if "evidence-packs" in address:
            sent.setdefault("Accept", "application/zip")
        method, body = route.split(maxsplit=1)[0], BODIES.get(route, {}) if route.startswith("POST") else None
        answer = self.client.request(method, address, headers=sent, json=body)
        return answer, self.written(since=before)

    def shown_in(self, answer: httpx.Response) -> set[str]:
        """The cases that can be recognised in an answer."""
        return set(_AN_ID.findall(answer.text)) & self.cases


@contextmanager
def a_world_of_reads() -> Iterator[Reads]:
    """A service with a whole case, three others, and a sample drawn from their decisions."""
    with running_service() as service:
        asyncio.run(_ground(service))
        world = make_world(service)
        others = asyncio.run(_other_cases(service))
        sample = asyncio.run(_draw(service))
        database = psycopg.connect(asyncio.run(address_of(service)), autocommit=True)
        with service.waiting(world.hostile) as client, database:
            size = _newest_checkpoint(client, world)
            _wait_for(client, f"/v1/policy/what-if/{world.ids['what_if']}/incidents")
            names = world.ids | {"sample": sample, "size": str(size), "path": "checkpoint"}
            names |= _name_somebody(client, others[0])
            cases = frozenset({world.ids["incident"], *others})
            yield Reads(world, database, client, cases, names)


async def _ground(service: ServiceProcess) -> None:
    async with people_of(service) as people:
        await prepare_ground(people)


async def _other_cases(service: ServiceProcess) -> list[str]:
    async with people_of(service) as people:
        cases = [(await people.reporter.does("/v1/incidents", **a_report()))["id"] for _ in range(3)]
        decision = {"question": "systemic_failure", "outcome": "not_met", "reasons": "No.", "edition": "psirf-2022"}
        for case in cases[1:]:
            await people.manager.does(f"/v1/incidents/{case}/threshold-decisions", **decision)
        differs = decision | {"outcome": "unclear"}
        await people.approver.does(f"/v1/incidents/{cases[0]}/threshold-decisions", **differs)
        return cases


async def _draw(service: ServiceProcess) -> str:
    """Commit to a sample of what stands now, let something else be recorded, and draw it."""
    async with people_of(service) as people:
        committed = await people.auditor.does(
            "/v1/audit/samples",
            question="systemic_failure",
            outcome="not_met",
            size=2,
            population_until=ago(seconds=-1),
            seed_hash=sha256(_SEED.encode()).hexdigest(),
        )
        await asyncio.sleep(1.1)
        await people.other_manager.does("/v1/incidents", **a_report(provider="ZZ2"))
        await people.auditor.does(f"/v1/audit/samples/{committed['id']}/draw", seed=_SEED)
        sample: str = committed["id"]
        return sample


def _name_somebody(client: httpx.Client, case: str) -> dict[str, str]:
    """A patient of the case, and the request to erase them."""
    patient = {"kind": "patient", "patient": 1, "name": "Pat Example", "nhs_number": _NUMBER}
    person = client.post(f"/v1/incidents/{case}/people", json=patient).json()["id"]
    asked = {"incident": case, "ground": "wrong_person", "reasons": "Somebody else was meant."}
    erasure = client.post(f"/v1/people/{person}/erasures", json=asked).json()["id"]
    _wait_for(client, f"/v1/people/{person}/erasures/{erasure}")
    return {"person": person, "erasure": erasure}


def _newest_checkpoint(client: httpx.Client, world: World) -> int:
    """A checkpoint that covers the whole world, so that packs need not wait for one."""
    head = world.service.head()
    answer = _wait_for(client, "/v1/audit/checkpoints/latest", min_position=head)
    size: int = answer.json()["size"]
    return size


def _wait_for(client: httpx.Client, address: str, **query: Any) -> httpx.Response:
    for _ in range(200):
        answer = client.get(address, params=query or None)
        if answer.status_code == 200:
            return answer
        asyncio.run(asyncio.sleep(0.05))
    raise AssertionError(answer.text)


async def address_of(service: ServiceProcess) -> str:
    async with EmbeddedServer(service.home) as server:  # it runs already, and goes on when we leave
        return server.url()
