"""Whether the service is alive and ready, and its figures; no record is revealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Protocol

import orjson
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.actor import Role
from service.api.conventions import JSON
from service.api.layers.admission import Admission
from service.api.layers.ledger_figures import LedgerFigures
from service.api.middleware import caller_in
from service.api.problems import ProblemError

METRICS_ROLES: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST})
"""Who may read the figures: volumes say something about organisations, so they are not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How the service is. `lags` are events by read model; `clock` is the instant of a simulated clock, if there is one.

    `checks` are other things that must hold for the service to be ready, by name, and `reasons` say of those that do not
    hold why. `checkpoint` is how many events the largest signed checkpoint covers, `unproved` how many it does not.
    """

    database: bool
    position: int = 0
    recorded_at: datetime | None = None
    simulated: bool = False
    clock: datetime | None = None
    lags: Mapping[str, int] = field(default_factory=dict)
    checkpoint: int | None = None
    unproved: int = 0
    checks: Mapping[str, bool] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


class Vitals(Protocol):
    """Where the edge learns how the service is."""

    async def look(self) -> Condition:
        """The condition now; never raises for a database that cannot be reached, but says so."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Which program is running."""

    version: str = "0.1.0"
    revision: str = "unknown"


def health_router(*, vitals: Vitals, admission: Admission, registry: CollectorRegistry, build: Build) -> APIRouter:
    """`/_ping`, `/_status` and `/metrics`."""
    router = APIRouter(tags=["health"])
    about = {"version": build.version, "revision": build.revision}
    figures = LedgerFigures(registry)
    alive = orjson.dumps({"status": "pass", **about})

    @router.head("/_ping", include_in_schema=False)
    @router.get("/_ping", operation_id="ping", summary="Is the service alive?")
    async def ping() -> Response:
        return Response(alive, media_type=JSON)

    @router.head("/_status", include_in_schema=False)
    @router.get("/_status", operation_id="status", summary="Is the service ready?")
    async def status() -> Response:
        condition = await vitals.look()
        ready = condition.database and not admission.stopping and all(condition.checks.values())
        body = {"status": "pass" if ready else "fail", **about, **_told(condition, stopping=admission.stopping)}
        code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Response(orjson.dumps(body), code, media_type=JSON)

    @router.get("/metrics", operation_id="metrics", summary="The service's figures, for Prometheus")
    async def metrics(request: Request) -> Response:
        if not METRICS_ROLES & caller_in(request.scope).actor.roles:
            raise ProblemError("access.not-permitted")
        figures.take(await vitals.look())
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _told(condition: Condition, *, stopping: bool) -> dict[str, Any]:
    return {
        "stopping": stopping,
        "database": "pass" if condition.database else "fail",
        "ledger": {"position": condition.position, "recorded_at": condition.recorded_at},
        "projections": {name: {"lag": lag} for name, lag in sorted(condition.lags.items())},
        "checkpoint": condition.checkpoint,
        "clock": {"simulated": condition.simulated, "now": condition.clock},
        "proof": {"lag": condition.unproved},
        "reasons": dict(sorted(condition.reasons.items())),
        "checks": {name: "pass" if held else "fail" for name, held in sorted(condition.checks.items())},
    }
