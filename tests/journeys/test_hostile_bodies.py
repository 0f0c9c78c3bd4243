"""Every command meets bad input with a clear problem, never with a failure, and nothing of it is stored."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from typing import Final
from uuid import uuid4

import httpx
import pytest

from service.api.commands.routes import ROUTES
from tests.support.bodies_by_schema import OPENAPI, a_body, body_schema, wrong_bodies
from tests.support.running.people import problem_in
from tests.support.running.server import MONDAY, running_service
from tests.support.running.service import ServiceProcess
from tests.support.running.worlds import EVERY_ROLE, World, make_world

BATCH: Final = "/v1/incidents:batch"
CLOCK: Final = "/v1/simulation/clock"
WHAT_IF: Final = "/v1/policy/what-if"
ASSESSMENT: Final = "/v1/assessments"
RETENTION: Final = "/v1/retention/dry-runs"
SEARCH: Final = "/v1/people/search"
REPLAYS: Final = "/v1/audit/replays"
COSIGNATURES: Final = "/v1/audit/checkpoints/{size}/cosignatures"
ASKED: Final = (WHAT_IF, ASSESSMENT, RETENTION, SEARCH, REPLAYS, COSIGNATURES)
PATHS: Final = (*(route.path for route in ROUTES), BATCH, *ASKED)
JSON: Final = {"Content-Type": "application/json"}
AT_ONCE: Final = 8
CANARY: Final = "canary-4711"

BROKEN: Final = {
    "nothing": b"",
    "half an object": b'{"effective_at":',
    "two objects": b"{} {}",
    "a list": b"[]",
    "a text": b'"canary-4711"',
    "null": b"null",
    "invalid UTF-8": b'{"effective_at":"\xff"}',
    "a surrogate in UTF-8": b'{"effective_at":"\xed\xa0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"effective_at":null}'.encode("utf-16"),
    "a raw NUL": b'{"effective_at":"\x00"}',
    "an escaped NUL": b'{"effective_at":"\\u0000"}',
    "a lone surrogate": b'{"effective_at":"\\ud800"}',
    "a lone surrogate in a name": b'{"\\udfff":1}',
    "NaN": b'{"effective_at":NaN}',
    "Infinity": b'{"effective_at":-Infinity}',
    "1e999": b'{"effective_at":1e999}',
    "a name twice": b'{"effective_at":null,"effective_at":null}',
    "a name twice, once escaped": b'{"effective_at":null,"effective\\u005fat":null}',
    "a nesting bomb": b'{"effective_at":' + b"[" * 100_000,
    "a bomb of objects": b'{"a":' * 50_000,
    "a closed bomb": b'{"effective_at":' + b"[" * 500 + b"]" * 500 + b"}",
    "a huge integer": b'{"effective_at":' + b"9" * 10_000 + b"}",
    "a negative huge integer": b'{"effective_at":-9007199254740993}',
    "many values": b'{"effective_at":[' + b"1," * 60_000 + b"1]}",
    "an instant that never was": b'{"effective_at":"2026-02-30T00:00:00Z"}',
    "an instant of the year 0": b'{"effective_at":"0000-01-01T00:00:00Z"}',
    "an unknown field that is a secret": b'{"canary 4711":"canary-4711"}',
}
MALFORMED: Final = (("If-Match", '"1"'), ("If-Match", "W/1"), ("Idempotency-Key", "a b"), ("X-Request-ID", "1"))
"""Headers of a command that are none."""
HEADERS: Final = dict.fromkeys((BATCH, *ASKED), MALFORMED[-1:]) | dict.fromkeys((WHAT_IF, REPLAYS), MALFORMED[-2:])
"""Those of a batch stand with each report; a question is about no version, and may be asked again and again."""
ELSEWHERE: Final = ("not-an-id", "0" * 32, "01a00000-0000-7000-8000-00000000000g", "%00", "%F0%9F%92%A9", "a" * 3000)


@pytest.fixture(scope="module")
def world(service: ServiceProcess) -> World:
    """One case with everything in it; nothing but reactions may be added to it here."""
    return make_world(service)


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may do everything, sends bad input, and adds nothing by it."""
    async with world.client() as client:
        yield client
        assert await world.added_by_people(client) == []


async def refusals(client: httpx.AsyncClient, sent: Iterable[tuple[str, bytes]]) -> list[tuple[int, str]]:
    """Send bodies to addresses, several at once: each is refused with a problem; the status and text of each."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def refusal(path: str, body: bytes) -> tuple[int, str]:
        async with turn:
            answer = await client.post(path, content=body, headers=JSON)
        return problem_in(answer)["status"], answer.text

    return await asyncio.gather(*(refusal(path, body) for path, body in sent))


def test_every_command_is_tried() -> None:
    posts = {path for path, methods in OPENAPI["paths"].items() if "post" in methods}
    assert posts == {*PATHS, CLOCK}


@pytest.mark.parametrize("path", PATHS)
async def test_a_field_of_another_form_is_refused(world: World, client: httpx.AsyncClient, path: str) -> None:
    """Each field in turn: every other type, null where it is required, left out, unknown."""
    bodies = [(what, json.dumps(body).encode()) for what, body in wrong_bodies(body_schema(path))]
    assert len(bodies) > 5

    answers = await refusals(client, ((world.path(path), body) for _, body in bodies))

    named = zip(bodies, answers, strict=True)
    assert [what for (what, _), (status, _) in named if status != HTTPStatus.UNPROCESSABLE_ENTITY] == []


@pytest.mark.parametrize("path", PATHS)
async def test_a_broken_body_is_refused(world: World, client: httpx.AsyncClient, path: str) -> None:
    answers = await refusals(client, ((world.path(path), body) for body in BROKEN.values()))

    named = zip(BROKEN, answers, strict=True)
    assert [what for what, (status, _) in named if status not in (400, 413, 422)] == []
    assert [text for _, text in answers if CANARY in text.replace(" ", "-")] == []


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_of_20_megabytes_is_refused(world: World, client: httpx.AsyncClient, path: str) -> None:
    answer = await client.post(world.path(path), content=b'{"a":"' + b"a" * 20 * 1024 * 1024 + b'"}', headers=JSON)
    assert problem_in(answer)["code"] == "request.too-large"


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_not_json_or_comes_from_nobody_is_refused(
    world: World, client: httpx.AsyncClient, path: str
) -> None:
    right = json.dumps(a_body(body_schema(path))).encode()
    at = world.path(path)
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = await client.post(at, content=right, headers={"Content-Type": content_type})
        assert problem_in(answer)["code"] == "request.content-type"
    for name, value in HEADERS.get(path, MALFORMED):
        answer = await client.post(at, content=right, headers={**JSON, name: value})
        assert problem_in(answer)["code"] == "request.header-invalid", name
    for token in ("", "Bearer", "Bearer x.y.z", f"Bearer {world.hostile}x", "Basic eDp4"):
        answer = await client.post(at, content=right, headers={**JSON, "Authorization": token})
        assert (problem_in(answer)["status"], "WWW-Authenticate" in answer.headers) == (401, True)


@pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
async def test_an_id_of_nothing_names_nothing(world: World, client: httpx.AsyncClient, path: str) -> None:
    """Each id of the path in turn: one of nothing, one of another kind of record, one that is no id."""
    right = a_body(body_schema(path))
    if "relevant_person" in right:
        right["relevant_person"] = world.ids["relevant_person"]
    right.pop("effective_at", None)
    content = json.dumps(right).encode()
    values = {str(uuid4()), "zz1", "ZZ7", *ELSEWHERE, *world.ids.values()}
    addresses = [
        world.path(path, **{name: value})
        for name, own in world.ids.items()
        if f"{{{name}}}" in path
        for value in values - {own}
    ]

    answers = await refusals(client, ((address, content) for address in addresses))

    assert {status for status, _ in answers} <= {404, 405, 409, 422}


@pytest.mark.parametrize(
    "path", [path for path in PATHS if "{" in path and not {"{ods}", "{size}"} & set(path.split("/"))]
)
async def test_a_stranger_is_told_of_no_record(world: World, path: str) -> None:
    """For somebody of another trust who holds every role, this trust's records do not exist."""
    right = json.dumps(a_body(body_schema(path)) | {"effective_at": None}).encode()
    token = world.service.token(EVERY_ROLE, organisation="ZZ2", subject="stranger")
    async with world.service.anybody(token) as stranger:
        answer = await stranger.post(world.path(path), content=right, headers=JSON)
    assert (problem_in(answer)["code"], answer.status_code) == ("resource.not-found", 404)


async def test_a_simulated_clock_takes_bad_input_no_better() -> None:
    async with running_service(begins_at=MONDAY) as simulated, simulated.client(*EVERY_ROLE) as client:
        head = (await client.get("/_status")).json()["ledger"]["position"]
        bodies = [json.dumps(body).encode() for _, body in wrong_bodies(body_schema(CLOCK))]

        await refusals(client, ((CLOCK, body) for body in (*bodies, *BROKEN.values())))
        back = await client.post(CLOCK, json={"to": "2026-03-01T00:00:00Z"})

        assert problem_in(back)["code"] == "ledger.clock-moved-back"
        assert (await client.get("/_status")).json()["ledger"]["position"] == head
