"""Which tokens are accepted, and whom they stand for."""

import base64
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from domain.kernel.actor import Role
from service.identity.caller import Pseudonyms
from service.identity.claims import ClaimNames
from service.identity.issuers import ACCESS_TOKEN, LOCAL_ISSUER, LocalIssuer, Trusted, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenRefusedError, TokenVerifier

NOW = 1_772_443_800.0
PSEUDONYMS = Pseudonyms(b"p" * 32)
ISSUER = "https://issuer.test"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class CountedKeys:
    """Keys that count how often they are asked for."""

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.kid: key for key in keys}
        self.asked = 0

    async def find(self, kid: str | None) -> Key | None:
        self.asked += 1
        return self.keys.get(kid)


RSA_KEY = RSAKey.generate_key(2048, {"kid": "r1"})
EC_KEY = ECKey.generate_key("P-256", {"kid": "e1"})


class World:
    """A verifier with a local issuer and one outside, and everything to make tokens with."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.issuer = LocalIssuer(KeyFolder(folder), clock=self.clock)
        self.keys = CountedKeys(RSA_KEY, EC_KEY)
        names = ClaimNames(organisation="ods", roles="scope", role_words={"psl": Role.PATIENT_SAFETY_MANAGER})
        outside = Trusted(ISSUER, "ledger", ("RS512", "PS256"), ("at+jwt", "JWT"), names, self.keys)
        self.verifier = TokenVerifier([trust_local(self.issuer), outside], PSEUDONYMS, clock=self.clock)

    def mint(self, *roles: Role, hours: float = 1.0) -> bytes:
        return self.issuer.mint(roles or (Role.REPORTER,), organisation="ZZ1", subject="a", hours=hours).encode()

    def outside(self, *, header: dict[str, Any] | None = None, key: Key = RSA_KEY, **claims: Any) -> bytes:
        said = {"iss": ISSUER, "aud": "ledger", "sub": "me", "ods": "ZZ2", "scope": "reporter other", "exp": NOW + 300}
        said = {name: value for name, value in (said | claims).items() if value is not None}
        head = {"alg": "RS512", "kid": key.kid, "typ": "JWT"} | (header or {})
        return jwt.encode(head, said, key, algorithms=[head["alg"]], default_type=None).encode()

    async def refusal(self, token: bytes) -> str:
        with pytest.raises(TokenRefusedError) as refused:
            await self.verifier.verify(token)
        return refused.value.reason


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_local_token_stands_for_one_actor_with_roles_and_an_organisation(world: World) -> None:
    caller = await world.verifier.verify(world.mint(Role.REPORTER, Role.ANALYST))
    assert caller.actor.roles == {Role.REPORTER, Role.ANALYST}
    assert (caller.actor.organisation, caller.subject, caller.issuer) == ("ZZ1", "a", LOCAL_ISSUER)
    assert "'a'" not in repr(caller)


async def test_a_token_from_outside_is_read_by_the_names_of_its_issuer(world: World) -> None:
    caller = await world.verifier.verify(world.outside(scope="psl unknown"))
    assert caller.actor.roles == {Role.PATIENT_SAFETY_MANAGER}
    assert caller.actor.organisation == "ZZ2"
    for header in ({"alg": "PS256"}, {"typ": "at+jwt"}, {"typ": "application/AT+JWT"}):
        assert await world.verifier.verify(
            world.outside(header=header, aud=["x", "ledger"])
        ) == await world.verifier.verify(world.outside())


REFUSED: dict[str, tuple[Callable[[World], bytes], str]] = {
    "nothing": (lambda _: b"", "malformed"),
    "noise": (lambda _: b"a.b.c", "malformed"),
    "bytes that are no text": (lambda _: b"\xff.\xff.\xff", "malformed"),
    "a very long token": (lambda _: b"a" * 8193, "too-long"),
    "no issuer": (lambda w: w.outside(iss=None), "issuer"),
    "another issuer": (lambda w: w.outside(iss="https://issuer.test.evil"), "issuer"),
    "the start of an issuer": (lambda w: w.outside(iss="https://issuer"), "issuer"),
    "a list of issuers": (lambda w: w.outside(iss=[ISSUER]), "issuer"),
    "no audience": (lambda w: w.outside(aud=None), "audience"),
    "another audience": (lambda w: w.outside(aud="ledger2"), "audience"),
    "an audience inside a text": (lambda w: w.outside(aud="my ledger"), "audience"),
    "no expiry": (lambda w: w.outside(exp=None), "expired"),
    "expired": (lambda w: w.outside(exp=NOW - 60), "expired"),
    "an expiry that never comes": (lambda w: w.outside(exp=float("nan")), "malformed"),
    "an expiry beyond reason": (lambda w: w.outside(exp=1e300), "time"),
    "an expiry in a text": (lambda w: w.outside(exp="9999999999"), "time"),
    "an expiry that is true": (lambda w: w.outside(exp=True), "time"),
    "not yet": (lambda w: w.outside(nbf=NOW + 61), "not-yet"),
    "issued in the future": (lambda w: w.outside(iat=NOW + 61), "not-yet"),
    "another type": (lambda w: w.outside(header={"typ": "id+jwt"}), "type"),
    "another algorithm of the same key": (lambda w: w.outside(header={"alg": "RS256"}), "algorithm"),
    "an algorithm of another key": (lambda w: w.outside(header={"alg": "ES256"}, key=EC_KEY), "algorithm"),
    "an unknown key": (lambda w: w.outside(header={"kid": "r2"}), "key"),
    "no key named": (lambda w: w.outside(header={"kid": ""}), "key"),
    "the key of another kind": (lambda w: w.outside(header={"kid": "e1"}), "signature"),
    "no subject": (lambda w: w.outside(sub=None), "subject"),
    "an empty subject": (lambda w: w.outside(sub=""), "subject"),
    "a subject of two lines": (lambda w: w.outside(sub="a\nb"), "subject"),
    "a long subject": (lambda w: w.outside(sub="a" * 256), "subject"),
    "no organisation": (lambda w: w.outside(ods=None), "organisation"),
    "a lower-case organisation": (lambda w: w.outside(ods="zz1"), "organisation"),
    "no role": (lambda w: w.outside(scope=None), "roles"),
    "no role of ours": (lambda w: w.outside(scope="other"), "roles"),
    "roles that are no words": (lambda w: w.outside(scope=[1]), "roles"),
    "the role of the system": (lambda w: w.outside(scope="reporter system"), "role-system"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_token_that_is_not_right_in_every_part_is_refused(
    world: World, make: Callable[[World], bytes], reason: str
) -> None:
    token = make(world)
    assert await world.refusal(token) == reason


def encoded(part: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


async def test_an_unsigned_token_is_refused(world: World) -> None:
    claims = world.outside().split(b".")[1]
    for algorithm in ("none", "None", "HS256", None, ["RS512"]):
        head = encoded({"alg": algorithm, "kid": "r1", "typ": "JWT"})
        for signature in (b"", world.outside().split(b".")[2]):
            assert await world.refusal(head + b"." + claims + b"." + signature) in ("algorithm", "malformed")


async def test_a_public_key_is_no_shared_secret(world: World) -> None:
    signed = encoded({"alg": "HS256", "kid": "r1", "typ": "JWT"}) + b"." + world.outside().split(b".")[1]
    mac = hmac.digest(RSA_KEY.as_pem(private=False), signed, "sha256")
    assert await world.refusal(signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")) == "algorithm"


async def test_an_extension_that_must_be_understood_is_refused(world: World) -> None:
    """The signature is right; what the token asks for is not understood, so it is not accepted (RFC 7515, 4.1.11)."""
    for more, accepted in (
        ({}, True),
        ({"crit": ["exp"], "exp": 1}, False),
        ({"crit": []}, False),
        ({"crit": 7}, False),
    ):
        signed = encoded({"alg": "RS512", "kid": "r1", "typ": "JWT"} | more) + b"." + world.outside().split(b".")[1]
        private = RSA_KEY.private_key
        assert private is not None
        signature = private.sign(signed, padding.PKCS1v15(), hashes.SHA512())
        token = signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
        if accepted:
            await world.verifier.verify(token)
        else:
            assert await world.refusal(token) == "extension"


async def test_a_changed_claim_is_noticed(world: World) -> None:
    head, claims, signature = world.mint().split(b".")
    said = json.loads(base64.urlsafe_b64decode(claims + b"=="))
    forged = b".".join((head, encoded(said | {"roles": ["administrator"]}), signature))
    assert await world.refusal(forged) == "signature"


async def test_a_token_of_one_issuer_signed_by_another_is_refused(world: World) -> None:
    token = world.outside(iss=LOCAL_ISSUER, aud="incident-ledger", header={"typ": ACCESS_TOKEN})
    assert await world.refusal(token) == "algorithm"


async def test_a_minute_of_difference_between_clocks_is_allowed_and_no_more(world: World) -> None:
    token = world.mint(hours=1)
    for moment, accepted in ((-61, False), (-60, True), (3659, True), (3660, False), (3661, False)):
        world.clock.now = NOW + moment
        fresh = TokenVerifier([trust_local(world.issuer)], PSEUDONYMS, clock=world.clock)
        if accepted:
            await fresh.verify(token)
        else:
            with pytest.raises(TokenRefusedError):
                await fresh.verify(token)


async def test_a_verified_token_is_remembered_for_a_minute_and_never_past_its_expiry(world: World) -> None:
    token = world.outside(exp=NOW - 30)
    for moment, asked in ((0, 1), (29, 1)):
        world.clock.now = NOW + moment
        await world.verifier.verify(token)
        assert world.keys.asked == asked
    world.clock.now = NOW + 30
    assert await world.refusal(token) == "expired"


async def test_a_withdrawn_key_stops_verifying_within_a_minute(world: World) -> None:
    token = world.outside(exp=NOW + 3000)
    await world.verifier.verify(token)
    world.keys.keys.clear()
    world.clock.now = NOW + 59
    await world.verifier.verify(token)
    world.clock.now = NOW + 60
    assert await world.refusal(token) == "key"


async def test_what_was_refused_is_not_remembered_as_accepted(world: World) -> None:
    token = world.outside(nbf=NOW + 100)
    assert await world.refusal(token) == "not-yet"
    world.clock.now = NOW + 100
    assert (await world.verifier.verify(token)).actor.organisation == "ZZ2"


def test_the_local_issuer_mints_no_token_for_the_system_or_for_no_role(tmp_path: Path) -> None:
    issuer = LocalIssuer(KeyFolder(tmp_path))
    for roles in ((), (Role.SYSTEM,), (Role.REPORTER, Role.SYSTEM)):
        with pytest.raises(ValueError, match="role"):
            issuer.mint(roles, organisation="ZZ1", subject="a")


async def test_the_key_of_the_local_issuer_is_kept(world: World, tmp_path: Path) -> None:
    again = LocalIssuer(KeyFolder(tmp_path), clock=world.clock)
    await world.verifier.verify(again.mint([Role.AUDITOR], organisation="ZZ1", subject="a").encode())
    assert b'"d"' not in json.dumps(world.issuer.public_keys.as_dict()).encode()


def test_a_pseudonym_is_one_for_one_person_and_says_nothing() -> None:
    first = PSEUDONYMS.actor("i", "ZZ1", "a")
    assert first == PSEUDONYMS.actor("i", "ZZ1", "a")
    others = [("j", "ZZ1", "a"), ("i", "ZZ2", "a"), ("i", "ZZ1", "b"), ("i", "ZZ1a", ""), ("iZZ1", "", "a")]
    assert len({first, *(PSEUDONYMS.actor(*other) for other in others)}) == 6
    assert Pseudonyms(b"q" * 32).actor("i", "ZZ1", "a") != first
    assert (UUID(str(first)).version, UUID(str(first)).variant) == (8, "specified in RFC 4122")
    assert PSEUDONYMS.client("i", "ZZ1", "a")[:16] != first.bytes
