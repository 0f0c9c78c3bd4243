"""The conventions of the contract, on the real routes of a real server."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.kernel.actor import Role
from tests.support.running.people import People, Person, a_report, ago, problem_in
from tests.support.running.service import ServiceProcess

UNKNOWN = "01a00000-0000-7000-8000-000000000000"


async def reported(people: People, **changes: Any) -> tuple[httpx.Response, str]:
    """The answer to a report, and the address of the case."""
    answer = await people.reporter.http.post("/v1/incidents", json=a_report(**changes))
    assert answer.status_code == 201, answer.text
    return answer, f"/v1/incidents/{answer.json()['id']}"


async def post(person: Person, path: str, body: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.http.post(path, json=body, headers=named)


async def test_the_answer_to_a_command_says_what_was_recorded_and_where(people: People) -> None:
    answer, at = await reported(people)

    body = answer.json()
    assert set(body) == {"id", "stream_version", "position", "links"}
    assert answer.headers["Location"] == body["links"]["self"] == at
    assert answer.headers["ETag"] == f'W/"{body["stream_version"]}"'
    assert answer.headers["Ledger-Position"] == str(body["position"])
    for link in body["links"].values():
        assert (await people.manager.http.get(link, params={"min_position": body["position"]})).status_code == 200


async def test_a_stale_version_is_refused_with_the_present_one(people: People, service: ServiceProcess) -> None:
    answer, at = await reported(people)
    step = {"steps_taken": "The pump was taken out of use."}
    taken = await post(people.reporter, f"{at}/safety-steps", step, If_Match=answer.headers["ETag"])
    assert taken.status_code == 201
    head = service.head()

    facts = {"facts": [{"name": "service_stopped", "value": True}]}
    stale = await post(people.manager, f"{at}/facts", facts, If_Match=answer.headers["ETag"])

    assert (problem_in(stale)["code"], stale.status_code) == ("concurrency.stale-version", 412)
    assert stale.headers["ETag"] == taken.headers["ETag"]
    assert service.head() == head
    again = await post(people.manager, f"{at}/facts", facts, If_Match=stale.headers["ETag"])
    assert again.status_code == 201


async def test_the_same_key_gives_the_first_answer_and_another_body_is_refused(
    people: People, service: ServiceProcess
) -> None:
    key, report = str(uuid4()), a_report()
    first = await post(people.reporter, "/v1/incidents", report, Idempotency_Key=key)
    head = service.head()

    again = await post(people.reporter, "/v1/incidents", report, Idempotency_Key=key)
    other = await post(people.reporter, "/v1/incidents", a_report(), Idempotency_Key=key)
    of_another = await post(people.manager, "/v1/incidents", a_report(), Idempotency_Key=key)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (again.headers["Idempotent-Replayed"], again.headers["ETag"]) == ("true", first.headers["ETag"])
    assert "Idempotent-Replayed" not in first.headers
    assert (problem_in(other)["code"], other.status_code) == ("idempotency.key-reused", 422)
    assert of_another.status_code == 201, "keys are scoped to whoever sends them"
    assert of_another.json()["position"] > head


async def test_a_refusal_is_not_kept_under_its_key(people: People) -> None:
    _, at = await reported(people)
    key = str(uuid4())
    refused = await post(people.manager, f"{at}/reopening", {"reason": "Not yet closed."}, Idempotency_Key=key)

    taken = await post(people.reporter, "/v1/incidents", a_report(), Idempotency_Key=key)

    assert refused.status_code == 409
    assert taken.status_code == 201


async def test_a_local_reference_used_twice_links_to_the_first_report(people: People) -> None:
    first, at = await reported(people, local_reference="TWICE-1", source_system="local-reporting")
    again = a_report(local_reference="TWICE-1", source_system="local-reporting")

    answer = await post(people.manager, "/v1/incidents", again)

    problem = problem_in(answer)
    assert (answer.status_code, problem["code"]) == (409, "incident.reference-taken")
    assert problem["links"]["incident"] == at == first.json()["links"]["self"]
    elsewhere = await post(people.manager, "/v1/incidents", again | {"source_system": "another"})
    assert elsewhere.status_code == 201


async def test_who_names_a_position_reads_what_was_written(people: People) -> None:
    for _ in range(10):
        answer, at = await reported(people)
        position = answer.json()["position"]
        read = await people.manager.http.get(at, params={"min_position": position})
        assert read.status_code == 200
        assert int(read.headers["Ledger-Position"]) >= position

    late = await people.manager.http.get(at, params={"min_position": position + 1_000_000})
    assert (late.status_code, late.json()["code"]) == (503, "service.not-yet-visible")
    assert int(late.headers["Retry-After"]) > 0


async def test_the_past_is_answered_as_it_was_known(people: People) -> None:
    answer, at = await reported(people)
    before, events = answer.json()["position"], answer.json()["stream_version"]
    added = await people.manager.does(f"{at}/evidence", item="A chart.", custodian="Terry Specimen")

    now = await people.manager.reads(at, min_position=added["position"])
    then = await people.manager.reads(at, as_known_at=before)
    earlier = await people.manager.http.get(at, params={"as_known_at": before - events})

    assert (now["evidence_items"], then["evidence_items"]) == (1, 0)
    assert earlier.status_code == 404
    log = await people.auditor.reads("/v1/events", after=before - 1, limit=1)
    at_instant = await people.manager.reads(at, as_known_at=log[0]["recorded_at"])
    assert at_instant == then


async def test_clocks_are_compared_with_the_moment_that_is_asked_for(people: People) -> None:
    """Three months after a response was commissioned its clock is overdue; today it runs."""
    _, at = await reported(people)
    for question in ("never_event", "national_response"):
        await _decides_not_met(people, at, question)
    done = await people.manager.does(f"{at}/learning-responses", method="psii", reason="A priority of the plan.")
    position = await _until_opened(people, at, "PSIRF-05", done["position"])

    today = await people.manager.reads(f"{at}/obligations", min_position=position)
    later = await people.manager.reads(f"{at}/obligations", min_position=position, as_of="2199-01-01T00:00:00Z")

    assert _status(today, "PSIRF-05") == "running"
    assert _status(later, "PSIRF-05") == "overdue"
    assert _status(today, "PSIRF-01") == _status(later, "PSIRF-01") == "without_number"


async def _decides_not_met(people: People, at: str, question: str) -> None:
    said = {"question": question, "outcome": "not_met", "reasons": "As the facts stand.", "edition": "psirf-2022"}
    await people.manager.does(f"{at}/threshold-decisions", **said)


async def _until_opened(people: People, at: str, rule: str, position: int) -> int:
    """The position at which the ledger's own reaction has opened a clock."""
    for after in range(position, position + 20):
        clocks = await people.manager.reads(f"{at}/obligations", min_position=after)
        if any(clock["rule"] == rule for clock in clocks):
            return after
    raise AssertionError(rule)


def _status(clocks: list[dict[str, Any]], rule: str) -> str:
    (found,) = [clock["status"] for clock in clocks if clock["rule"] == rule]
    status: str = found
    return status


async def test_what_the_client_has_is_not_sent_again(people: People) -> None:
    answer, at = await reported(people)
    first = await people.manager.http.get(at, params={"min_position": answer.json()["position"]})

    same = await people.manager.http.get(at, headers={"If-None-Match": first.headers["ETag"]})
    added = await people.manager.does(f"{at}/evidence", item="A chart.", custodian="Terry Specimen")
    changed = await people.manager.http.get(
        at, headers={"If-None-Match": first.headers["ETag"]}, params={"min_position": added["position"]}
    )

    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed.json()["evidence_items"]) == (200, 1)


async def test_another_trusts_record_does_not_exist_and_an_own_one_may_not_permit(people: People) -> None:
    answer, at = await reported(people)
    position = answer.json()["position"]
    reason = {"reason": "Not over."}

    for path in (at, f"{at}/timeline", f"{at}/obligations", f"{at}/evidence", f"{at}/events"):
        other = await people.other_manager.http.get(path, params={"min_position": position})
        nowhere = await people.other_manager.http.get(path.replace(answer.json()["id"], UNKNOWN))
        assert (other.status_code, nowhere.status_code) == (404, 404), path
        assert _unplaced(other.json()) == _unplaced(nowhere.json())
    closing = problem_in(await post(people.other_manager, f"{at}/closure", reason))
    assert (closing["status"], closing["code"]) == (404, "resource.not-found")
    forbidden = problem_in(await post(people.owner, f"{at}/closure", reason))
    assert (forbidden["status"], forbidden["code"]) == (403, "access.not-permitted")


def _unplaced(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}


async def test_a_request_is_known_by_its_id(people: People) -> None:
    given, correlation = str(uuid4()), "ward-7.round:3"
    report = a_report()
    answer = await post(people.reporter, "/v1/incidents", report, X_Request_ID=given, X_Correlation_ID=correlation)
    made = await people.manager.http.get("/v1/incidents")
    refused = await people.manager.http.get("/v1/nothing", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"], answer.headers["X-Correlation-ID"]) == (given, correlation)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made.headers["X-Request-ID"])
    assert problem_in(refused)["instance"] == f"urn:uuid:{given}"
    log = await people.auditor.reads("/v1/events", after=answer.json()["position"] - 1, limit=1)
    assert log[0]["correlation_id"] == correlation


async def test_each_report_of_a_batch_has_an_outcome_of_its_own(people: People, service: ServiceProcess) -> None:
    first = {**a_report(), "idempotency_key": "batch-1"}
    before = (await people.reporter.http.post("/v1/incidents:batch", json={"reports": [first]})).json()["outcomes"][0]
    head = service.head()
    batch = [
        first,
        {**a_report(), "idempotency_key": "batch-2"},
        {**a_report(), "idempotency_key": "batch-2"},
        {**a_report(provider="zz1"), "idempotency_key": "batch-3"},
        {**a_report(misspelt=True), "idempotency_key": "batch-4"},
        {**a_report(provider="ZZ2"), "idempotency_key": "batch-5"},
        a_report(),
        {**a_report(local_reference=first["local_reference"]), "idempotency_key": "batch-6"},
        {**a_report(), "idempotency_key": "batch-7"},
        {**a_report(), "idempotency_key": "batch 8"},
    ]

    answer = await people.reporter.http.post("/v1/incidents:batch", json={"reports": batch})

    assert answer.status_code == 200
    outcomes = answer.json()["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == [201, 201, 422, 422, 422, 403, 422, 409, 201, 422]
    assert outcomes[0] == before | {"replayed": True}
    assert [outcome.get("problem", {}).get("code") for outcome in outcomes[2:8]] == [
        "idempotency.key-reused",
        "request.invalid",
        "request.unknown-field",
        "access.not-permitted",
        "request.invalid",
        "incident.reference-taken",
    ]
    log = await people.auditor.reads("/v1/events", after=head, limit=500)
    reports = {event["stream"] for event in log if event["type"] == "incident.reported.v1"}
    assert reports == {outcomes[1]["id"], outcomes[8]["id"]}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "/v1/incidents", 405),
        ("PUT", f"/v1/incidents/{UNKNOWN}", 405),
        ("GET", f"/v1/incidents/{UNKNOWN}/closure", 405),
        ("POST", "/v1/timeliness", 405),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/incidents/not-an-id", 404),
        ("GET", f"/v1/incidents/{UNKNOWN}", 404),
        ("POST", "/v1/simulation/clock", 404),
        ("GET", "/v1/incidents?misspelt=1", 400),
        ("GET", "/v1/incidents?limit=0", 400),
        ("GET", "/v1/incidents?cursor=x", 400),
    ],
)
async def test_what_is_not_answered_is_a_problem_with_a_page(
    people: People, method: str, path: str, status: int
) -> None:
    answer = await people.manager.http.request(method, path)

    problem = problem_in(answer)
    assert answer.status_code == status
    page = await people.manager.http.get(problem["type"])
    assert page.status_code == 200
    assert problem["code"] in page.text


async def test_nothing_but_health_is_open(service: ServiceProcess) -> None:
    async with service.anybody() as nobody:
        for path in ("/_ping", "/_status"):
            assert (await nobody.get(path)).status_code == 200
        for path in ("/v1/incidents", "/v1/events", "/metrics", "/openapi.json", "/docs", "/problems/request.invalid"):
            answer = await nobody.get(path)
            assert (path, answer.status_code) == (path, 401)
            assert problem_in(answer)["code"] == "identity.token-missing"


IMPOSSIBLE = {
    "a bare harm": ({"patients": [{"sequence": 1, "physical_harm": "3"}]}, "request.invalid"),
    "a harm as a number": ({"patients": [{"sequence": 1, "physical_harm": 3}]}, "request.invalid"),
    "a harm of no list": (
        {"patients": [{"sequence": 1, "physical_harm": {"code": "3", "taxonomy": "nothing"}}]},
        "incident.harm-unknown",
    ),
    "occurred after discovered": ({"occurred_at": ago(minutes=1)}, "incident.occurred-after-discovered"),
    "discovered in the future": ({"discovered_at": ago(hours=-1)}, "incident.discovered-in-future"),
    "true in the future": ({"effective_at": ago(hours=-1)}, "time.effective-in-future"),
    "true before it was discovered": ({"effective_at": ago(days=1)}, "incident.reported-before-discovered"),
    "a day that never was": ({"occurred_at": "2026-02-30"}, "request.invalid"),
    "a malformed provider": ({"provider": "zz-1"}, "request.invalid"),
    "the same patient twice": ({"patients": [{"sequence": 1}, {"sequence": 1}]}, "incident.patient-number-invalid"),
    "a record type of no list": ({"record_type": "accident"}, "request.invalid"),
    "an NHS number": ({"nhs_number": "9990000077"}, "request.unknown-field"),
}


@pytest.mark.parametrize(("changes", "code"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
async def test_an_impossible_report_is_refused_and_nothing_is_stored(
    people: People, service: ServiceProcess, changes: dict[str, Any], code: str
) -> None:
    head = service.head()

    answer = await people.manager.http.post("/v1/incidents", json=a_report(**changes))

    problem = problem_in(answer)
    assert (answer.status_code, problem["code"]) == (422, code)
    assert (await people.manager.http.get(problem["type"])).status_code == 200
    assert service.head() == head


async def test_a_report_about_a_provider_that_is_not_registered_is_refused(
    people: People, service: ServiceProcess
) -> None:
    head = service.head()
    async with service.client(Role.REPORTER_SYSTEM, organisation="ZZ2") as system:
        unregistered = problem_in(await system.post("/v1/incidents", json=a_report(provider="ZZ8")))
        assert service.head() == head
        about_another = await system.post("/v1/incidents", json=a_report())

        assert (unregistered["status"], unregistered["code"]) == (422, "organisation.unknown")
        assert about_another.status_code == 201
        assert (await system.get(about_another.headers["Location"])).status_code in (403, 404)


async def test_a_bare_harm_is_refused_naming_both_readings(people: People) -> None:
    bare = a_report(patients=[{"sequence": 1, "psychological_harm": "3"}])

    problem = await people.manager.is_refused("/v1/incidents", "request.invalid", **bare)

    (error,) = problem["errors"]
    assert (error["pointer"], error["code"]) == ("/patients/0/psychological_harm", "bare-code")
    assert "moderate physical harm" in error["detail"]
    assert "low psychological harm" in error["detail"]


async def test_an_nhs_number_with_a_wrong_check_digit_is_refused(people: People, service: ServiceProcess) -> None:
    _, at = await reported(people)
    head = service.head()

    for wrong in ("9990000078", "999000007", "99900000770", "1111111111", "999 000 0077"):
        person = {"kind": "patient", "patient": 1, "name": "Pat Example", "nhs_number": wrong}
        problem = await people.manager.is_refused(f"{at}/people", "request.invalid", **person)
        assert [error["pointer"] for error in problem["errors"]] == ["/nhs_number"]
        assert wrong not in str(problem)

    assert service.head() == head
