"""The edge behind the real server, on loopback: large, chunked, slow and broken requests, and a server that stops."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from service.api.edge import Limits
from tests.support.edge import Stand, a_stand

JSON = {"Content-Type": "application/json"}
TWENTY_MEGABYTES = 20 * 1024 * 1024


class Served:
    """An application being served, and where."""

    def __init__(self, stand: Stand, port: int) -> None:
        self.stand = stand
        self.port = port

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=self.stand.headers(), timeout=20)

    async def raw(self, request: bytes) -> bytes:
        """Send bytes as they are, and read until the server closes or has answered once."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(65536), timeout=10)
        writer.close()
        return answer


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    stand = a_stand(tmp_path, limits=Limits(body_seconds=0.5, drain_seconds=2.0))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(stand.app, log_config=None, lifespan="off", ws="none"))
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - the server offers no event to wait for
        await asyncio.sleep(0.01)
    yield Served(stand, listener.getsockname()[1])
    server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError):
        await running
    listener.close()


async def _chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536):
        yield b"a" * 65536


async def test_a_declared_body_of_20_megabytes_gets_its_problem(served: Served) -> None:
    async with served.client() as client:
        answer = await client.post("/v1/things", content=b'{"name":"' + b"a" * TWENTY_MEGABYTES + b'"}', headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")
        assert (await client.get("/v1/things")).status_code == 200


async def test_a_chunked_body_of_20_megabytes_gets_its_problem(served: Served) -> None:
    async with served.client() as client:
        answer = await client.post("/v1/things", content=_chunks(TWENTY_MEGABYTES), headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


@pytest.mark.parametrize("token", [True, False])
async def test_a_client_that_sends_all_before_it_reads_still_gets_its_problem(served: Served, *, token: bool) -> None:
    """Were the connection closed at the answer, the client's system would throw the answer away with it."""
    given = f"Authorization: {served.stand.headers()['Authorization']}\r\n" if token else ""
    head = f"POST /v1/things HTTP/1.1\r\nHost: x\r\n{given}Content-Type: application/json\r\nConnection: close\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % TWENTY_MEGABYTES)
    async for chunk in _chunks(TWENTY_MEGABYTES):
        writer.write(chunk)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), timeout=10)
    assert answer.startswith(b"HTTP/1.1 413 " if token else b"HTTP/1.1 401 ")
    writer.close()


async def test_a_large_body_without_a_token_gets_its_problem(served: Served) -> None:
    async with served.client() as client:
        del client.headers["authorization"]
        answer = await client.post("/v1/things", content=_chunks(TWENTY_MEGABYTES), headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.token-missing")


async def test_a_chunked_body_of_ordinary_size_is_taken(served: Served) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b'{"na', b'me":', b'"x"}'):
            yield part

    async with served.client() as client:
        assert (await client.post("/v1/things", content=parts(), headers=JSON)).status_code == 201


async def test_a_body_that_does_not_arrive_is_not_waited_for(served: Served) -> None:
    token = served.stand.headers()["Authorization"]
    head = f"POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    answer = await served.raw(head.encode() + b'Content-Length: 100\r\n\r\n{"name":')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "request.too-slow"


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"9" * 400, b"0x10"])
async def test_a_length_that_is_none_does_no_harm(served: Served, length: bytes) -> None:
    token = served.stand.headers()["Authorization"].encode()
    head = b"POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + b"\r\nContent-Type: application/json\r\n"
    answer = await served.raw(head + b"Content-Length: " + length + b"\r\n\r\n{}")
    assert answer.split(b" ")[1] in (b"400", b"413")
    async with served.client() as client:
        assert (await client.get("/v1/things")).status_code == 200


async def test_a_client_that_goes_away_leaves_no_failure_behind(served: Served) -> None:
    token = served.stand.headers()["Authorization"]
    head = f"POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(head.encode() + b'Content-Length: 100\r\n\r\n{"name":')
    await writer.drain()
    writer.close()
    while not served.stand.logged():  # noqa: ASYNC110 - a log offers no event to wait for
        await asyncio.sleep(0.01)
    (line,) = served.stand.logged()
    assert (line["event"], line["problem"]) == ("request", "request.incomplete")


async def test_two_hundred_at_once_are_all_taken(served: Served) -> None:
    async with served.client() as client:
        answers = await asyncio.gather(*(client.post("/v1/things", json={"name": "x"}) for _ in range(200)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.headers["x-request-id"] for answer in answers}) == 200


async def test_a_stream_that_breaks_is_seen_as_broken(served: Served) -> None:
    async with served.client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/v1/failures/stream")
