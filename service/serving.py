"""The HTTP service around a core, with the worker inside it unless it is told otherwise."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, BinaryIO, Final

import httpx
import structlog
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from projections.models import MODELS
from service.api.app import LedgerApp, Parts, create_app
from service.api.commands.batch import batch_router
from service.api.commands.routes import command_router
from service.api.edge import Limits
from service.api.fields import NhsNumberRange
from service.api.health import Build
from service.api.layers.access_log import failure_fields, json_logger
from service.api.queries.routers import query_routers
from service.bootstrap import Core
from service.identity.issuers import ExternalIssuer
from service.identity.setup import IdentitySettings, token_verifier
from service.reading.queries import ReadModelsUnavailableError
from service.store.access.records import AccessLogUnavailableError, AccessNotRecordedError
from service.store.ledger import AppendUnknownError, LedgerBusyError, LedgerUnavailableError
from service.store.proofs.nodes import NodeMissingError
from service.store.replays import replays_in
from service.store.sealing import KeyMissingError
from service.store.what_ifs.jobs import what_ifs_in
from service.vault.boxes import BoxDamagedError
from service.vault.keyring import KekMissingError
from service.vitals import LedgerVitals

LOG = structlog.get_logger()
OUTAGES: Final[dict[type[Exception], str]] = {
    AppendUnknownError: "service.outcome-unknown",
    LedgerBusyError: "service.busy",
    LedgerUnavailableError: "service.unavailable",
    ReadModelsUnavailableError: "service.unavailable",
    AccessNotRecordedError: "service.read-not-recorded",
    AccessLogUnavailableError: "service.unavailable",
    KeyMissingError: "service.unavailable",
    NodeMissingError: "proof.damaged",
    KekMissingError: "service.unavailable",
    BoxDamagedError: "service.unavailable",
}
"""Failures of what stands behind the edge, and how they are answered."""


def routers(*, simulated: bool) -> list[APIRouter]:
    """Every route of the service."""
    return [batch_router(), command_router(simulated=simulated), *query_routers()]


def make_app(core: Core, client: httpx.AsyncClient, *, worker: bool = True, log: BinaryIO | None = None) -> LedgerApp:
    """The application; while it runs, and unless `worker` is False, read models and reactions follow the log.

    Requests are written down in `log`, or on standard error.
    """
    what_ifs, replays = what_ifs_in(core.database), replays_in(core.database)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(what_ifs.aclose)
            stack.push_async_callback(replays.aclose)
            if worker:
                await stack.enter_async_context(working(core))
            yield

    settings = core.settings
    issued = {NhsNumberRange.ISSUED}
    synthetic = set() if settings.mode == "production" else {NhsNumberRange.SYNTHETIC}
    return create_app(
        Parts(
            verifier=token_verifier(_identity(core), core.folder, client),
            vitals=LedgerVitals(core.ledger, core.read_models, MODELS, core.proofs),
            cursor_key=core.folder.secret("cursors"),
            routers=routers(simulated=core.simulated),
            outages=OUTAGES,
            limits=Limits(writes_in_flight=settings.writes_in_flight, reads_in_flight=settings.reads_in_flight),
            build=Build(version=core.book.build),
            nhs_numbers=frozenset(issued | synthetic),
            simulated=core.simulated,
            state={**_state(core), "what_ifs": what_ifs, "replays": replays},
            registry=CollectorRegistry(),
            logger=json_logger(log),
            lifespan=lifespan,
        )
    )


def _state(core: Core) -> dict[str, Any]:
    """What routes find in `request.app.state`."""
    return {
        "desk": core.desk,
        "queries": core.queries,
        "policy": core.desk.policy,
        "access_log": core.access_log,
        "proofs": core.proof_reading(),
        "packs": core.packs(),
        "people_search": core.people_search(),
    }


@asynccontextmanager
async def working(core: Core) -> AsyncIterator[Sequence["asyncio.Task[None]"]]:
    """Keep the read models, give the reactions and answer what-if questions while the context is open.

    A part that has ended is a task done.
    """
    async with AsyncExitStack() as stack:
        tasks = []
        running = (
            ("read models", core.projector().run()),
            ("reactions", core.reactor().run()),
            ("proof", core.prover().run()),
            ("witnesses", core.witnessing().run()),
            ("what-if", core.what_if_runner().run()),
            ("erasures", core.eraser().run()),
            ("index of persons", core.number_indexer().run()),
            ("digests of the access log", core.digester().run()),
            ("replays", core.replayer().run()),
        )
        for part, runs in running:
            task = asyncio.create_task(_watched(part, runs))
            stack.push_async_callback(_ended, task)
            tasks.append(task)
        # Not one of the parts, whose end is a failure: this one ends when it is done.
        once = asyncio.create_task(_watched("calendar", core.recalculator().run()))
        stack.push_async_callback(_ended, once)
        yield tasks


async def _watched(part: str, running: Awaitable[None]) -> None:
    """Say what ended a part of the worker: one that ended in silence looks like one that has nothing to do."""
    try:
        await running
    except Exception as error:  # noqa: BLE001 - the other part goes on, and the next start tries this one again
        LOG.critical("worker ended", part=part, **failure_fields(error))


async def _ended(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _identity(core: Core) -> IdentitySettings:
    settings = core.settings
    external: tuple[ExternalIssuer, ...] = ()
    if settings.issuer is not None:
        external = (
            ExternalIssuer(
                issuer=settings.issuer,
                audience=settings.audience,
                algorithms=settings.algorithms,
                jwks_url=settings.jwks_url or "",
            ),
        )
    production = settings.mode == "production"
    return IdentitySettings(production=production, local_issuer=not production, external=external)
