"""Whatever stands where a token should be, it is refused: it never makes the service fail."""

import base64
import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt

from service.identity.caller import Pseudonyms
from service.identity.issuers import ACCESS_TOKEN, AUDIENCE, LOCAL_ISSUER, LocalIssuer, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenRefusedError, TokenVerifier

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADER_NAMES = ("alg", "kid", "typ", "cty", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "enc")
CLAIM_NAMES = ("iss", "aud", "sub", "exp", "nbf", "iat", "roles", "organisation")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    folder: Path = tmp_path_factory.mktemp("keys")
    return LocalIssuer(KeyFolder(folder))


def encoded(part: Any) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


@given(
    header=st.dictionaries(st.sampled_from(HEADER_NAMES), ANYTHING, max_size=4),
    claims=st.dictionaries(st.sampled_from(CLAIM_NAMES), ANYTHING, max_size=4) | ANYTHING,
    signature=st.binary(max_size=70),
)
async def test_a_header_and_claims_of_any_shape_are_refused(
    issuer: LocalIssuer, header: dict[str, Any], claims: Any, signature: bytes
) -> None:
    verifier = TokenVerifier([trust_local(issuer)], Pseudonyms(b"p" * 32))
    kid = next(iter(issuer.public_keys)).kid
    right = {"alg": "ES256", "kid": kid, "typ": "at+jwt"}
    said = {"iss": LOCAL_ISSUER} | claims if isinstance(claims, dict) else claims
    for head in (header, right | header):
        token = encoded(head) + b"." + encoded(said) + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
        with pytest.raises(TokenRefusedError):
            await verifier.verify(token)


@given(claims=st.dictionaries(st.sampled_from(CLAIM_NAMES), ANYTHING, max_size=8))
async def test_rightly_signed_claims_of_any_shape_are_read_or_refused(
    issuer: LocalIssuer, claims: dict[str, Any]
) -> None:
    verifier = TokenVerifier([trust_local(issuer)], Pseudonyms(b"p" * 32))
    right = {"iss": LOCAL_ISSUER, "aud": AUDIENCE, "sub": "a", "exp": time.time() + 60, "roles": ["auditor"]}
    header = {"alg": "ES256", "kid": issuer._key.kid or "", "typ": ACCESS_TOKEN}
    token = jwt.encode(header, right | {"organisation": "ZZ1"} | claims, issuer._key, algorithms=["ES256"]).encode()
    with contextlib.suppress(TokenRefusedError):
        assert (await verifier.verify(token)).actor.roles


@given(token=st.binary(max_size=200))
async def test_bytes_of_any_kind_are_refused(issuer: LocalIssuer, token: bytes) -> None:
    verifier = TokenVerifier([trust_local(issuer)], Pseudonyms(b"p" * 32))
    with pytest.raises(TokenRefusedError):
        await verifier.verify(token)
