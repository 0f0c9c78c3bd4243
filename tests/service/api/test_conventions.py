"""What requests may say in headers and parameters."""

import httpx
import pytest

from tests.support.edge import AN_ID, Stand

KEYS = [
    ("abc", "abc"),
    ('"abc"', "abc"),
    (r'"a\"b\\c"', 'a"b\\c'),
    ("a" * 255, "a" * 255),
    ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
]
NO_KEYS = ["", '""', "a" * 256, "a b", '"a b"', '"abc', 'abc"d e', '"a"b"', "caf\xe9"]


@pytest.mark.parametrize(("given", "key"), KEYS)
async def test_an_idempotency_key_is_taken_bare_or_quoted(
    stand: Stand, client: httpx.AsyncClient, given: str, key: str
) -> None:
    await client.post("/v1/things", json={"name": "x"}, headers={"Idempotency-Key": given})
    assert stand.taken[0][1] == key


@pytest.mark.parametrize("given", NO_KEYS)
async def test_an_idempotency_key_of_another_form_is_refused(client: httpx.AsyncClient, given: str) -> None:
    headers = {b"Idempotency-Key": given.encode("latin-1")}
    answer = await client.post("/v1/things", json={"name": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.header-invalid")
    assert answer.json()["errors"][0]["pointer"] == "Idempotency-Key"


async def test_two_idempotency_keys_are_refused(client: httpx.AsyncClient) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert (await client.post("/v1/things", json={"name": "x"}, headers=headers)).status_code == 400


@pytest.mark.parametrize(("given", "version"), [('W/"0"', 0), ('W/"17"', 17), ("*", None), (None, None)])
async def test_if_match_says_which_version_was_decided_on(
    stand: Stand, client: httpx.AsyncClient, given: str | None, version: int | None
) -> None:
    headers = {"If-Match": given} if given else {}
    await client.post("/v1/things", json={"name": "x"}, headers=headers)
    assert stand.taken[0][2] == version


@pytest.mark.parametrize("given", ["17", '"17"', 'W/"x"', 'W/"-1"', 'W/"01"', 'W/"1", W/"2"', 'W/"' + "9" * 19 + '"'])
async def test_if_match_of_another_form_is_refused(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.post("/v1/things", json={"name": "x"}, headers={"If-Match": given})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "If-Match")


async def test_a_command_takes_no_query_parameter(stand: Stand, client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things?dry_run=true", json={"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter-unknown")
    assert stand.taken == []


async def test_a_body_written_in_another_way_is_the_same_body(stand: Stand, client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    await client.post("/v1/things", content=b'{"name":"\\u0061", "count": 1}', headers=headers)
    await client.post("/v1/things", content=b'{"count":1,"name":"a"}', headers=headers)
    await client.post("/v1/things", content=b'{"count":2,"name":"a"}', headers=headers)
    first, second, third = (taken[3] for taken in stand.taken)
    assert first == second != third


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("limt=5", "request.parameter-unknown", "?limt"),
        ("Mrs%20Jones=5", "request.parameter-unknown", "?"),
        ("limit=5&limit=5", "request.parameter-repeated", "?limit"),
        ("limit=0", "request.parameter-invalid", "?limit"),
        ("limit=501", "request.parameter-invalid", "?limit"),
        ("limit=%2B5", "request.parameter-invalid", "?limit"),
        ("limit=5_0", "request.parameter-invalid", "?limit"),
        ("limit=", "request.parameter-invalid", "?limit"),
        ("min_position=-1", "request.parameter-invalid", "?min_position"),
        ("min_position=" + "9" * 19, "request.parameter-invalid", "?min_position"),
        ("as_of=2026-03-02", "request.parameter-invalid", "?as_of"),
        ("as_known_at=yesterday", "request.parameter-invalid", "?as_known_at"),
        ("as_known_at=2026-03-02T09:30:00+01:00", "request.parameter-invalid", "?as_known_at"),
        ("envelope=yes", "request.parameter-invalid", "?envelope"),
        ("cursor=", "request.parameter-invalid", "?cursor"),
        ("cursor=abc", "request.cursor-invalid", None),
        ("cursor=%00", "request.parameter-invalid", "?cursor"),
        ("cursor=%ff", "request.cursor-invalid", None),
    ],
)
async def test_a_parameter_that_is_not_understood_is_refused(
    client: httpx.AsyncClient, query: str, code: str, pointer: str | None
) -> None:
    answer = await client.get(f"/v1/things?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code)
    assert [error["pointer"] for error in problem["errors"]] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "limit=500&envelope=false",
        "as_known_at=0&min_position=9",
        "as_known_at=2026-03-02T09:30:00%2B01:00",
        "as_of=2026-03-02T09:30:00.5Z",
    ],
)
async def test_parameters_of_every_query_are_understood(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/v1/things?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("TEXT/CSV;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8; header=present"),
        ("application/json;q=0, */*;q=0.1", "text/csv; charset=utf-8; header=present"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("application/x-ndjson", "application/x-ndjson"),
    ],
)
async def test_a_list_comes_in_the_form_that_the_client_likes_most(
    client: httpx.AsyncClient, accept: str | None, form: str
) -> None:
    del client.headers["accept"]
    answer = await client.get("/v1/things", headers={"Accept": accept} if accept else {})
    assert answer.headers["content-type"] == form


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "nonsense", "application/json;q=x"])
async def test_a_form_that_is_not_offered_is_refused(client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.get(f"/v1/things/{AN_ID}", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "request.not-acceptable")
