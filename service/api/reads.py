"""What a reader is shown is written down before it leaves: no durable access record, no data.

The functions that make answers (`answers.py`, `lists/exports.py`) take the cases that they show and await this; whoever
answers in another way awaits it too, before anything of a case leaves.
"""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from starlette.requests import Request

from domain.access_log.purpose import implied_by
from service.api.middleware import caller_in, purpose_of, request_id_in
from service.api.openapi import operation_id
from service.reading.audit.shown import ShownCases
from service.store.access.records import NewAccess

if TYPE_CHECKING:
    from service.store.access.log import AccessLog


def access_log_of(request: Request) -> "AccessLog":
    """The access log of this application."""
    return cast("AccessLog", request.app.state.access_log)


async def write_down(request: Request, shown: ShownCases, *, position: int) -> None:
    """Write down that the sender of this request is shown these cases, at this position of the ledger.

    Answered once that is durable; only then may the cases leave. Cases that were written down for this request before are
    not named again, and where there are no others nothing is written.

    Raises:
        AccessNotRecordedError: it is not known to be written down (answered as 503).
    """
    if not shown.is_unwritten:
        return
    caller, stated = caller_in(request.scope), purpose_of(request.scope)
    await access_log_of(request).append(
        NewAccess(
            actor=caller.actor.id,
            subject=caller.subject,
            organisation=caller.actor.organisation,
            roles=tuple(sorted(caller.actor.roles)),
            purpose=stated or implied_by(caller.actor.roles),
            purpose_stated=stated is not None,
            kind=shown.kind,
            route=operation_id(request.scope["route"]),
            method=request.method,
            cases=shown.take_unwritten(),
            position=position,
            past=shown.past or "as_known_at" in request.query_params,
            words_opened=shown.words,
            request_id=UUID(request_id_in(request.scope)),
            correlation_id=request.headers.get("x-correlation-id"),
        )
    )
