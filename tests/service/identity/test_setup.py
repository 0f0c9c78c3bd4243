"""Identity as settings describe it, and what would not be safe."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.kernel.actor import Role
from service.identity.issuers import LOCAL_ISSUER, ExternalIssuer, IssuerSettingsError, LocalIssuer
from service.identity.key_files import KeyFolder
from service.identity.setup import IdentitySettings, LocalIssuerInProductionError, token_verifier
from service.identity.verifier import TokenRefusedError

OUTSIDE = ExternalIssuer(
    issuer="https://issuer.test", audience="ledger", jwks_url="https://issuer.test/jwks", algorithms=("RS512",)
)


async def test_production_refuses_the_local_issuer(tmp_path: Path) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(LocalIssuerInProductionError):
            token_verifier(IdentitySettings(production=True, external=(OUTSIDE,)), KeyFolder(tmp_path), client)
        settings = IdentitySettings(production=True, local_issuer=False, external=(OUTSIDE,))
        verifier = token_verifier(settings, KeyFolder(tmp_path), client)
        token = LocalIssuer(KeyFolder(tmp_path)).mint([Role.AUDITOR], organisation="ZZ1", subject="a")
        with pytest.raises(TokenRefusedError):
            await verifier.verify(token.encode())


async def test_a_development_ledger_accepts_its_own_tokens(tmp_path: Path) -> None:
    async with httpx.AsyncClient() as client:
        verifier = token_verifier(IdentitySettings(), KeyFolder(tmp_path), client)
    token = LocalIssuer(KeyFolder(tmp_path)).mint([Role.AUDITOR], organisation="ZZ1", subject="a").encode()
    first = await verifier.verify(token)
    async with httpx.AsyncClient() as client:
        again = await token_verifier(IdentitySettings(), KeyFolder(tmp_path), client).verify(token)
    assert first == again


async def test_a_ledger_that_would_accept_nobody_does_not_start(tmp_path: Path) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(ValueError, match="issuer"):
            token_verifier(IdentitySettings(local_issuer=False), KeyFolder(tmp_path), client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"jwks_url": "http://issuer.test/jwks"},
        {"algorithms": ()},
        {"algorithms": ("RS512", "HS256")},
        {"algorithms": ("none",)},
        {"issuer": LOCAL_ISSUER},
    ],
)
def test_an_issuer_that_would_not_be_safe_cannot_be_described(wrong: dict[str, Any]) -> None:
    given = {"issuer": "https://i.test", "audience": "a", "jwks_url": "https://i.test/j", "algorithms": ("RS512",)}
    with pytest.raises(IssuerSettingsError):
        ExternalIssuer(**(given | wrong))
