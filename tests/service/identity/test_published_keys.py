"""An issuer's published keys: rotated, withdrawn, unreachable, and asked for by a flood."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey

from service.identity.jwks import IssuerUnavailableError, PublishedKeys

URL = "https://issuer.test/jwks"


def a_key(kid: str) -> dict[str, Any]:
    return dict(ECKey.generate_key("P-256", {"kid": kid}).as_dict(private=False))


async def answer(send: Any, status: int, headers: list[tuple[bytes, bytes]], document: Any) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


class Outside:
    """An issuer's web server that a test turns as it likes, and a clock."""

    def __init__(self) -> None:
        self.fetches = 0
        self.now = 1000.0
        self.status = 200
        self.document: Any = {"keys": [a_key("k1")]}
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        if scope["path"] == "/evil":
            await answer(send, 200, [], {"keys": [a_key("evil")]})
            return
        self.fetches += 1
        await asyncio.sleep(0)
        await answer(send, self.status, self.headers, self.document)

    def clock(self) -> float:
        return self.now


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def keys(outside: Outside) -> AsyncIterator[PublishedKeys]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(outside), follow_redirects=True) as client:
        yield PublishedKeys(URL, client, clock=outside.clock)


async def test_keys_are_read_once_for_many_who_ask(outside: Outside, keys: PublishedKeys) -> None:
    found = await asyncio.gather(*(keys.find("k1") for _ in range(100)))
    assert all(key is not None and key.kid == "k1" for key in found)
    assert outside.fetches == 1


async def test_a_rotated_key_is_found_without_a_restart(outside: Outside, keys: PublishedKeys) -> None:
    await keys.find("k1")
    outside.document = {"keys": [a_key("k1"), a_key("k2")]}
    outside.now += 31
    assert await keys.find("k2") is not None
    assert outside.fetches == 2


async def test_a_flood_of_unknown_keys_asks_the_issuer_once_in_thirty_seconds(
    outside: Outside, keys: PublishedKeys
) -> None:
    await keys.find("k1")
    outside.now += 31
    assert await asyncio.gather(*(keys.find(f"x{number}") for number in range(200))) == [None] * 200
    assert outside.fetches == 2
    outside.now += 29
    await keys.find("y")
    assert outside.fetches == 2
    outside.now += 1
    await keys.find("y")
    assert outside.fetches == 3


async def test_a_withdrawn_key_is_gone_once_the_set_is_old(outside: Outside, keys: PublishedKeys) -> None:
    await keys.find("k1")
    outside.document = {"keys": [a_key("k2")]}
    outside.now += 600
    assert await keys.find("k1") is not None
    outside.now += 1
    assert await keys.find("k1") is None


@pytest.mark.parametrize("broken", ["status", "redirect", "no keys", "not a set", "too large"])
async def test_an_outage_is_survived_by_the_last_good_set_for_an_hour(
    outside: Outside, keys: PublishedKeys, broken: str
) -> None:
    await keys.find("k1")
    match broken:
        case "status":
            outside.status = 500
        case "redirect":
            outside.status, outside.headers = 302, [(b"location", b"https://issuer.test/evil")]
        case "no keys":
            outside.document = {"keys": []}
        case "not a set":
            outside.document = [1]
        case "too large":
            outside.document = {"keys": [a_key("k9")], "x": "x" * 300_000}
    outside.now += 3600
    assert await keys.find("k1") is not None
    outside.now += 1
    with pytest.raises(IssuerUnavailableError):
        await keys.find("k1")


async def test_an_issuer_that_was_never_reached_is_unavailable_and_asked_again_later(
    outside: Outside, keys: PublishedKeys
) -> None:
    outside.status = 503
    for _ in range(10):
        with pytest.raises(IssuerUnavailableError):
            await keys.find("k1")
    assert outside.fetches == 1
    outside.status = 200
    outside.now += 30
    assert await keys.find("k1") is not None


async def test_only_public_keys_for_signatures_are_taken(outside: Outside, keys: PublishedKeys) -> None:
    secret = OctKey.generate_key(256, {"kid": "secret"}).as_dict()
    private = ECKey.generate_key("P-256", {"kid": "private"}).as_dict(private=True)
    for_secrecy = a_key("enc") | {"use": "enc"}
    outside.document = {
        "keys": [secret, private, for_secrecy, {"kty": "XX"}, {"kty": "EC", "crv": "P-256"}, 7, a_key("k1")]
    }
    assert [await keys.find(kid) is not None for kid in ("secret", "private", "enc", "k1", None)] == [
        False, False, False, True, False,
    ]  # fmt: skip
