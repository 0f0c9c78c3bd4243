"""One command over HTTP: its path, its body, and the task that handles it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import OdsCode
from service.api.answers import Recorded, command_answer
from service.api.app import caller_of
from service.api.bodies import canonical_body, read_body
from service.api.commands.body import CommandBody
from service.api.conventions import expected_version, idempotency_key
from service.api.openapi import command as described
from service.handling.desk import NOWHERE, Desk
from service.handling.identifiers import new_id
from service.handling.order import Order, Receipt
from service.handling.refusals import RecordNotFound
from service.handling.specification import Begin, Change

Path = Mapping[str, UUID]
Find = Callable[[Desk, Any, Path], Awaitable[UUID]]

_ORGANISATION: Final = "ods"


def of_path(name: str) -> Find:
    """The stream whose id stands in the path under this name."""

    async def find(_desk: Desk, _body: Any, path: Path) -> UUID:
        return path[name]

    return find


async def new_stream(_desk: Desk, _body: Any, _path: Path) -> UUID:
    """A stream that begins with this command."""
    return new_id()


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """A POST that adds one fact.

    `tasks` are the commands that the body may mean (one, but for contact attempts); `find` gives the stream.
    """

    path: str
    body: type[CommandBody]
    tasks: tuple[Begin[Any] | Change[Any], ...]
    find: Find
    tag: str

    def add_to(self, router: APIRouter) -> None:
        """Serve the command at its path."""
        summary = (self.body.__doc__ or "").strip().splitlines()[0]
        router.post(self.path, **described(self.body, summary=summary, tag=self.tag))(self._endpoint())

    def _endpoint(self) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await read_body(request, self.body)
            path = ids_in(request)
            receipt = await self._give(desk_of(request), order_of(request, body), body, path)
            return command_answer(recorded(receipt, path))

        return endpoint

    async def _give(self, desk: Desk, order: Order, body: CommandBody, path: Path) -> Receipt:
        stream = await self.find(desk, body, path)
        task = self.tasks[body.chosen_task()]
        if isinstance(task, Begin):
            return await desk.begin(order, task, body.command, stream=stream, path=path, persons=body.persons())
        return await desk.change(order, task, body.command, stream=stream, path=path, persons=body.persons())


def desk_of(request: Request) -> Desk:
    """The desk that handles this application's commands."""
    return cast("Desk", request.app.state.desk)


def order_of(request: Request, body: CommandBody) -> Order:
    """What the edge read from the request's headers and token."""
    caller = caller_of(request)
    return Order(
        actor=caller.actor,
        client=caller.client,
        subject=caller.subject,
        fingerprint=b"\n".join((request.method.encode(), request.scope["path"].encode(), canonical_body(request))),
        key=idempotency_key(request),
        effective_at=body.effective_at,
        expected=expected_version(request),
        correlation=request.headers.get("x-correlation-id"),
    )


def ids_in(request: Request) -> dict[str, UUID]:
    """The ids in the path; an organisation's code stands for its stream.

    Raises:
        RecordNotFound: one of them is not an id, so there is no such record.
    """
    found: dict[str, UUID] = {}
    for name, value in request.path_params.items():
        if name == _ORGANISATION:
            found[name] = organisation_stream(OdsCode(value))
            continue
        try:
            found[name] = UUID(value)
        except ValueError:
            raise RecordNotFound from None
    return found


def recorded(receipt: Receipt, path: Path = NOWHERE) -> Recorded:
    """The receipt as the contract answers it; `path` holds the ids of the address that was called."""
    links = links_of(receipt, path)
    return Recorded(
        id=receipt.id,
        stream_version=receipt.version,
        position=receipt.position,
        location=links["self"],
        links=links,
        changed=receipt.changed,
        replayed=receipt.replayed,
    )


def links_of(receipt: Receipt, path: Path = NOWHERE) -> dict[str, str]:
    """Where what was recorded can be read."""
    links: dict[str, str] = {}
    if receipt.cases:
        case = f"/v1/incidents/{receipt.cases[0]}"
        links = {"incident": case, "timeline": f"{case}/timeline", "obligations": f"{case}/obligations"}
    match receipt.kind:
        case Kind.ACTION:
            own = f"/v1/actions/{receipt.stream}"
        case Kind.ORGANISATION:
            own = f"/v1/organisations/{receipt.organisation}"
        case Kind.AUDIT_SAMPLE:
            own = f"/v1/audit/samples/{receipt.stream}"
        case Kind.ERASURE:
            own = f"/v1/people/{path['person']}/erasures/{receipt.stream}"
        case Kind.LEDGER:
            own = "/_status"
        case _:
            own = links.get("incident", "/v1/incidents")
    return {"self": own, **links}
