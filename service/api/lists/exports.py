"""Whole lists as CSV or NDJSON, streamed row by row."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.responses import StreamingResponse

from service.api.answers import Freshness
from service.api.conventions import CSV, NDJSON

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL: Final = 64 * 1024

Rows = AsyncIterator[Mapping[str, Any]]


def csv_answer(rows: Rows, columns: Sequence[str], freshness: Freshness) -> StreamingResponse:
    """RFC 4180, with one header line; a text that a spreadsheet would run as a formula is made a plain text."""
    headers = freshness.headers() | {"Vary": "Accept, Authorization"}
    return StreamingResponse(_csv(rows, columns), headers=headers, media_type=f"{CSV}; charset=utf-8; header=present")


def ndjson_answer(rows: Rows, freshness: Freshness) -> StreamingResponse:
    """One JSON object a line."""
    headers = freshness.headers() | {"Vary": "Accept, Authorization"}
    return StreamingResponse(_ndjson(rows), headers=headers, media_type=NDJSON)


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
