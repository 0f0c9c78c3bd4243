"""Identity put together from settings, and refused where the settings would not be safe."""

from dataclasses import dataclass

import httpx

from service.identity.caller import Pseudonyms
from service.identity.issuers import ExternalIssuer, LocalIssuer, Trusted, trust, trust_local
from service.identity.jwks import PublishedKeys
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenVerifier

_PSEUDONYMS = "pseudonyms"


class LocalIssuerInProductionError(Exception):
    """In production, tokens come from an issuer outside: the local one would let whoever holds its file be anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySettings:
    """Whose tokens are accepted."""

    production: bool = False
    local_issuer: bool = True
    external: tuple[ExternalIssuer, ...] = ()


def token_verifier(settings: IdentitySettings, folder: KeyFolder, client: httpx.AsyncClient) -> TokenVerifier:
    """The verifier for these settings; `client` reads the keys of issuers outside.

    Raises:
        LocalIssuerInProductionError: the local issuer is on, in production.
        ValueError: nobody's tokens would be accepted.
    """
    if settings.production and settings.local_issuer:
        raise LocalIssuerInProductionError("switch the local issuer off, or production mode")
    trusted: list[Trusted] = [trust(each, PublishedKeys(each.jwks_url, client)) for each in settings.external]
    if settings.local_issuer:
        trusted.append(trust_local(LocalIssuer(folder)))
    if not trusted:
        raise ValueError("name an issuer of tokens, or switch the local one on")
    return TokenVerifier(trusted, Pseudonyms(folder.secret(_PSEUDONYMS)))
