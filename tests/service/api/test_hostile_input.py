"""Bad input gets a clear problem, never a 500, and never its own words back."""

import json
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from service.api.bodies import read_body
from service.api.problems import ProblemError
from tests.support.edge import Stand, Thing

JSON = {"Content-Type": "application/json"}
CANARY = "canary-4711"


def body(**fields: Any) -> bytes:
    return json.dumps({"name": CANARY, **fields}).encode()


def extended(value: str) -> bytes:
    return b'{"name":"%s","extensions":{"a":%s}}' % (CANARY.encode(), value.encode())


HOSTILE = {
    "not JSON": (b"{", 400, "request.malformed"),
    "nothing at all": (b"", 400, "request.malformed"),
    "two values": (b"{} {}", 400, "request.malformed"),
    "a trailing comma": (b'{"name":"x",}', 400, "request.malformed"),
    "a raw control character": (b'{"name":"a\x01"}', 400, "request.malformed"),
    "a raw NUL": (b'{"name":"a\x00"}', 400, "request.malformed"),
    "invalid UTF-8": (b'{"name":"\xff"}', 400, "request.encoding"),
    "a surrogate in UTF-8": (b'{"name":"\xed\xa0\x80"}', 400, "request.encoding"),
    "a byte order mark": (b'\xef\xbb\xbf{"name":"x"}', 400, "request.encoding"),
    "UTF-16 with its mark": ('{"name":"x"}'.encode("utf-16"), 400, "request.encoding"),
    "UTF-16 without a mark": ('{"name":"x"}'.encode("utf-16-le"), 400, "request.malformed"),
    "UTF-32": ('{"name":"x"}'.encode("utf-32"), 400, "request.encoding"),
    "duplicate keys": (b'{"name":"x","name":"y"}', 400, "request.duplicate-key"),
    "duplicate keys, one escaped": (b'{"name":"x","n\\u0061me":"y"}', 400, "request.duplicate-key"),
    "duplicate keys inside": (extended('{"b":1,"b":2}'), 400, "request.duplicate-key"),
    "NaN": (extended("NaN"), 400, "request.not-a-number"),
    "Infinity": (extended("Infinity"), 400, "request.not-a-number"),
    "minus Infinity": (extended("-Infinity"), 400, "request.not-a-number"),
    "1e400": (extended("1e400"), 400, "request.not-a-number"),
    "33 levels": (extended("[" * 31 + "]" * 31), 400, "request.too-deep"),
    "900 levels": (extended("[" * 900 + "]" * 900), 400, "request.too-deep"),
    "100,000 levels": (b"[" * 100_000, 400, "request.too-deep"),
    "100,000 levels of objects": (b'{"a":' * 100_000, 400, "request.too-deep"),
    "an integer of 17 digits": (extended("9" * 17), 422, "request.number-range"),
    "2 to the power of 53": (extended(str(2**53)), 422, "request.number-range"),
    "an integer of 4,000 digits": (extended("9" * 4000), 422, "request.number-range"),
    "an integer of 5,000 digits": (extended("9" * 5000), 422, "request.number-range"),
    "a fraction of 5,000 digits": (extended("0." + "9" * 5000), 422, "request.number-range"),
    "a lone leading surrogate": (body(reference="\ud800"), 422, "request.unsafe-text"),
    "a lone trailing surrogate": (extended('"\\udc00"'), 422, "request.unsafe-text"),
    "a surrogate in a name": (extended('{"\\ud800":1}'), 422, "request.unsafe-text"),
    "an escaped NUL": (body(reference="a\x00b"), 422, "request.unsafe-text"),
    "an escaped NUL in a name": (extended('{"\\u0000":1}'), 422, "request.unsafe-text"),
    "an escaped backspace": (extended('"\\b"'), 422, "request.unsafe-text"),
    "an escaped form feed": (extended('"\\f"'), 422, "request.unsafe-text"),
    "an escape character": (extended('"\\u001b[31m"'), 422, "request.unsafe-text"),
    "a long text": (extended('"' + "a" * 100_001 + '"'), 422, "request.text-too-long"),
    "a long list": (extended("[" + "1," * 50_000 + "1]"), 413, "request.too-many-values"),
    "many names": (extended("{" + ",".join(f'"{n}":1' for n in range(12_000)) + "}"), 413, "request.too-many-values"),
    "more than a megabyte": (body(reference="a" * 1_100_000), 413, "request.too-large"),
    "a list": (b"[]", 422, "request.invalid"),
    "a text": (b'"x"', 422, "request.invalid"),
    "null": (b"null", 422, "request.invalid"),
    "nothing in it": (b"{}", 422, "request.invalid"),
    "true for an integer": (body(count=True), 422, "request.invalid"),
    "1.0 for an integer": (extended("1").replace(b'"name"', b'"count":1.0,"name"'), 422, "request.invalid"),
    "a text for an integer": (body(count="1"), 422, "request.invalid"),
    "a number for a switch": (body(sure=1), 422, "request.invalid"),
    "a number for a text": (b'{"name":1}', 422, "request.invalid"),
    "a blank text": (body(reference="  "), 422, "request.invalid"),
    "two lines for one": (body(reference="a\nb"), 422, "request.invalid"),
    "an instant without offset": (body(at="2026-03-02T09:30:00"), 422, "request.invalid"),
    "an instant as a number": (body(at=1772443800), 422, "request.invalid"),
    "an instant that never was": (body(at="2026-02-30T09:30:00Z"), 422, "request.invalid"),
    "an instant in the year 1": (body(at="0001-01-01T00:00:00+14:00"), 422, "request.invalid"),
    "an instant at the end of time": (body(at="9999-12-31T23:59:59-14:00"), 422, "request.invalid"),
    "a day that never was": (body(on="2026-02-29"), 422, "request.invalid"),
    "an instant for a day": (body(on="2026-03-02T09:30:00Z"), 422, "request.invalid"),
    "lower-case ODS code": (body(organisation="zz1"), 422, "request.invalid"),
    "ODS code in full-width letters": (body(organisation="\uff3a\uff3a\uff11"), 422, "request.invalid"),
    "an id without hyphens": (body(other="0" * 32), 422, "request.invalid"),
    "a wrong check digit": (body(person="9434765918"), 422, "request.invalid"),
    "an unknown field": (body(nmae="x"), 422, "request.unknown-field"),
}


@pytest.mark.parametrize(("sent", "status", "code"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_bodies_get_their_problem_and_never_their_words_back(
    stand: Stand, client: httpx.AsyncClient, sent: bytes, status: int, code: str
) -> None:
    answer = await client.post("/v1/things", content=sent, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert stand.taken == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "request.content-type"),
        ({"Content-Type": "text/plain"}, "request.content-type"),
        ({"Content-Type": "application/json; charset=utf-16"}, "request.content-type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "request.content-type"),
        ({**JSON, "Content-Encoding": "gzip"}, "request.content-encoding"),
        ({**JSON, "Content-Encoding": "br, identity"}, "request.content-encoding"),
    ],
)
async def test_what_is_not_plain_json_is_refused_before_it_is_read(
    client: httpx.AsyncClient, headers: dict[str, str], code: str
) -> None:
    answer = await client.post("/v1/things", content=b"\x1f\x8b" + body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, code)


@pytest.mark.parametrize(
    "sent",
    [
        body(),
        b" \n" + body(reference="Zo\xeb \U0001f600") + b"\r\n",
        b'{"name":"a\\ud83d\\ude00b"}',
        b'{"name":"a\\\\u0000 is only six characters\\n\\ttab"}',
        extended("[" * 30 + "]" * 30),
        extended(str(2**53 - 1)),
        extended("-0.5e-3"),
        body(at="2026-03-02t09:30:00.123456789+01:00"),
    ],
)
async def test_unusual_but_right_bodies_are_taken(client: httpx.AsyncClient, sent: bytes) -> None:
    answer = await client.post(
        "/v1/things", content=sent, headers={"Content-Type": 'application/json; charset="UTF-8"'}
    )
    assert answer.status_code == 201, answer.text


async def test_a_body_without_end_is_not_kept_in_memory(stand: Stand) -> None:
    parts = 0

    async def receive() -> dict[str, Any]:
        nonlocal parts
        parts += 1
        return {"type": "http.request", "body": b" " * 65536, "more_body": parts < 100}

    scope = {"type": "http", "headers": [(b"content-type", b"application/json")], "query_string": b"", "app": stand.app}
    with pytest.raises(ProblemError) as refused:
        await read_body(Request(scope, receive), Thing)
    assert refused.value.kind.code == "request.too-large"
    assert parts == 1024 * 1024 // 65536 + 1


async def test_a_batch_may_be_larger_than_a_single_command(client: httpx.AsyncClient) -> None:
    sent = extended("[" + "1," * 150_000 + "1]")
    answer = await client.post("/v1/things/01890a5d-ac96-774b-bcce-b302099a8057/notes", content=sent, headers=JSON)
    assert answer.json()["code"] == "thing.taken"
