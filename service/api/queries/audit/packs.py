"""Evidence packs: one case, or a random sample with the cases of its decisions, as a file that proves itself."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import IO, Any, Final, cast
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from service.api.conventions import accepted
from service.api.openapi import query
from service.api.parameters import Position, ReadParameters, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import id_in, not_found, queries_of, question_of, said_in_problems
from service.api.queries.lists import HeldAnswer
from service.api.reads import write_down
from service.api.refusing.invalid import FieldError
from service.reading.audit.packs.door import Packs
from service.reading.audit.packs.making import Pack, PacksBusyError
from service.reading.audit.packs.plan import Found, Pin, Plan, SinceUnknownError
from service.reading.audit.shown import ShownCases
from service.reading.queries import ProjectionNotAskedError
from service.reading.sight import Sight

ZIP: Final = "application/zip"

_TAG: Final = "audit"
_PART: Final = 256 * 1024

Find = Callable[[Packs, Sight, UUID], Awaitable[Found | None]]


class PackParameters(ReadParameters):
    """Which checkpoint the pack hangs on: the first one that covers `as_known_at`, else the newest."""

    since: Position | None = None
    """The size of a checkpoint that the auditor has: the pack shows that the log has only grown since."""


def packs_of(request: Request) -> Packs:
    """What makes this application's packs."""
    return cast("Packs", request.app.state.packs)


def add_packs(router: APIRouter) -> None:
    """Serve the packs."""
    of_case = _described("The whole case as a pack that proves itself")
    router.get("/v1/evidence-packs/{incident}", **of_case)(case_pack)
    of_sample = _described("A random sample, with the whole cases of what was drawn, as a pack that proves itself")
    router.get("/v1/evidence-packs/samples/{sample}", **of_sample)(sample_pack)


async def case_pack(request: Request) -> Response:
    """The pack of one case."""
    return await _answered(request, "incident", lambda packs, sight, case: packs.finder.case(sight, case))


async def sample_pack(request: Request) -> Response:
    """The pack of a random sample."""
    return await _answered(request, "sample", lambda packs, sight, sample: packs.finder.sample(sight, sample))


async def _answered(request: Request, name: str, find: Find) -> Response:
    parameters = read_parameters(request, PackParameters)
    accepted(request, (ZIP,))
    packs, subject = packs_of(request), id_in(request, name)
    async with AsyncExitStack() as stack:
        async with said_in_problems():
            plan = await _planned(request, parameters, lambda sight: find(packs, sight, subject))
            pack = await _made(packs, plan, stack)
        headers = _headers(plan, pack)
        if _has(request, headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        await write_down(request, _shown(plan, pack), position=plan.size)
        return HeldAnswer(_sent(plan, pack, headers), stack.pop_all())


async def _planned(
    request: Request, parameters: PackParameters, find: Callable[[Sight], Awaitable[Found | None]]
) -> Plan:
    question = question_of(request, parameters)
    if question.projection is not None:
        raise ProjectionNotAskedError(["none: it is told from the events themselves"])
    sight = await queries_of(request).sight(question.actor, min_position=question.min_position)
    found = await find(sight)
    if found is None:
        raise not_found()
    if not sight.may_read_events:
        raise ProblemError("access.not-permitted")
    pin = Pin(
        known_at=question.known_at,
        min_position=question.min_position,
        since=parameters.since,
        as_of=question.as_of,
    )
    try:
        plan = await packs_of(request).finder.plan(found, sight, pin)
    except SinceUnknownError:
        sentence = (
            "This must be the size of a checkpoint that this log has published, not larger than the one of the pack."
        )
        raise ProblemError(
            "request.parameter-invalid", errors=[FieldError("?since", "out-of-range", sentence)]
        ) from None
    if plan is None:
        raise not_found()
    return plan


async def _made(packs: Packs, plan: Plan, held: AsyncExitStack) -> Pack:
    try:
        return await held.enter_async_context(packs.maker.made(plan))
    except PacksBusyError:
        raise ProblemError("service.overloaded") from None


def _shown(plan: Plan, pack: Pack) -> ShownCases:
    """A pack is a read of every case in it."""
    shown = ShownCases()
    shown.add(*plan.cases)
    if pack.words_opened:
        shown.open_words()
    return shown


def _headers(plan: Plan, pack: Pack) -> dict[str, str]:
    """The tag is that of the bytes: the same pack has it for ever."""
    return {
        "ETag": f'"{pack.digest}"',
        "Ledger-Position": str(plan.size),
        "Projection-Lag": str(plan.lag),
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization",
    }


def _has(request: Request, tag: str) -> bool:
    known = {each.strip() for given in request.headers.getlist("if-none-match") for each in given.split(",")}
    return tag in known or "*" in known


def _sent(plan: Plan, pack: Pack, headers: dict[str, str]) -> Response:
    described = {"Content-Disposition": f'attachment; filename="{plan.name}"', "Content-Length": str(pack.size)}
    return StreamingResponse(_parts(pack.file), headers=headers | described, media_type=ZIP)


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    while part := file.read(_PART):
        yield part


def _described(summary: str) -> dict[str, Any]:
    described = query(PackParameters, dict[str, Any], summary=summary, tag=_TAG)
    described["responses"][HTTPStatus.OK]["content"] = {ZIP: {"schema": {"type": "string", "format": "binary"}}}
    return described
