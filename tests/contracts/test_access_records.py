"""Every route writes down exactly the reads that `docs/access-log.md` says, however it is asked; a new one is in that table."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi.routing import APIRoute

from domain.kernel.actor import Role
from service.api.commands.routes import ROUTES, SIMULATION
from service.serving import routers
from service.store.embedded import EmbeddedServer
from tests.support.running.people import a_report, ago, people_of, prepare_ground
from tests.support.running.service import ServiceProcess, running_service
from tests.support.running.worlds import EVERY_ROLE, World, make_world

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "access-log.md"
LINE: Final = re.compile(r"^\| (GET|POST) (/v1/\S+) \| ([a-z ]+) \|(.*)\|$", re.MULTILINE)
TABLE: Final = {
    f"{method} {path}": said for method, path, said, _ in LINE.findall(DOCUMENT.read_text(encoding="utf-8"))
}
COMMANDS: Final = {f"POST {route.path}" for route in (*ROUTES, SIMULATION)} | {"POST /v1/incidents:batch"}
LISTS: Final = [
    path
    for path, said in TABLE.items()
    if said == "every case shown"
    and path.startswith("GET")
    and not path.endswith(("explain", "}", "export", "agreement"))
]
AN_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER: Final = "9990000018"
SEED: Final = "b1946ac92492d2347c6235b4d2611184"
KINDS: Final = {"the query": "audit_query", "the search": "person_search"}
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
    "POST /v1/people/search": {"nhs_number": NUMBER},
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
        return set(AN_ID.findall(answer.text)) & self.cases


def named(records: list[dict[str, Any]]) -> list[str]:
    """Every case that some records name, as often as they do."""
    return sorted(str(case) for record in records for case in record["cases"])


@pytest.fixture(scope="module")
def reads() -> Iterator[Reads]:
    """A service with a whole case, three others, and a sample drawn from their decisions."""
    with running_service() as service:
        asyncio.run(_ground(service))
        world = make_world(service)
        others = asyncio.run(_other_cases(service))
        sample = asyncio.run(_draw(service))
        database = psycopg.connect(asyncio.run(_address(service)), autocommit=True)
        with service.waiting(world.hostile) as client, database:
            size = _newest_checkpoint(client, world)
            _wait_for(client, f"/v1/policy/what-if/{world.ids['what_if']}/incidents")
            names = world.ids | {"sample": sample, "size": str(size), "path": "checkpoint"}
            names |= _name_somebody(client, world.ids["incident"])
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
            seed_hash=sha256(SEED.encode()).hexdigest(),
        )
        await asyncio.sleep(1.1)
        await people.other_manager.does("/v1/incidents", **a_report(provider="ZZ2"))
        await people.auditor.does(f"/v1/audit/samples/{committed['id']}/draw", seed=SEED)
        sample: str = committed["id"]
        return sample


def _name_somebody(client: httpx.Client, case: str) -> dict[str, str]:
    """A patient of the case, and the request to erase them."""
    patient = {"kind": "patient", "patient": 1, "name": "Pat Example", "nhs_number": NUMBER}
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


async def _address(service: ServiceProcess) -> str:
    async with EmbeddedServer(service.home) as server:  # it runs already, and goes on when we leave
        return server.url()


def test_every_route_is_in_the_table_and_no_other() -> None:
    routes = [route for router in routers(simulated=True) for route in router.routes if isinstance(route, APIRoute)]
    served = {f"{method} {route.path}" for route in routes for method in route.methods or ()}

    assert served - COMMANDS == set(TABLE)
    assert set(TABLE.values()) == {"the case", "every case shown", "its cases", "the query", "the search", "nothing"}


@pytest.mark.parametrize("route", TABLE)
def test_a_route_writes_down_what_the_table_says(reads: Reads, route: str) -> None:
    answer, written = reads.ask(route)

    assert answer.status_code < 500, answer.text
    assert answer.is_success or route.startswith("POST"), (answer.status_code, answer.text)
    match TABLE[route]:
        case "nothing":
            assert (written, reads.shown_in(answer)) == ([], set())
        case "every case shown" | "the search":
            assert reads.shown_in(answer), "the world has something to show here"
            _check(reads, route, answer, written, reads.shown_in(answer))
        case "its cases" if "sample" in route:
            drawn = reads.ask("GET /v1/audit/samples/{sample}")[0].json()["incident_ids"]
            _check(reads, route, answer, written, set(drawn))
        case _:
            _check(reads, route, answer, written, {reads.names["incident"]})


def _check(reads: Reads, route: str, answer: httpx.Response, written: list[dict[str, Any]], cases: set[str]) -> None:
    [record] = written
    assert named(written) == sorted(cases)
    method, path = route.split()
    assert record["method"] == method
    assert record["route"] == "_".join([method.lower(), *re.findall(r"[A-Za-z0-9]+", path)])
    assert record["kind"] == KINDS.get(TABLE[route], "case_read")
    assert str(record["request_id"]) == answer.headers["X-Request-ID"]
    assert str(record["position"]) == answer.headers.get("Ledger-Position", str(_position_in(answer)))
    assert (record["organisation"], set(record["owners"])) == ("ZZ1", {"ZZ1"})
    assert sorted(record["roles"]) == sorted(EVERY_ROLE)
    assert (record["purpose"], record["purpose_stated"]) == ("investigation", False)
    assert record["correlation_id"] is None


def _position_in(answer: httpx.Response) -> int | None:
    """A question that is sent in a body may say its position in its answer instead."""
    return answer.json().get("position") if answer.request.method == "POST" else None


@pytest.mark.parametrize("form", ["application/x-ndjson", "text/csv"])
@pytest.mark.parametrize(
    "route", [*LISTS, "GET /v1/incidents/{incident}/timeline", "GET /v1/incidents/{incident}/events"]
)
def test_a_whole_list_names_each_case_once(reads: Reads, route: str, form: str) -> None:
    answer, written = reads.ask(route, Accept=form)

    if answer.status_code == 406:  # it is a record, or holds lists of its own
        assert written == []
        return
    shown = {reads.names["incident"]} if "{incident}" in route else reads.shown_in(answer)
    assert named(written) == sorted(shown)
    assert {str(record["request_id"]) for record in written} == {answer.headers["X-Request-ID"]}


@pytest.mark.parametrize("route", TABLE)
def test_an_answer_that_the_reader_has_already_is_no_read(reads: Reads, route: str) -> None:
    tag = reads.ask(route)[0].headers.get("ETag")
    if tag is None:  # not every answer has one
        return
    answer, written = reads.ask(route, If_None_Match=tag)
    if answer.headers["ETag"] != tag:  # it says when it was asked, and is never the same twice
        return

    assert (answer.status_code, written) == (304, [])


@pytest.mark.parametrize("route", LISTS)
def test_each_page_names_the_cases_on_it(reads: Reads, route: str) -> None:
    if route == "GET /v1/events":  # it goes on after a position
        pages = [reads.ask(route, at=f"/v1/events?after={after}") for after in (0, 20)]
    else:
        pages = [reads.ask(route, "limit=1", "envelope=true")]
        if following := pages[0][0].json()["next"]:
            pages.append(reads.ask(route, at=following))

    for answer, written in pages:
        assert answer.is_success, answer.text
        assert named(written) == sorted(reads.shown_in(answer))
        assert len(written) <= 1


@pytest.mark.parametrize(
    "route", [route for route in TABLE if TABLE[route] in ("the case", "its cases", "every case shown")]
)
def test_what_was_known_then_is_read_too(reads: Reads, route: str) -> None:
    answer, written = reads.ask(route, f"as_known_at={reads.world.head}")
    if answer.status_code == 400:  # an answer that is about one past anyway
        return
    if answer.status_code == 404:  # there was no such record then
        assert written == []
        return

    assert [record["past"] for record in written] == [True] * len(written)
    assert len(written) == (
        1 if TABLE[route] == "the case" or reads.shown_in(answer) or "pack" in route else len(written)
    )


def test_what_the_reader_says_is_kept(reads: Reads) -> None:
    said = {"Purpose_Of_Use": "legal", "X_Correlation_ID": "claim-77", "X_Request_ID": str(UUID(int=77))}
    _, [record] = reads.ask("GET /v1/incidents/{incident}", **said)

    assert (record["purpose"], record["purpose_stated"], record["words_opened"]) == ("legal", True, True)
    assert (record["correlation_id"], record["request_id"]) == ("claim-77", UUID(int=77))


def test_a_purpose_that_is_not_in_the_list_is_refused(reads: Reads) -> None:
    for route in ("GET /v1/incidents/{incident}", "GET /v1/timeliness/summary"):
        answer, written = reads.ask(route, Purpose_Of_Use="curiosity")
        assert (answer.status_code, answer.json()["code"], written) == (400, "request.header-invalid", [])


def test_nothing_is_written_down_of_what_does_not_exist_for_the_reader(reads: Reads) -> None:
    before, service = reads.last(), reads.world.service
    strangers = [((Role.PATIENT_SAFETY_MANAGER,), "ZZ2"), ((Role.ADMINISTRATOR,), "ZZ1"), ((Role.ACTION_OWNER,), "ZZ1")]
    for roles, organisation in strangers:
        with service.waiting(service.token(roles, organisation=organisation)) as client:
            answers = [
                client.get(reads.address(f"GET /v1/incidents/{{incident}}{part}"))
                for part in ("/events", "/x", "/closure")
            ]
            assert {answer.status_code for answer in answers} <= {403, 404, 405}
    assert reads.client.head("/v1/incidents").status_code == 405
    assert reads.last() == before


def test_the_answers_of_commands_are_no_reads(reads: Reads) -> None:
    before, at = reads.last(), f"/v1/incidents/{reads.names['incident']}"
    taken = reads.client.post(f"{at}/safety-steps", json={"steps_taken": "The pump was taken away."})
    refused = reads.client.post(f"{at}/reopening", json={"reason": "It is not closed."})

    assert (taken.status_code, refused.status_code) == (201, 409)
    assert reads.last() == before


def test_fifty_readers_at_once_are_fifty_records_without_a_gap(reads: Reads) -> None:
    before, path = reads.last(), reads.address("GET /v1/incidents/{incident}")

    async def all_at_once() -> list[httpx.Response]:
        async with reads.world.client() as client:
            return await asyncio.gather(*(client.get(path) for _ in range(50)))

    answers = asyncio.run(all_at_once())
    written = reads.written(since=before)

    assert {answer.status_code for answer in answers} == {200}
    assert [record["number"] for record in written] == list(range(before + 1, before + 51))
    assert {str(record["request_id"]) for record in written} == {each.headers["X-Request-ID"] for each in answers}


def test_where_a_read_cannot_be_written_down_nothing_is_shown(reads: Reads) -> None:
    before = reads.last()
    [(reader,)] = reads.database.execute("select current_database() || '_reader'").fetchall()
    door = "execute on all functions in schema access"
    reads.database.execute(f"revoke {door} from {reader}".encode())
    try:
        refused = [
            reads.ask(route, Accept=form)[0]
            for route in ("GET /v1/incidents", "GET /v1/events", "GET /v1/audit/access")
            for form in ("application/json", "application/x-ndjson")
        ]
        counted, _ = reads.ask("GET /v1/timeliness/summary")
    finally:
        reads.database.execute(f"grant {door} to {reader}".encode())

    assert {(each.status_code, each.json()["code"]) for each in refused} == {(503, "service.read-not-recorded")}
    assert all("Retry-After" in each.headers and not reads.shown_in(each) for each in refused)
    assert (counted.status_code, reads.last()) == (200, before)
