"""The layers around every route, outermost first: the exchange, admission, and the bearer token. Plain ASGI."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from domain.access_log.purpose import Purpose
from service.api.edge import Edge
from service.api.layers.access_log import failure_fields
from service.api.layers.admission import Admission
from service.api.layers.exchange import Exchange
from service.api.layers.purposes import purpose_in
from service.api.layers.request_metrics import RequestMetrics
from service.api.problems import Problem, ProblemError, problem_for
from service.api.refusing.codes import EDGE_PROBLEMS
from service.api.refusing.invalid import FieldError
from service.identity.caller import Caller
from service.identity.verifier import IssuerUnavailableError, TokenRefusedError, Verifier

HEALTH: Final = frozenset({"/_ping", "/_status"})
"""Open without a token, and answered also when the service has too much to do or is stopping."""

_SIMULATED: Final = (b"ledger-clock", b"simulated")
_CALLER: Final = "edge.caller"
_PURPOSE: Final = "edge.purpose"
_REQUEST_ID: Final = "edge.request_id"


class AnswerBrokenError(Exception):
    """The answer had begun when something failed: the connection is cut, so that nobody takes a part for the whole."""


class ExchangeLayer:
    """Ids, the access log, the histogram, and the last resort: whatever was raised becomes a problem."""

    def __init__(self, app: ASGIApp, *, edge: Edge, logger: FilteringBoundLogger, metrics: RequestMetrics) -> None:
        self._app = app
        self._edge = edge
        self._logger = logger
        self._metrics = metrics
        self._fixed = ((b"x-content-type-options", b"nosniff"), *((_SIMULATED,) if edge.simulated else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await _other(self._app, scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        exchange.fixed = self._fixed
        scope[_REQUEST_ID] = exchange.request_id.decode()
        try:
            await self._answer(exchange)
        finally:
            self._write_down(exchange)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            if exchange.header_at_fault is not None:
                raise _header_at_fault(exchange.header_at_fault)
            await self._app(exchange.scope, exchange.receive, exchange.send)
        except asyncio.CancelledError:
            # The server gave up waiting for this request. Its command may stand: a 500 would say that it does not.
            if not exchange.started:
                await self._say_no(exchange, Problem(EDGE_PROBLEMS["service.outcome-unknown"]))
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: nothing may pass it with its message
            problem = problem_for(error, self._edge.outages)
            if problem is None:
                self._fail(exchange, error)
                problem = Problem(EDGE_PROBLEMS["service.failed"])
            if exchange.started:
                raise AnswerBrokenError(problem.kind.code) from None
            await self._say_no(exchange, problem)

    async def _say_no(self, exchange: Exchange, problem: Problem) -> None:
        exchange.problem = problem.kind.code
        limits = self._edge.limits
        if problem.kind.status != HTTPStatus.REQUEST_TIMEOUT:  # that client has been waited for already
            await exchange.drain(most=limits.drain_bytes, seconds=limits.drain_seconds)
        response = problem.response(f"urn:uuid:{exchange.request_id.decode()}")
        await response(exchange.scope, exchange.receive, exchange.send)

    def _fail(self, exchange: Exchange, error: Exception) -> None:
        self._logger.error("failed", request_id=exchange.request_id.decode(), **failure_fields(error))

    def _write_down(self, exchange: Exchange) -> None:
        method, route, seconds = exchange.scope["method"], exchange.route, exchange.seconds
        self._metrics.observe(method, route, exchange.status, seconds=seconds)
        caller: Caller | None = exchange.scope.get(_CALLER)
        correlation = exchange.correlation_id
        self._logger.info(
            "request",
            request_id=exchange.request_id.decode(),
            correlation_id=correlation.decode() if correlation else None,
            method=method if method.isalpha() else "other",
            route=route,
            status=exchange.status,
            problem=exchange.problem,
            complete=exchange.finished,
            seconds=round(seconds, 6),
            actor=str(caller.actor.id) if caller else None,
            organisation=caller.actor.organisation if caller else None,
        )


class AdmissionLayer:
    """Takes on no more than the service can do."""

    def __init__(self, app: ASGIApp, *, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that there is too much to do."""
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await self._app(scope, receive, send)
            return
        with self._admission.admitted(scope["method"]):
            await self._app(scope, receive, send)


class BearerLayer:
    """Nothing but health is open without a token; an address that does not exist is no exception."""

    def __init__(self, app: ASGIApp, *, verifier: Verifier) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer somebody who is known, or say that a token is needed."""
        if scope["type"] == "http" and scope["path"] not in HEALTH:
            scope[_CALLER] = await self._caller(scope)
            scope[_PURPOSE] = purpose_in(scope["headers"])
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            raise ProblemError("identity.token-missing")
        scheme, _, token = given[0].partition(b" ")
        if len(given) > 1 or scheme.lower() != b"bearer" or not token.strip():
            raise ProblemError("identity.token-missing")
        try:
            return await self._verifier.verify(token.strip())
        except TokenRefusedError:
            raise ProblemError("identity.token-refused") from None
        except IssuerUnavailableError:
            raise ProblemError("identity.issuer-unavailable") from None


def caller_in(scope: Mapping[str, object]) -> Caller:
    """Who sends this request.

    Raises:
        ProblemError: the address is open, and nobody said who they are.
    """
    caller = scope.get(_CALLER)
    if not isinstance(caller, Caller):
        raise ProblemError("identity.token-missing")
    return caller


def purpose_of(scope: Mapping[str, object]) -> Purpose | None:
    """What the sender of this request says that they read for; None where they do not."""
    purpose = scope.get(_PURPOSE)
    return purpose if isinstance(purpose, Purpose) else None


def request_id_in(scope: Mapping[str, object]) -> str:
    """The id of this request, as it is mirrored in the answer."""
    return str(scope[_REQUEST_ID])


def _header_at_fault(name: str) -> ProblemError:
    form = "a UUID" if name == "x-request-id" else "1 to 100 letters, digits, and - _ . :"
    sentence = f"{name} must be given once, and be {form}."
    return ProblemError("request.header-invalid", sentence, errors=[FieldError(name, "wrong-form", sentence)])


async def _other(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":  # there are none here; refused before anything looks at it
        await send({"type": "websocket.close", "code": 1008})
        return
    await app(scope, receive, send)
