"""The layers around every route: ids, tokens, admission, and the last resort."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from service.api.edge import Limits
from service.api.layers.admission import Admission
from service.api.middleware import AnswerBrokenError, ExchangeLayer
from service.api.problems import ProblemError
from tests.support.edge import AN_ID, Stand, a_stand


@pytest.mark.parametrize("path", ["/_ping", "/v1/things", "/nothing", "/v1/failures/key"])
async def test_ids_are_mirrored_on_every_answer(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"X-Request-ID": AN_ID, "X-Correlation-ID": "case-7:b"})
    assert (answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == (AN_ID, "case-7:b")


async def test_a_request_id_is_made_where_none_is_sent(client: httpx.AsyncClient) -> None:
    first, second = [(await client.get("/_ping")).headers["x-request-id"] for _ in range(2)]
    assert UUID(first) != UUID(second)


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Request-ID", "canary")],
        [("X-Request-ID", "")],
        [("X-Request-ID", AN_ID), ("X-Request-ID", AN_ID)],
        [("X-Correlation-ID", "canary with spaces")],
        [("X-Correlation-ID", "a" * 101)],
        [("X-Correlation-ID", "a"), ("X-Correlation-ID", "b")],
    ],
)
async def test_a_malformed_id_is_refused_and_not_mirrored(
    stand: Stand, client: httpx.AsyncClient, headers: list[tuple[str, str]]
) -> None:
    answer = await client.get("/_ping", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.header-invalid")
    UUID(answer.headers["x-request-id"])
    assert "canary" not in answer.text + str(answer.headers) + stand.log.getvalue().decode()


@pytest.mark.parametrize(
    "path", ["/v1/things", "/nothing", "/metrics", "/problems/request.invalid", "/openapi.json", "/"]
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}])
async def test_nothing_but_health_is_open_without_a_token(stand: Stand, path: str, headers: dict[str, str]) -> None:
    async with stand.client(known=False) as client:
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.token-missing")
        assert answer.headers["www-authenticate"] == 'Bearer realm="incident-ledger"'
        assert {(await client.get(open_path)).status_code for open_path in ("/_ping", "/_status")} == {200}


async def test_a_wrong_token_is_told_from_none(stand: Stand) -> None:
    async with stand.client(known=False) as client:
        answer = await client.get("/v1/things", headers={"Authorization": "Bearer a.b.c"})
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.token-refused")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_two_authorization_headers_are_refused(stand: Stand, client: httpx.AsyncClient) -> None:
    token = stand.headers()["Authorization"]
    async with stand.client(known=False) as unknown:
        answer = await unknown.get("/v1/things", headers=[("Authorization", token), ("Authorization", token)])
    assert answer.status_code == 401


async def test_the_route_finds_who_is_calling(stand: Stand, client: httpx.AsyncClient) -> None:
    await client.post("/v1/things", json={"name": "x"})
    caller = stand.taken[0][4]
    assert (caller.actor.organisation, caller.subject) == ("ZZ1", "somebody")


async def test_an_answer_of_a_simulated_ledger_says_so(tmp_path: Path) -> None:
    async with a_stand(tmp_path, simulated=True).client() as client:
        assert (await client.get("/v1/things")).headers["ledger-clock"] == "simulated"


async def test_more_than_the_service_can_do_is_sent_away_while_health_answers(tmp_path: Path) -> None:
    stand = a_stand(tmp_path, limits=Limits(writes_in_flight=1, reads_in_flight=0))
    async with stand.client() as client:
        read = await client.get("/v1/things")
        assert (read.status_code, read.json()["code"], read.headers["retry-after"]) == (503, "service.overloaded", "1")
        assert (await client.get("/_ping")).status_code == 200
        with stand.app.state.admission.admitted("POST"):
            assert (await client.post("/v1/things", json={"name": "x"})).status_code == 503
        assert (await client.post("/v1/things", json={"name": "x"})).status_code == 201


async def test_a_stopping_service_says_so_and_takes_nothing_new(stand: Stand, client: httpx.AsyncClient) -> None:
    admission: Admission = stand.app.state.admission
    with admission.admitted("POST"):
        admission.stop()
        answer = await client.post("/v1/things", json={"name": "x"})
        assert (answer.json()["code"], answer.headers["connection"]) == ("service.stopping", "close")
        status = await client.get("/_status")
        assert (status.status_code, status.json()["stopping"]) == (503, True)


def test_reads_do_not_take_the_places_of_writes() -> None:
    admission = Admission(writes=1, reads=1)
    with admission.admitted("GET"), admission.admitted("POST"):
        for method in ("GET", "DELETE"):
            with pytest.raises(ProblemError), admission.admitted(method):
                pass
    with admission.admitted("GET"), admission.admitted("POST"):
        pass  # each place is free again


async def test_a_broken_stream_is_cut_and_its_message_is_not_told(stand: Stand, client: httpx.AsyncClient) -> None:
    with pytest.raises(AnswerBrokenError) as broken:
        await client.get("/v1/failures/stream")
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__
    assert "canary" not in stand.log.getvalue().decode()
    assert [line["complete"] for line in stand.logged() if line["event"] == "request"] == [False]


async def test_a_request_that_the_server_gives_up_is_answered_as_unknown(stand: Stand) -> None:
    """The command may have been taken: a 500 would say that it was not."""
    sent: list[Any] = []
    reached = asyncio.Event()

    async def slow(_scope: Any, _receive: Any, _send: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    built = stand.app.build_middleware_stack()
    layer = _outermost(built)
    around = ExchangeLayer(slow, edge=layer._edge, logger=layer._logger, metrics=layer._metrics)
    scope = {"type": "http", "method": "POST", "path": "/v1/things", "headers": []}
    running = asyncio.ensure_future(around(scope, receive, send))
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sent[0]["status"] == 503
    assert b"service.outcome-unknown" in sent[1]["body"]


def _outermost(layer: Any) -> ExchangeLayer:
    while not isinstance(layer, ExchangeLayer):
        layer = layer.app
    return layer


async def test_a_web_socket_is_closed_before_anything_looks_at_it(stand: Stand) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/v1/things", "headers": [], "query_string": b""}
    await stand.app(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]
