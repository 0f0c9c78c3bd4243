"""Whole lists as CSV or NDJSON, streamed row by row; the cases in each part are written down before it leaves."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse

from service.api.answers import Freshness
from service.api.conventions import CSV, NDJSON
from service.api.reads import write_down
from service.reading.audit.shown import ShownCases

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL: Final = 64 * 1024

Rows = AsyncIterator[Mapping[str, Any]]


async def csv_answer(
    request: Request, rows: Rows, columns: Sequence[str], freshness: Freshness, shown: ShownCases
) -> StreamingResponse:
    """RFC 4180, with one header line; a text that a spreadsheet would run as a formula is made a plain text."""
    return await streamed(request, _csv(rows, columns), freshness, shown, f"{CSV}; charset=utf-8; header=present")


async def ndjson_answer(request: Request, rows: Rows, freshness: Freshness, shown: ShownCases) -> StreamingResponse:
    """One JSON object a line."""
    return await streamed(request, _ndjson(rows), freshness, shown, NDJSON)


async def streamed(
    request: Request, parts: AsyncIterator[bytes], freshness: Freshness, shown: ShownCases, media_type: str
) -> StreamingResponse:
    """An answer in parts. `shown` grows as they are made: before a part leaves, the cases that are new in it are written down.

    So each case is named once for the request, in as many records as there are parts with new cases. The first part is made
    before the answer begins: what cannot be written down at all is still answered with a problem.

    Raises:
        AccessNotRecordedError: the cases of the first part are not known to be written down.
    """
    recorded = _recorded(request, parts, freshness.position, shown)
    first = await anext(recorded, b"")
    headers = freshness.headers() | {"Vary": "Accept, Authorization"}
    return StreamingResponse(_resumed(first, recorded), headers=headers, media_type=media_type)


async def _recorded(
    request: Request, parts: AsyncIterator[bytes], position: int, shown: ShownCases
) -> AsyncIterator[bytes]:
    async for part in parts:
        await write_down(request, shown, position=position)
        yield part


async def _resumed(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in others:
        yield part


def csv_cell(value: object) -> str:
    """A value as a CSV cell; empty for null, guarded where a text begins like a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case int() | float():
            return str(value)
        case dict() | list() | tuple():
            return csv_cell(orjson.dumps(value, default=str).decode())
    return csv_cell(str(value))


async def _csv(rows: Rows, columns: Sequence[str]) -> AsyncIterator[bytes]:
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow([csv_cell(column) for column in columns])
    async for row in rows:
        writer.writerow([csv_cell(row.get(column)) for column in columns])
        if page.tell() >= _FULL:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


async def _ndjson(rows: Rows) -> AsyncIterator[bytes]:
    lines: list[bytes] = []
    size = 0
    async for row in rows:
        lines.append(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE))
        size += len(lines[-1])
        if size >= _FULL:
            yield b"".join(lines)
            lines.clear()
            size = 0
    yield b"".join(lines)
