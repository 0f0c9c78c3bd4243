"""What an answer that says no holds."""

import json
from typing import Any

import httpx
import pytest

from service.api.problems import Problem, ProblemError
from service.api.refusing.codes import EDGE_PROBLEMS
from service.api.refusing.pages import every_problem
from tests.support.edge import AN_ID, Stand


async def test_a_problem_has_every_member_of_the_contract(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", json={})
    problem = answer.json()
    assert problem == {
        "type": "/problems/request.invalid",
        "title": "The body does not say what the command needs",
        "status": 422,
        "detail": "The body does not say what the command needs.",
        "instance": f"urn:uuid:{answer.headers['x-request-id']}",
        "code": "request.invalid",
        "errors": [{"pointer": "/name", "code": "missing", "detail": "This field is required."}],
    }


async def errors_of(client: httpx.AsyncClient, body: dict[str, Any]) -> list[tuple[str, str]]:
    answer = await client.post("/v1/things", json=body)
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_each_field_at_fault_is_pointed_at(client: httpx.AsyncClient) -> None:
    found = await errors_of(client, {"name": "", "count": "x", "on": "2026-02-30"})
    assert found == [("/name", "too-short"), ("/on", "not-a-day"), ("/count", "wrong-type")]


async def test_a_pointer_follows_the_body_and_not_the_branches_of_a_union(client: httpx.AsyncClient) -> None:
    found = await errors_of(client, {"name": "x", "at": {"begins": "2026-03-02T09:30:00Z"}})
    assert ("/at/ends", "missing") in found
    assert all("Span" not in pointer for pointer, _ in found)


async def test_a_name_that_may_be_anything_is_not_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", json={"name": "x", "Mrs Jones of Ward 4": 1})
    assert answer.json()["errors"][0]["pointer"] == ""
    assert "Jones" not in answer.text


async def test_a_refusal_of_the_domain_tells_its_reasons(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/v1/things/{AN_ID}/notes", json={"name": "x"})
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["type"] == "/problems/thing.taken"
    assert problem["title"] == "A thing is taken only once"
    assert problem["reasons"] == ["It was taken before."]
    assert problem["errors"] == [{"pointer": "/name", "code": "thing.taken", "detail": "It was taken before."}]


@pytest.mark.parametrize(
    ("kind", "status", "code", "retry"),
    [
        ("ledger", 503, "service.outcome-unknown", "1"),
        ("connection", 503, "service.unavailable", "5"),
        ("key", 500, "service.failed", None),
    ],
)
async def test_failures_behind_the_edge_are_answered_without_their_message(
    client: httpx.AsyncClient, kind: str, status: int, code: str, retry: str | None
) -> None:
    answer = await client.get(f"/v1/failures/{kind}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("retry-after") == retry
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing-here", 404, "resource.not-found"),
        ("GET", "/v1/things/not-an-id", 404, "resource.not-found"),
        ("DELETE", "/v1/things", 405, "request.method-not-allowed"),
        ("GET", "/v1/things/", 404, "resource.not-found"),
    ],
)
async def test_the_framework_says_no_in_the_same_form(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("allow" in answer.headers) == (status == 405)


async def test_each_problem_has_a_page_behind_its_type(stand: Stand, client: httpx.AsyncClient) -> None:
    problem = (await client.post("/v1/things", json={})).json()
    page = await client.get(problem["type"])
    assert page.status_code == 200
    assert problem["code"] in page.text
    assert (await client.get("/problems/no.such-problem")).status_code == 404


def test_problems_have_one_code_each_and_say_what_to_do() -> None:
    kinds = every_problem()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.advice and kind.title and not kind.title.endswith(".") for kind in kinds)


@pytest.mark.parametrize("code", EDGE_PROBLEMS)
def test_where_trying_again_helps_the_answer_says_when(code: str) -> None:
    kind = EDGE_PROBLEMS[code]
    answer = Problem(kind).response()
    assert ("retry-after" in answer.headers) == (kind.retry_after is not None)
    assert kind.status not in (429, 503) or "retry-after" in answer.headers
    assert ("www-authenticate" in answer.headers) == (kind.status == 401)
    assert json.loads(bytes(answer.body))["type"] == f"/problems/{code}"


def test_a_problem_that_is_not_in_the_table_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        ProblemError("no.such-problem")
