"""Whatever OpenAPI allows, and whatever it does not, is answered as the contract says: Hypothesis makes the requests."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from tests.support.bodies_by_schema import OPENAPI
from tests.support.running.people import PROBLEM
from tests.support.running.service import ServiceProcess
from tests.support.running.worlds import World, make_world

OPERATIONS: Final = [
    found.ok() for found in schemathesis.openapi.from_dict(OPENAPI).get_all_operations() if isinstance(found, Ok)
]
SENT: Final = frozenset({"idempotency-key", "if-match", "if-none-match", "accept", "x-correlation-id"})
bounded = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


def requests(mode: GenerationMode) -> st.SearchStrategy[Case[Any]]:
    """Requests to any operation."""
    return st.sampled_from(OPERATIONS).flatmap(lambda operation: operation.as_strategy(generation_mode=mode))


@pytest.fixture(scope="module")
def world(service: ServiceProcess) -> World:
    """One case with everything in it; what Hypothesis finds to add to it may be added."""
    return make_world(service)


@pytest.fixture(scope="module")
def http(world: World) -> Iterator[httpx.Client]:
    """Somebody with every role, who waits for each answer."""
    with world.service.waiting(world.hostile) as http:
        yield http


def answer_to(case: Case[Any], world: World, http: httpx.Client) -> httpx.Response:
    """Send what was made, to ids that exist."""
    headers = {
        name: value
        for name, value in (case.headers or {}).items()
        if name.lower() in SENT and isinstance(value, str) and value.isascii() and value.isprintable()
    }
    body: dict[str, Any] = {}
    if case.method.upper() == "POST":
        body = {"content": case.body} if isinstance(case.body, bytes) else {"json": _sendable(case.body)}
    query = {str(name): str(value) for name, value in (case.query or {}).items()}
    path = world.path(case.path, code="request.invalid")
    return http.request(case.method, path, params=query, headers=headers, **body)


def _sendable(body: Any) -> Any:
    """The body, unless schemathesis means to send none."""
    return body if isinstance(body, dict | list | str | int | float | bool) else None


def assert_answered(answer: httpx.Response) -> None:
    """It is no failure, and says no only with a problem."""
    assert answer.status_code < 500 or answer.json()["code"] == "service.not-yet-visible", answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["type"] == f"/problems/{answer.json()['code']}"


@settings(bounded, max_examples=100)
@given(case=requests(GenerationMode.POSITIVE))
def test_what_the_schema_allows_is_answered(case: Case[Any], world: World, http: httpx.Client) -> None:
    answer = answer_to(case, world, http)

    assert_answered(answer)
    assert answer.status_code != 422 or answer.json()["code"] != "request.unknown-field"


@settings(bounded, max_examples=40)
@given(case=requests(GenerationMode.NEGATIVE))
def test_what_the_schema_does_not_allow_is_answered(case: Case[Any], world: World, http: httpx.Client) -> None:
    assert_answered(answer_to(case, world, http))
