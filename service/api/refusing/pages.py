"""What each problem means, in words: the page behind its `type`, and `openapi/problems.md`."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.api.problems import ProblemError
from service.api.refusing.codes import EDGE_PROBLEMS, ProblemKind
from service.api.refusing.statuses import kind_of, known_refusals, load_refusals

_INTRODUCTION: Final = """# Problems

Every answer that says no is `application/problem+json` (RFC 9457). `code` is stable; `type` is the path of its page.
`errors[]` names the fields at fault by JSON pointer, never by value. Nothing was stored unless the text says so.

| code | status | title | what to do |
|---|---|---|---|
"""


def every_problem() -> list[ProblemKind]:
    """Every problem that the service can answer, in order of code."""
    kinds = EDGE_PROBLEMS | {refusal.code: kind_of(refusal) for refusal in known_refusals()}
    return [kinds[code] for code in sorted(kinds)]


def problems_markdown() -> str:
    """The text of `openapi/problems.md`."""
    load_refusals()
    lines = (f"| `{kind.code}` | {kind.status} | {kind.title} | {kind.advice} |\n" for kind in every_problem())
    return _INTRODUCTION + "".join(lines)


def problem_pages() -> APIRouter:
    """`GET /problems/{code}`."""
    router = APIRouter(tags=["problems"])

    @router.get("/problems/{code}", operation_id="problem", summary="What a problem means")
    async def problem(code: str) -> Response:
        kind = next((kind for kind in every_problem() if kind.code == code), None)
        if kind is None:
            raise ProblemError("resource.not-found")
        return Response(_page(kind), media_type="text/markdown; charset=utf-8")

    return router


def _page(kind: ProblemKind) -> str:
    again = f"\n\nTry again after {kind.retry_after} s.\n" if kind.retry_after is not None else "\n"
    return f"# {kind.title}\n\n`{kind.code}`, status {kind.status}.\n\n{kind.advice}{again}"
