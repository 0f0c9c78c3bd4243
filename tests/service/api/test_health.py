"""Alive, ready, and figures."""

from datetime import UTC, datetime

import httpx
import pytest

from domain.kernel.actor import Role
from service.api.health import METRICS_ROLES, Condition
from tests.support.edge import Stand

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/_ping", "/_status"])
async def test_health_answers_get_and_head(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).json()["status"] == "pass"
    head = await client.head(path)
    assert head.status_code == 200


async def test_status_tells_head_lag_and_clock(stand: Stand, client: httpx.AsyncClient) -> None:
    stand.vital.condition = Condition(
        database=True, position=41, recorded_at=NOON, simulated=True, clock=NOON, lags={"b": 3, "a": 0}, checkpoint=40
    )
    told = (await client.get("/_status")).json()
    assert told["ledger"] == {"position": 41, "recorded_at": "2026-03-02T12:00:00+00:00"}
    assert told["projections"] == {"a": {"lag": 0}, "b": {"lag": 3}}
    assert told["clock"] == {"simulated": True, "now": "2026-03-02T12:00:00+00:00"}
    assert told["checkpoint"] == 40


@pytest.mark.parametrize(
    "condition", [Condition(database=False), Condition(database=True, checks={"incident_register": False})]
)
async def test_a_service_that_is_not_ready_says_so(
    stand: Stand, client: httpx.AsyncClient, condition: Condition
) -> None:
    stand.vital.condition = condition
    answer = await client.get("/_status")
    assert (answer.status_code, answer.json()["status"]) == (503, "fail")
    assert (await client.get("/_ping")).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
async def test_figures_are_for_those_who_watch_the_service(stand: Stand, role: Role) -> None:
    async with stand.client(known=False) as client:
        answer = await client.get("/metrics", headers=stand.headers(role))
    assert answer.status_code == (200 if role in METRICS_ROLES else 403)


async def test_figures_count_requests_by_template_and_never_by_path(stand: Stand, client: httpx.AsyncClient) -> None:
    for path in (
        "/v1/things/01890a5d-ac96-774b-bcce-b302099a8057",
        "/v1/things/canary",
        "/canary",
        "/v1/things?x=canary",
    ):
        await client.get(path)
    await client.request("CANARY", "/v1/things")
    figures = (await client.get("/metrics", headers=stand.headers(Role.AUDITOR))).text
    assert "canary" not in figures.lower()
    assert (
        'http_server_request_duration_seconds_count{method="GET",route="/v1/things/{thing}",status="200"} 1.0'
        in figures
    )
    assert 'route="unmatched",status="404"' in figures
    assert 'method="other"' in figures
