"""Values planted in every part of a request appear in no log, no figure and no answer that says no."""

import httpx
from prometheus_client import generate_latest

from tests.support.edge import Stand

CANARY = "canary-mrs-jones-9434765919"
JSON = {"Content-Type": "application/json"}

BODIES = [
    {"name": 7, "reference": CANARY * 20, "organisation": CANARY, "person": CANARY, "at": CANARY, "on": CANARY},
    {"name": CANARY, "count": CANARY, "sure": CANARY, "other": CANARY},
    {"name": [CANARY], "extensions": CANARY, "at": {"begins": CANARY, "ends": CANARY}},
    {f"{CANARY} is a name": CANARY},
    {"name": f"{CANARY}\x00"},
]


async def test_planted_values_appear_nowhere(stand: Stand) -> None:
    known = stand.headers(subject=CANARY)
    paths = (f"/{CANARY}", f"/v1/things?as_of={CANARY}", f"/v1/things/{CANARY}", f"/problems/{CANARY}")
    asked = ("Authorization", "X-Request-ID", "X-Correlation-ID", "Accept", "If-None-Match", "Cookie")
    told = ("Idempotency-Key", "If-Match", "Content-Type", "Content-Encoding")
    async with stand.client(known=False) as client:
        answers = [
            *[await client.post("/v1/things", json=body, headers=known) for body in BODIES],
            await client.post(f"/v1/things?{CANARY}={CANARY}", json={}, headers=known),
            await client.post("/v1/things", content=f'{{"{CANARY}":1 {CANARY}', headers=known | JSON),
            *[await client.get(path, headers=known) for path in (*paths, "/v1/failures/key")],
            *[await client.get("/v1/things", headers=known | {name: f"Bearer {CANARY} x"}) for name in asked],
            *[
                await client.post("/v1/things", content=b"{}", headers=known | JSON | {name: f"{CANARY} x"})
                for name in told
            ],
        ]
    assert {answer.status_code for answer in answers} >= {400, 401, 404, 406, 415, 422, 500}
    assert "canary" not in "".join(answer.text + str(answer.headers) for answer in answers)
    assert "canary" not in stand.log.getvalue().decode()
    assert CANARY not in generate_latest(stand.registry).decode()


async def test_a_line_in_the_log_holds_only_what_is_on_the_list(stand: Stand, client: httpx.AsyncClient) -> None:
    await client.get("/v1/things?limit=5")
    (line,) = stand.logged()
    assert set(line) == {
        "at",
        "level",
        "event",
        "request_id",
        "correlation_id",
        "method",
        "route",
        "status",
        "problem",
        "complete",
        "seconds",
        "actor",
        "organisation",
    }
    assert (line["route"], line["organisation"], line["status"]) == ("/v1/things", "ZZ1", 200)
