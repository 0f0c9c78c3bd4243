"""What if: the past of providers under other editions, asked here and carried out by a worker; nothing but that is kept."""

from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, cast
from uuid import UUID

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema, create_model
from starlette.requests import Request
from starlette.responses import Response

from domain.incident.what_if.editions import Change, ChangeImpossibleError, read_change
from domain.kernel.words import Code, OdsCode
from domain.policy.clocks import local_day
from domain.policy.edition import Edition, Family
from domain.policy.library import Policy
from projections.organisation_register.queries import list_commissioned
from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.commands.route import desk_of
from service.api.conventions import JSON, accepted, idempotency_key
from service.api.fields import CodeText, Instant, Ods, Uuid, instant
from service.api.openapi import QUESTION_KEY, asking
from service.api.problems import ProblemError
from service.api.queries.asking import asked, not_found, order_of, queries_of, said_in_problems
from service.api.refusing.invalid import FieldError, field_refusal
from service.handling.identifiers import new_id
from service.handling.refusals import KeyReused
from service.reading.queries import Question as Reader
from service.reading.queries import reached
from service.reading.sight import Sight
from service.store.what_ifs.asked import NewWhatIf, Question, WhatIf
from service.store.what_ifs.jobs import KeyReusedError, TooManyAskedError, WhatIfs

PATH: Final = "/v1/policy/what-if"
RETRY_SECONDS: Final = "1"
_EDITIONS_MOST: Final = len(Family)
_POSITION_MOST: Final = 2**53 - 1


def _known_at(value: object) -> int | datetime:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _POSITION_MOST:
        return value
    if isinstance(value, str):
        return instant(value)
    raise field_refusal("not-a-position", "This must be a position in the ledger, or an instant with its offset.")


KnownAt = Annotated[
    int | datetime,
    PlainValidator(_known_at),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "integer", "minimum": 0, "maximum": _POSITION_MOST},
            ]
        }
    ),
]


class WhatIfAsked(StrictModel):
    """Which editions stand in place of those of their families (or beside them), and which families or editions do not.

    `provider`: one of those whose past the caller may ask about (default: all of them); `discovered_from` and
    `discovered_to` (not included): incidents of this span; `as_known_at`: what the ledger knew then (default: now);
    `as_of`: the moment with which clocks are compared.
    """

    editions: list[CodeText] = Field(default_factory=list, max_length=_EDITIONS_MOST)
    without: list[CodeText] = Field(default_factory=list, max_length=_EDITIONS_MOST)
    provider: Ods | None = None
    discovered_from: Instant | None = None
    discovered_to: Instant | None = None
    as_known_at: KnownAt | None = None
    as_of: Instant | None = None


_TAKEN: Final[type[BaseModel]] = create_model(
    "WhatIfTaken", id=(Uuid, ...), status=(str, ...), position=(int, ...), links=(dict[str, str], ...)
)


def add_policy_what_if(router: APIRouter) -> None:
    """Serve the question; its answer is served beside it."""
    summary = "Ask what other editions would have asked of the past; a job, which writes nothing to the ledger"
    described = asking(WhatIfAsked, _TAKEN, summary=summary, tag="policy")
    taken = described["responses"].pop(HTTPStatus.OK.value) | {
        "description": "Taken; fetch the answer where Location says"
    }
    responses = {HTTPStatus.ACCEPTED.value: taken, **described["responses"]}
    described["openapi_extra"]["parameters"].append(QUESTION_KEY)
    router.post(PATH, **described | {"responses": responses, "status_code": HTTPStatus.ACCEPTED.value})(ask_what_if)


def what_ifs_of(request: Request) -> WhatIfs:
    """What keeps the questions of this application, and their answers."""
    return cast("WhatIfs", request.app.state.what_ifs)


async def ask_what_if(request: Request) -> Response:
    """Take the question on, and say where its answer will be."""
    body = await read_body(request, WhatIfAsked)
    accepted(request)
    key = idempotency_key(request)
    async with said_in_problems():
        sight = await queries_of(request).sight(caller_of(request).actor)
    change = _change(desk_of(request).policy, body)
    providers = _providers(sight, body)
    await _check_overlays(request, body, providers)
    position, as_of = await _past(request, body)
    new = _new(request, body, change, providers=providers, past=(position, as_of), key=key)
    try:
        async with said_in_problems(), reached():
            kept, replayed = await what_ifs_of(request).ask(new)
    except KeyReusedError:
        raise KeyReused from None
    except TooManyAskedError:
        raise ProblemError("service.rate-limited", "Wait for the answers to the other questions.") from None
    return _taken(kept, replayed=replayed)


def _taken(kept: WhatIf, *, replayed: bool) -> Response:
    links = links_of(kept.id)
    headers = {"Location": links["self"], "Ledger-Position": str(kept.position), "Retry-After": RETRY_SECONDS}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    body = {"id": str(kept.id), "status": kept.status.value, "position": kept.position, "links": links}
    return Response(orjson.dumps(body), HTTPStatus.ACCEPTED, headers, JSON)


def links_of(job: UUID) -> dict[str, str]:
    """Where a question and the lists of its answer are."""
    own = f"{PATH}/{job}"
    return {"self": own, "incidents": f"{own}/incidents", "duties": f"{own}/duties"}


def _change(policy: Policy, body: WhatIfAsked) -> Change:
    try:
        return read_change(policy, [*map(Code, body.editions)], [*map(Code, body.without)])
    except ChangeImpossibleError as error:
        raise _invalid(error.pointer, error.code, str(error)) from None


def _providers(sight: Sight, body: WhatIfAsked) -> list[OdsCode]:
    """Whose past is asked about.

    Raises:
        ProblemError: the caller may not ask, or the provider does not exist for them.
    """
    if not sight.may_ask_what_if:
        raise ProblemError("access.not-permitted")
    if body.provider is None:
        return sorted(sight.records.organisations or ())
    if not sight.records.sees(OdsCode(body.provider)):
        raise not_found()
    return [OdsCode(body.provider)]


async def _check_overlays(request: Request, body: WhatIfAsked, providers: Collection[OdsCode]) -> None:
    """Let a local plan pass for its own provider, and a commissioner's limits for those that it commissions today."""
    policy = desk_of(request).policy
    for index, edition in enumerate(policy.named(Code(name)) for name in body.editions):
        if edition.organisation is None:
            continue
        theirs = await _followers(request, edition)
        if not theirs.issuperset(providers):
            reason = "It belongs to another organisation than the past that is asked about: name the provider."
            raise _invalid(f"/editions/{index}", "plan-of-another", reason)


async def _followers(request: Request, overlay: Edition) -> frozenset[OdsCode]:
    """Who can be governed by an overlay."""
    owner = overlay.organisation
    assert owner is not None  # only an overlay belongs to somebody
    if overlay.family is not Family.COMMISSIONER_LIMITS:
        return frozenset({owner})
    today = local_day(await desk_of(request).time.now())
    async with asked(request, Reader(actor=caller_of(request).actor)) as answering:
        # The commissioner itself stands among those that it may ask about, and has no incidents.
        return await list_commissioned(answering.reading, owner, on=today) | {owner}


async def _past(request: Request, body: WhatIfAsked) -> tuple[int, datetime]:
    """The position of the past that is asked about, and the moment with which clocks are compared.

    Raises:
        ProblemError: the ledger has not come so far.
    """
    desk, known_at = desk_of(request), body.as_known_at
    head = (await desk.ledger.head()).position
    if known_at is None:
        return head, body.as_of or await desk.time.now()
    position = known_at if isinstance(known_at, int) else await desk.ledger.position_at(known_at)
    if position > head:
        raise ProblemError("service.not-yet-visible")
    last = await desk.ledger.read_all(after=position - 1, limit=1) if position > 0 else []
    return position, body.as_of or (last[0].recorded_at if last else await desk.time.now())


def _new(
    request: Request,
    body: WhatIfAsked,
    change: Change,
    *,
    providers: list[OdsCode],
    past: tuple[int, datetime],
    key: str | None,
) -> NewWhatIf:
    caller, book = caller_of(request), desk_of(request).book
    order = order_of(request, PATH, key)
    return NewWhatIf(
        id=new_id(),
        asked_by=caller.actor.id,
        organisation=caller.actor.organisation,
        key=None if key is None else book.key_of(order),
        body=book.body_of(order),
        question=Question(
            editions=change.put,
            without=tuple(sorted(change.without)),
            discovered_from=body.discovered_from,
            discovered_to=body.discovered_to,
        ),
        providers=providers,
        position=past[0],
        as_of=past[1],
    )


def _invalid(pointer: str, code: str, reason: str) -> ProblemError:
    return ProblemError("request.invalid", errors=[FieldError(pointer, code, reason)])
