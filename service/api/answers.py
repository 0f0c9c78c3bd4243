"""Answers that say yes: what a command did, one record, a list; with the headers that the contract promises."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response

from service.api.conventions import JSON, accepted
from service.api.reads import write_down
from service.reading.audit.shown import ShownCases


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a command did. `changed` is False where it was taken and recorded nothing new."""

    id: UUID
    stream_version: int
    position: int
    location: str
    links: Mapping[str, str] = field(default_factory=dict)
    changed: bool = True
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What an answer speaks for: the position, how far behind the ledger that is, and what the ETag is made of.

    `changed_at` is the position at which this answer last changed, `projection` the read model with its version,
    `reader` the scope in which it was read. `versions` are the read models that answered, by name and version of their
    code: the same ones give the same answer about the same past, for ever.
    """

    position: int
    lag: int
    changed_at: int
    projection: str
    reader: str
    versions: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of every answer to a query."""
        told = {"Ledger-Position": str(self.position), "Projection-Lag": str(self.lag)}
        return told if self.versions is None else told | {"Projection-Version": self.versions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of a list: flat rows, the cursor of the next page (None: this is the last), and how many there are."""

    items: Sequence[Mapping[str, Any]]
    next_cursor: str | None = None
    total: int | None = None


def command_answer(recorded: Recorded) -> Response:
    """201 (or 200 where nothing new was recorded), given only after the commit is durable."""
    headers = {
        "Location": recorded.location,
        "ETag": f'W/"{recorded.stream_version}"',
        "Ledger-Position": str(recorded.position),
    }
    if recorded.replayed:
        headers["Idempotent-Replayed"] = "true"
    body = {
        "id": str(recorded.id),
        "stream_version": recorded.stream_version,
        "position": recorded.position,
        "links": dict(recorded.links),
    }
    status = HTTPStatus.CREATED if recorded.changed else HTTPStatus.OK
    return Response(orjson.dumps(body), status, headers, JSON)


async def record_answer(
    request: Request, record: Mapping[str, Any], freshness: Freshness, shown: ShownCases
) -> Response:
    """One record; 304 where the client has it as it is. The cases that it shows are written down first.

    Raises:
        ProblemError: the client does not take JSON.
        AccessNotRecordedError: the read is not known to be written down.
    """
    accepted(request)
    return await conditional_answer(request, orjson.dumps(record), freshness, shown)


async def list_answer(request: Request, page: Page, freshness: Freshness, shown: ShownCases) -> Response:
    """A page of a list, bare or (with `envelope=true`) as `{items, next, total}`; 304 where nothing changed.

    The cases that it shows are written down first.

    Raises:
        AccessNotRecordedError: the read is not known to be written down.
    """
    following = next_link(request, page.next_cursor)
    items = list(page.items)
    enveloped = request.query_params.get("envelope") == "true"
    body = {"items": items, "next": following, "total": page.total} if enveloped else items
    answer = await conditional_answer(request, orjson.dumps(body, default=str), freshness, shown)
    if following is not None:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def next_link(request: Request, cursor: str | None) -> str | None:
    """The address of the next page: this one's, with the cursor in place of its own."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{quote(request.url.path)}?{urlencode([*kept, ('cursor', cursor)])}"


def entity_tag(body: bytes, freshness: Freshness) -> str:
    """The tag of an answer: another one as soon as its content, its read model or its reader is another.

    The body holds each row's status at `as_of`: a row that has crossed a due time since gives another tag.
    """
    parts = orjson.dumps([freshness.changed_at, freshness.projection, freshness.reader])
    digest = hashlib.sha256(parts + body).digest()[:18]
    return f'W/"{base64.urlsafe_b64encode(digest).decode()}"'


async def conditional_answer(request: Request, body: bytes, freshness: Freshness, shown: ShownCases) -> Response:
    """An answer whose JSON is ready, once the cases that it shows are written down.

    304 where the client has it as it is: that shows nothing, and nothing is written down.

    Raises:
        AccessNotRecordedError: the read is not known to be written down.
    """
    tag = entity_tag(body, freshness)
    headers = freshness.headers() | {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    known = {each.strip() for given in request.headers.getlist("if-none-match") for each in given.split(",")}
    if tag in known or "*" in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    await write_down(request, shown, position=freshness.position)
    return Response(body, headers=headers, media_type=JSON)
