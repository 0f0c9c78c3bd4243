"""The application: every convention installed once, around whatever routes it is given."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from structlog.typing import FilteringBoundLogger

from service.api.edge import Edge, Limits
from service.api.fields import NhsNumberRange
from service.api.health import Build, Vitals, health_router
from service.api.layers.access_log import json_logger
from service.api.layers.admission import Admission
from service.api.layers.dispatch import DispatchLayer
from service.api.layers.request_metrics import RequestMetrics
from service.api.lists.cursors import CursorBox
from service.api.middleware import AdmissionLayer, BearerLayer, ExchangeLayer, caller_in
from service.api.openapi import openapi_document, operation_id
from service.api.problems import Outages
from service.api.refusing.pages import problem_pages
from service.api.thinking import Thinking
from service.identity.caller import Caller
from service.identity.verifier import Verifier

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the application is made of.

    `outages` says how failures of the ledger and the database are answered (the edge does not know their classes);
    `state` is what routes find in `request.app.state`; `simulated` marks every answer of a ledger on a simulated clock.
    """

    verifier: Verifier
    vitals: Vitals
    cursor_key: bytes
    routers: Sequence[APIRouter] = ()
    outages: Outages = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    build: Build = field(default_factory=Build)
    nhs_numbers: frozenset[NhsNumberRange] = frozenset({NhsNumberRange.ISSUED})
    simulated: bool = False
    show_docs: bool = False
    state: Mapping[str, Any] = field(default_factory=dict)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    logger: FilteringBoundLogger = field(default_factory=json_logger)
    lifespan: Lifespan | None = None


class LedgerApp(FastAPI):
    """The application with its own complete OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        """The document that clients are generated from; made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi_document(self)
        return self.openapi_schema


def create_app(parts: Parts) -> LedgerApp:
    """The application around these parts. `app.state.admission` is what a stopping server drains."""
    app = LedgerApp(
        title="Incident Ledger",
        version=parts.build.version,
        description="An open, event-sourced ledger for the whole life of a serious incident in NHS-commissioned care.",
        lifespan=parts.lifespan,
        openapi_url="/openapi.json" if parts.show_docs else None,
        docs_url="/docs" if parts.show_docs else None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        exception_handlers={HTTPException: _pass_on, RequestValidationError: _pass_on},
    )
    admission = Admission(writes=parts.limits.writes_in_flight, reads=parts.limits.reads_in_flight)
    edge = Edge(
        cursors=CursorBox(parts.cursor_key),
        limits=parts.limits,
        outages=parts.outages,
        simulated=parts.simulated,
        nhs_numbers=parts.nhs_numbers,
    )
    app.state.admission = admission
    app.state.edge = edge
    app.state.thinking = Thinking()
    for name, value in parts.state.items():
        setattr(app.state, name, value)
    # The layer added last is the outermost.
    app.add_middleware(DispatchLayer, routes=[route for router in parts.routers for route in router.routes])
    app.add_middleware(BearerLayer, verifier=parts.verifier)
    app.add_middleware(AdmissionLayer, admission=admission)
    app.add_middleware(ExchangeLayer, edge=edge, logger=parts.logger, metrics=RequestMetrics(parts.registry))
    app.include_router(
        health_router(vitals=parts.vitals, admission=admission, registry=parts.registry, build=parts.build)
    )
    app.include_router(problem_pages())
    for router in parts.routers:
        app.include_router(router)
    return app


async def _pass_on(_request: Request, error: Exception) -> Response:
    """Let what a route raised pass the framework's own handlers, to the outermost layer."""
    raise error


def caller_of(request: Request) -> Caller:
    """Who sends this request: verified, with a pseudonym, an organisation and roles."""
    return caller_in(request.scope)
