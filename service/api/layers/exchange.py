"""One request and its answer as the outermost layer sees them: ids, times, and what was left unread."""

import asyncio
import re
from secrets import token_bytes
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from starlette.types import Message, Receive, Scope, Send

_ID: Final = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CORRELATION: Final = re.compile(rb"[A-Za-z0-9_.:-]{1,100}")
REQUEST_ID: Final = b"x-request-id"
CORRELATION_ID: Final = b"x-correlation-id"


class Exchange:
    """Wraps `receive` and `send` of one request. The ids go out with every answer, also with one that says no."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.scope = scope
        self.began = perf_counter()
        self.status = 0
        self.problem: str | None = None
        self.finished = False
        self.header_at_fault: str | None = None
        self._unread = False
        self.request_id = b""
        self.correlation_id: bytes | None = None
        self.fixed: tuple[tuple[bytes, bytes], ...] = ()
        self._read_headers(scope["headers"])

    def _read_headers(self, headers: list[tuple[bytes, bytes]]) -> None:
        given: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in (REQUEST_ID, CORRELATION_ID):
                if name in given:
                    self.header_at_fault = name.decode()
                given[name] = value
            elif (name == b"content-length" and value != b"0") or name == b"transfer-encoding":
                self._unread = True
        request_id = given.get(REQUEST_ID)
        if request_id is None or not _ID.fullmatch(request_id):
            if request_id is not None:
                self.header_at_fault = REQUEST_ID.decode()
            request_id = str(UUID(bytes=token_bytes(16), version=4)).encode()
        self.request_id = request_id
        correlation = given.get(CORRELATION_ID)
        if correlation is not None and not _CORRELATION.fullmatch(correlation):
            self.header_at_fault, correlation = CORRELATION_ID.decode(), None
        self.correlation_id = correlation

    @property
    def started(self) -> bool:
        """Whether the answer has begun: its status can no longer be changed."""
        return self.status != 0

    @property
    def seconds(self) -> float:
        """How long the request has taken so far."""
        return perf_counter() - self.began

    @property
    def route(self) -> str:
        """The template of the route that answered; never the path, which may hold anything."""
        return getattr(self.scope.get("route"), "path_format", None) or "unmatched"

    async def receive(self) -> Message:
        """The next part of the request."""
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            self._unread = False
        return message

    async def send(self, message: Message) -> None:
        """The next part of the answer; the first one gets the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[Any] = list(message.get("headers", ()))
            headers.append((REQUEST_ID, self.request_id))
            if self.correlation_id is not None:
                headers.append((CORRELATION_ID, self.correlation_id))
            headers.extend(self.fixed)
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            self.finished = True
        await self._send(message)

    async def drain(self, *, most: int, seconds: float) -> None:
        """Read and forget what the client still sends (bounded), so that it can read the answer that says no."""
        size = 0
        try:
            async with asyncio.timeout(seconds):
                while self._unread and size < most:
                    size += len((await self.receive()).get("body", b""))
        except TimeoutError:
            return
