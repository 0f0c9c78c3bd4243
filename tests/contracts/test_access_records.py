"""Every route writes down exactly the reads that `docs/access-log.md` says, however it is asked; a new one is in that table."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.kernel.actor import Role
from domain.kernel.words import IncidentId
from service.api.commands.routes import ROUTES, SIMULATION
from service.handling.specification import Begin
from service.handling.tasks.all_tasks import ALL as ALL_TASKS
from service.reading.events import cases_named_in
from service.serving import routers
from service.store.access.checking import AccessChecked, check_access_log
from service.store.connect import connect
from tests.support.audit.reads import Reads, a_world_of_reads, address_of
from tests.support.golden_events import golden
from tests.support.running.service import ServiceProcess
from tests.support.running.worlds import EVERY_ROLE

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
KINDS: Final = {"the query": "audit_query", "the search": "person_search"}


def named(records: list[dict[str, Any]]) -> list[str]:
    """Every case that some records name, as often as they do."""
    return sorted(str(case) for record in records for case in record["cases"])


@pytest.fixture(scope="module")
def reads() -> Iterator[Reads]:
    """A service with a whole case, three others, and a sample drawn from their decisions."""
    with a_world_of_reads() as reads:
        yield reads


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
    names_it = TABLE[route] == "the case" or reads.shown_in(answer) or route == "GET /v1/evidence-packs/{incident}"
    assert len(written) == 1 if names_it else len(written) <= 1


def test_the_cases_of_a_whole_population_are_read_with_it(reads: Reads) -> None:
    answer, [record] = reads.ask("GET /v1/audit/samples/{sample}", "population=true")
    decisions = reads.ask("GET /v1/threshold-decisions", "limit=500")[0].json()

    population = answer.json()["population"]
    assert len(population) == answer.json()["population_size"] == 3
    assert named([record]) == sorted(each["incident_id"] for each in decisions if each["id"] in population)


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


def test_the_running_service_commits_what_was_read_to_its_ledger(reads: Reads) -> None:
    """The last of these tests: the service is started again, as its operator would."""
    service, records = reads.world.service, reads.last()
    reads.client.close()
    reads.database.close()
    assert service.stop() == 0
    service.settings["INCIDENT_LEDGER_DIGEST_SECONDS"] = "1"
    service.start()
    with service.waiting(reads.world.hostile) as client:
        head = service.head()
        for _ in range(200):
            events = client.get("/v1/events", params={"after": max(0, head - 5)}).json()
            digested = [event["payload"] for event in events if event.get("type") == "access_log.digested.v1"]
            if digested:
                break
            time.sleep(0.05)
    assert (digested[0]["from_number"], digested[0]["to_number"] >= records) == (1, True)

    found = asyncio.run(_checked(service))
    assert (found.damage, found.digested_to >= records) == (None, True)


async def _checked(service: ServiceProcess) -> AccessChecked:
    connection = await connect(await address_of(service))
    try:
        return await check_access_log(connection)
    finally:
        await connection.close()


ROOT: Final = Path(__file__).parents[2]
WITHOUT_CASES: Final = {
    "audit/checkpoints.py",
    "audit/proofs.py",
    "audit/replays.py",
    "audit/tiles.py",
    "audit/witnesses.py",
    "policy/assessments.py",
    "policy/editions.py",
    "policy/what_if.py",
}
"""Queries that answer in their own way, and of no case."""


def test_no_query_makes_its_answer_past_the_record() -> None:
    queries = ROOT / "service" / "api" / "queries"
    makes_its_own = re.compile(r"(?<![\w.])(Response|StreamingResponse|FileResponse)\(")
    past = [
        str(path.relative_to(queries))
        for path in queries.rglob("*.py")
        if makes_its_own.search(path.read_text()) and "await write_down(" not in path.read_text()
    ]

    assert set(past) - {"lists.py"} <= WITHOUT_CASES  # lists.py holds an answer that was made with the record


def _names_a_case(hint: Any) -> bool:
    if hint is IncidentId:
        return True
    if is_dataclass(hint) and isinstance(hint, type):
        return any(_names_a_case(each) for each in get_type_hints(hint).values())
    return any(_names_a_case(each) for each in get_args(hint))


@pytest.mark.parametrize(
    "stored", [stored for stored in ALL if _names_a_case(stored.event)], ids=lambda each: each.name
)
def test_an_event_that_names_a_case_is_of_that_case_or_is_looked_into(stored: Stored) -> None:
    """Whoever reads the log is shown the cases that an event names, also where its stream is of none."""
    kind = stored.name.partition(".")[0]
    begins = [task for task in ALL_TASKS if isinstance(task, Begin) and task.kind == kind]
    joins = [task.parents is not Begin.__dataclass_fields__["parents"].default for task in begins]
    of_cases = kind == "incident" or all(joins)

    assert of_cases or cases_named_in(golden(stored.name).event)
