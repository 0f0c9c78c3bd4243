"""A thin client of the HTTP contract: somebody gives a command or asks a question, and is answered or refused."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx

from domain.kernel.actor import Role

Mint = Callable[[tuple[Role, ...], str, str], str]
"""Gives a token for roles, an organisation and a subject."""

_SECONDS: Final = 30.0
_ATTEMPTS: Final = 10


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks to the ledger: how the story calls them, and what their token says."""

    title: str
    subject: str
    roles: tuple[Role, ...]
    organisation: str = "ZZ1"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to a command that was taken."""

    id: str
    position: int
    links: Mapping[str, str]


class RefusedError(Exception):
    """The service said no: `code` is for machines, `reasons` are for people."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.detail = str(problem.get("detail", ""))
        self.reasons = tuple(problem.get("reasons", ())) or (self.detail,)
        self.errors = tuple(problem.get("errors", ()))
        super().__init__(f"{status} {self.code}: {self.detail} {list(self.errors) or ''}".strip())


@dataclass
class LedgerClient:
    """Speaks to one service over HTTP for everybody in the story."""

    http: httpx.AsyncClient
    mint: Mint
    _tokens: dict[Voice, str] = field(default_factory=dict)

    async def give(self, voice: Voice, path: str, body: Mapping[str, Any], *, key: str) -> Recorded:
        """Give a command. The same key again gives the first answer again, so a lost reply does no harm.

        Raises:
            RefusedError: it was not taken, and nothing is recorded.
        """
        headers = self._headers(voice) | {"Idempotency-Key": key}
        answer = await self._answer(lambda: self.http.post(path, json=dict(body), headers=headers, timeout=_SECONDS))
        return Recorded(answer["id"], answer["position"], answer["links"])

    async def ask(self, voice: Voice, path: str, **query: str | int) -> Any:
        """Ask a question.

        Raises:
            RefusedError: it is not answered.
        """
        headers = self._headers(voice)
        return await self._answer(lambda: self.http.get(path, params=query or None, headers=headers, timeout=_SECONDS))

    async def download(self, voice: Voice, path: str, **query: str | int) -> bytes:
        """Fetch a file.

        Raises:
            RefusedError: it is not given.
        """
        headers = self._headers(voice)
        sent = await self._sent(lambda: self.http.get(path, params=query or None, headers=headers, timeout=_SECONDS))
        return sent.content

    async def pose(self, voice: Voice, path: str, body: Mapping[str, Any]) -> Any:
        """Ask a question that has a body: it is no command, and nothing is recorded of it.

        Raises:
            RefusedError: it is not answered.
        """
        headers = self._headers(voice)
        return await self._answer(lambda: self.http.post(path, json=dict(body), headers=headers, timeout=_SECONDS))

    async def head(self) -> int:
        """The position of the last event of the ledger."""
        return int((await self.status())["ledger"]["position"])

    async def ask_all(self, voice: Voice, path: str, **query: str | int) -> list[dict[str, Any]]:
        """Every item of a list, page by page.

        Raises:
            RefusedError: it is not answered.
        """
        items: list[dict[str, Any]] = []
        page = await self.ask(voice, path, envelope="true", limit=500, **query)
        while True:
            items += page["items"]
            if page["next"] is None:
                return items
            page = await self.ask(voice, page["next"])

    async def status(self) -> dict[str, Any]:
        """How the service is; nobody needs a token for that."""
        answer: dict[str, Any] = (await self.http.get("/_status", timeout=_SECONDS)).json()
        return answer

    async def _answer(self, send: Callable[[], Awaitable[httpx.Response]]) -> Any:
        return (await self._sent(send)).json()

    async def _sent(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """The answer; a service that asks to be tried again later is."""
        for _ in range(_ATTEMPTS):
            answer = await send()
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RefusedError(answer.status_code, answer.json())
        return answer

    def _headers(self, voice: Voice) -> dict[str, str]:
        if voice not in self._tokens:
            self._tokens[voice] = self.mint(voice.roles, voice.organisation, voice.subject)
        return {"Authorization": f"Bearer {self._tokens[voice]}"}
