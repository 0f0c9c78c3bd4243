"""Whose tokens are accepted: the local issuer of a development ledger, and issuers outside."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final, Protocol

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

from domain.kernel.actor import Role
from service.identity.claims import ClaimNames
from service.identity.key_files import KeyFolder

LOCAL_ISSUER: Final = "urn:incident-ledger:local"
AUDIENCE: Final = "incident-ledger"
ACCESS_TOKEN: Final = "at+jwt"  # noqa: S105 - the media type of RFC 9068, not a secret
USUAL_HOURS: Final = 12

_LOCAL_KEY: Final = "local-issuer"
_ALGORITHM: Final = "ES256"
_ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


class IssuerSettingsError(ValueError):
    """An issuer is described in a way that would not be safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIssuer:
    """An issuer outside, by settings. `types` are the values of the header `typ` that it gives its access tokens."""

    issuer: str
    audience: str
    jwks_url: str
    algorithms: tuple[str, ...]
    types: tuple[str, ...] = (ACCESS_TOKEN, "JWT")
    claims: ClaimNames = field(default_factory=ClaimNames)

    def __post_init__(self) -> None:
        if not self.jwks_url.startswith("https://"):
            raise IssuerSettingsError(f"the keys of {self.issuer} must come over https")
        if not self.algorithms or not set(self.algorithms) <= _ASYMMETRIC:
            raise IssuerSettingsError(f"the algorithms of {self.issuer} must be named, and be asymmetric")
        if self.issuer == LOCAL_ISSUER:
            raise IssuerSettingsError("an issuer outside cannot have the name of the local one")


class Keys(Protocol):
    """The public keys of one issuer."""

    async def find(self, kid: str | None) -> Key | None:
        """The key of that id; None where the issuer has none.

        Raises:
            IssuerUnavailableError: no keys could be read, and none are known from before.
        """
        ...


class LocalIssuer:
    """Mints tokens for development and demonstration, with a key made on first start. Never in production."""

    def __init__(self, folder: KeyFolder, *, clock: Callable[[], float] = time.time) -> None:
        kept = folder.kept(_LOCAL_KEY, _new_key)
        self._key = ECKey.import_key(json.loads(kept))
        self._clock = clock

    @property
    def public_keys(self) -> KeySet:
        """What verifies the tokens."""
        return KeySet([ECKey.import_key(self._key.as_dict(private=False))])

    def mint(self, roles: Iterable[Role], *, organisation: str, subject: str, hours: float = USUAL_HOURS) -> str:
        """A token for somebody of an organisation; `system` is not a role that a token can carry.

        Raises:
            ValueError: no role, or the role `system`, was asked for.
        """
        names = sorted({role.value for role in roles})
        if not names or Role.SYSTEM.value in names:
            raise ValueError("a token carries one or more roles, and never the system's own")
        now = int(self._clock())
        claims: Mapping[str, Any] = {
            "iss": LOCAL_ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "organisation": organisation,
            "roles": names,
            "iat": now,
            "nbf": now,
            "exp": now + int(hours * 3600),
            "jti": token_hex(16),
        }
        header = {"alg": _ALGORITHM, "typ": ACCESS_TOKEN, "kid": self._key.kid or ""}
        return jwt.encode(header, dict(claims), self._key, algorithms=[_ALGORITHM])


def _new_key() -> bytes:
    key = ECKey.generate_key("P-256", auto_kid=True)
    return json.dumps(key.as_dict(private=True)).encode()


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys that do not change while the service runs."""

    keys: KeySet

    async def find(self, kid: str | None) -> Key | None:
        """The key of that id."""
        return next((key for key in self.keys if key.kid == kid), None)


@dataclass(frozen=True, slots=True)
class Trusted:
    """One issuer as the verifier knows it."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    types: tuple[str, ...]
    claims: ClaimNames
    keys: Keys


def trust_local(issuer: LocalIssuer) -> Trusted:
    """Accept the tokens of the local issuer."""
    keys = FixedKeys(issuer.public_keys)
    return Trusted(LOCAL_ISSUER, AUDIENCE, (_ALGORITHM,), (ACCESS_TOKEN,), ClaimNames(), keys)


def trust(external: ExternalIssuer, keys: Keys) -> Trusted:
    """Accept the tokens of an issuer outside, by its published keys."""
    return Trusted(external.issuer, external.audience, external.algorithms, external.types, external.claims, keys)
