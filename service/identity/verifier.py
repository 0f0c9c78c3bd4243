"""From a bearer token to a caller: who signed it, for whom, until when; each answer kept for a short while."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError

from service.identity.caller import Caller, Pseudonyms
from service.identity.claims import TokenRefusedError, caller_from
from service.identity.issuers import Trusted
from service.identity.jwks import IssuerUnavailableError

__all__ = ["IssuerUnavailableError", "TokenRefusedError", "TokenVerifier", "Verifier"]

LEEWAY_SECONDS: Final = 60
_TOKEN_LONGEST: Final = 8 * 1024
_KEPT_SECONDS: Final = 60.0
_KEPT_MOST: Final = 10_000


class Verifier(Protocol):
    """Knows who a token stands for."""

    async def verify(self, token: bytes) -> Caller:
        """The caller.

        Raises:
            TokenRefusedError: the token is not accepted.
            IssuerUnavailableError: the issuer's keys cannot be read now.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    caller: Caller
    until: float


class TokenVerifier:
    """Verifies against a fixed list of issuers, on the real clock.

    What was verified is kept by the token's digest for at most a minute, and never past its expiry: a signature costs
    a hundred times a look-up, and a key that an issuer withdraws stops verifying within that minute.
    """

    def __init__(
        self, trusted: Iterable[Trusted], pseudonyms: Pseudonyms, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._trusted = {each.issuer: each for each in trusted}
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    async def verify(self, token: bytes) -> Caller:
        """The caller that the token stands for.

        Raises:
            TokenRefusedError: the token is not accepted.
            IssuerUnavailableError: the issuer's keys cannot be read now.
        """
        if len(token) > _TOKEN_LONGEST:
            raise TokenRefusedError("too-long")
        digest = hashlib.sha256(token).digest()
        now = self._clock()
        kept = self._kept.get(digest)
        if kept is not None and now < kept.until:
            return kept.caller
        claims, trusted = await self._verified(token)
        expires = _check_times(claims, now)
        caller = caller_from(claims, trusted.claims, self._pseudonyms)
        self._keep(digest, _Kept(caller, min(expires + LEEWAY_SECONDS, now + _KEPT_SECONDS)))
        return caller

    def _keep(self, digest: bytes, kept: _Kept) -> None:
        self._kept[digest] = kept
        self._kept.move_to_end(digest)
        if len(self._kept) > _KEPT_MOST:
            self._kept.popitem(last=False)

    async def _verified(self, token: bytes) -> tuple[Mapping[str, Any], Trusted]:
        """The claims, once the signature of the issuer that they name has been checked."""
        try:
            unverified = jws.extract_compact(token)
            header, claimed = unverified.headers(), orjson.loads(unverified.payload)
        except (JoseError, ValueError, TypeError):
            raise TokenRefusedError("malformed") from None
        trusted = self._trusted.get(str(claimed.get("iss"))) if isinstance(claimed, dict) else None
        if trusted is None:
            raise TokenRefusedError("issuer")
        if "crit" in header:  # nothing beyond the standard is understood here (RFC 7515, section 4.1.11)
            raise TokenRefusedError("extension")
        if header.get("alg") not in trusted.algorithms:
            raise TokenRefusedError("algorithm")
        if str(header.get("typ", "")).lower().removeprefix("application/") not in map(str.lower, trusted.types):
            raise TokenRefusedError("type")
        kid = header.get("kid")
        key = await trusted.keys.find(kid if isinstance(kid, str) else None)
        if key is None:
            raise TokenRefusedError("key")
        try:
            claims = jwt.decode(token, key, algorithms=list(trusted.algorithms)).claims
        except (JoseError, ValueError, TypeError):
            raise TokenRefusedError("signature") from None
        _check_parties(claims, trusted)
        return claims, trusted


def _check_parties(claims: Mapping[str, Any], trusted: Trusted) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != trusted.issuer:
        raise TokenRefusedError("issuer")
    if trusted.audience not in audiences:
        raise TokenRefusedError("audience")


def _check_times(claims: Mapping[str, Any], now: float) -> float:
    """The expiry, which must be there; `nbf` and `iat` may be absent."""
    expires = _time(claims, "exp")
    if expires is None or expires + LEEWAY_SECONDS <= now:
        raise TokenRefusedError("expired")
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins - LEEWAY_SECONDS > now:
            raise TokenRefusedError("not-yet")
    return expires


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # A NaN compares false with everything, and would never expire.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        raise TokenRefusedError("time")
    return float(value)
