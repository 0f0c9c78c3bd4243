"""The published keys of an issuer outside, cached: rotation is noticed, an outage is survived, a flood fetches once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, OctKey

_LARGEST: Final = 256 * 1024


class IssuerUnavailableError(Exception):
    """The issuer's keys cannot be read, and those known from before are too old to trust."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheTimes:
    """In seconds: how long a set is good, how long an old one serves in an outage, and the pause between attempts."""

    age: float = 600.0
    outage: float = 3600.0
    pause: float = 30.0


USUAL_TIMES: Final = CacheTimes()


class PublishedKeys:
    """One issuer's key set. Single flight: whoever asks while a fetch runs waits for that one."""

    def __init__(
        self,
        url: str,
        client: httpx.AsyncClient,
        *,
        times: CacheTimes = USUAL_TIMES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._client = client
        self._times = times
        self._clock = clock
        self._keys: dict[str | None, Key] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._flight = asyncio.Lock()

    async def find(self, kid: str | None) -> Key | None:
        """The key of that id; one that the issuer no longer publishes is not found.

        Raises:
            IssuerUnavailableError: no set could be read for longer than an outage may last.
        """
        if self._wanted(kid) or (self._flight.locked() and kid not in self._keys):
            async with self._flight:
                if self._wanted(kid):  # whoever held the lock may have read the set that was wanted
                    await self._refresh()
        if self._read_at is None or self._clock() - self._read_at > self._times.outage:
            raise IssuerUnavailableError
        return self._keys.get(kid)

    def _wanted(self, kid: str | None) -> bool:
        """Whether to fetch: the set is old or lacks this key, and the last attempt is long enough ago."""
        now = self._clock()
        if self._tried_at is not None and now - self._tried_at < self._times.pause:
            return False
        return self._read_at is None or now - self._read_at > self._times.age or kid not in self._keys

    async def _refresh(self) -> None:
        self._tried_at = self._clock()
        try:
            answer = await self._client.get(self._url, follow_redirects=False, headers={"Accept": "application/json"})
            answer.raise_for_status()
            if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
                return
            keys = _public_keys(orjson.loads(answer.content))
        except (httpx.HTTPError, ValueError, JoseError):
            return  # the last good set keeps serving, for as long as an outage may last
        if keys:
            self._keys, self._read_at = keys, self._clock()


def _public_keys(document: Any) -> dict[str | None, Key]:
    """The keys that may verify a signature, by id; anything else in the set is passed over."""
    entries = document.get("keys", ()) if isinstance(document, dict) else ()
    found: dict[str | None, Key] = {}
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        try:
            key = JWKRegistry.import_key(entry)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        if not isinstance(key, OctKey) and not key.is_private:
            found[key.kid] = key
    return found
