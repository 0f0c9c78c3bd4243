"""A small application behind the real edge: two resources, a real local issuer, and a log that can be read back."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.actor import Role
from domain.kernel.refusal import Refusal
from service.api.answers import Freshness, Page, Recorded, command_answer, list_answer, record_answer
from service.api.app import LedgerApp, Parts, caller_of, create_app
from service.api.bodies import StrictModel, canonical_body, read_body
from service.api.conventions import CSV, LIST_FORMS, NDJSON, accepted, expected_version, idempotency_key
from service.api.edge import Limits
from service.api.fields import Day, Instant, LongText, NhsNumber, NhsNumberRange, Ods, ShortText, Uuid
from service.api.health import Condition
from service.api.layers.access_log import json_logger
from service.api.lists.exports import Rows, csv_answer, ndjson_answer
from service.api.openapi import command, query
from service.api.parameters import ListParameters, ReadParameters, read_parameters
from service.identity.caller import Pseudonyms
from service.identity.issuers import LocalIssuer, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenVerifier
from service.reading.audit.shown import NO_CASES

AN_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
FRESH = Freshness(position=9, lag=2, changed_at=7, projection="things_v1", reader="ZZ1")


class ThingTaken(Refusal):
    """A thing is taken only once."""

    code = "thing.taken"


class LedgerDownError(Exception):
    """Stands for a failure of the ledger, which the edge does not know by class."""


class Span(StrictModel):
    """From one instant to another."""

    begins: Instant
    ends: Instant


class Thing(StrictModel):
    """A body with a field of every type."""

    name: LongText
    at: Instant | Span | None = None
    on: Day | None = None
    organisation: Ods | None = None
    person: NhsNumber | None = None
    reference: ShortText | None = None
    count: int = 0
    sure: bool = False
    other: Uuid | None = None
    extensions: dict[str, Any] | None = None


class ThingRow(StrictModel):
    """One row of a list."""

    name: str


@dataclass
class Vital:
    """A condition that a test may change."""

    condition: Condition = field(default_factory=lambda: Condition(database=True, position=9, lags={"things": 2}))

    async def look(self) -> Condition:
        """The condition as the test has set it."""
        return self.condition


@dataclass
class Stand:
    """The application with everything that a test looks at."""

    app: LedgerApp
    issuer: LocalIssuer
    log: io.BytesIO
    registry: CollectorRegistry
    vital: Vital
    taken: list[Any]

    def headers(self, *roles: Role, organisation: str = "ZZ1", subject: str = "somebody") -> dict[str, str]:
        """The headers of somebody who is known."""
        return {
            "Authorization": f"Bearer {self.issuer.mint(roles or (Role.REPORTER,), organisation=organisation, subject=subject)}"
        }

    def client(self, *, known: bool = True) -> httpx.AsyncClient:
        """A client that sends a token with every request, unless told otherwise."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        headers = self.headers() if known else {}
        return httpx.AsyncClient(transport=transport, base_url="http://ledger.test", headers=headers)

    def logged(self) -> list[dict[str, Any]]:
        """Every line written down so far."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


def a_stand(folder: Path, *, simulated: bool = False, limits: Limits | None = None, show_docs: bool = False) -> Stand:
    """A fresh application; its keys are in `folder`."""
    keys = KeyFolder(folder / "keys")
    issuer = LocalIssuer(keys)
    log, registry, vital, taken = io.BytesIO(), CollectorRegistry(), Vital(), list[Any]()
    app = create_app(
        Parts(
            verifier=TokenVerifier([trust_local(issuer)], Pseudonyms(keys.secret("pseudonyms"))),
            vitals=vital,
            cursor_key=keys.secret("cursors"),
            routers=[things()],
            outages={LedgerDownError: "service.outcome-unknown", ConnectionError: "service.unavailable"},
            limits=limits or Limits(),
            nhs_numbers=frozenset(NhsNumberRange),
            simulated=simulated,
            show_docs=show_docs,
            state={"taken": taken},
            registry=registry,
            logger=json_logger(log),
        )
    )
    return Stand(app, issuer, log, registry, vital, taken)


async def _rows() -> Rows:
    for name in ("=1+1", "plain"):
        yield {"name": name}


def things() -> APIRouter:
    """The routes of the tests."""
    router = APIRouter(prefix="/v1")
    router.post("/things", **command(Thing, summary="Take a thing", tag="things"))(take)
    router.post("/things/{thing}/notes", **command(Thing, summary="Note something", tag="things"))(note)
    router.get("/things", **query(ListParameters, list[ThingRow], summary="Things", tag="things", forms=(CSV, NDJSON)))(
        listed
    )
    router.get("/things/{thing}", **query(ReadParameters, ThingRow, summary="A thing", tag="things"))(one)
    router.get("/failures/{kind}")(fail)
    return router


async def take(request: Request) -> Response:
    """Take a thing; everything that the edge read is kept for the test."""
    body = await read_body(request, Thing)
    request.app.state.taken.append(
        (body, idempotency_key(request), expected_version(request), canonical_body(request), caller_of(request))
    )
    return command_answer(Recorded(id=UUID(AN_ID), stream_version=3, position=9, location=f"/v1/things/{AN_ID}"))


async def note(request: Request, thing: UUID) -> Response:
    """Refuse, as a rule of the domain does."""
    await read_body(request, Thing, bulk=True)
    raise ThingTaken("It was taken before.", pointers=("/name",))


async def listed(request: Request) -> Response:
    """A list in the form that the client likes most."""
    parameters = read_parameters(request, ListParameters)
    form = accepted(request, LIST_FORMS)
    if form == CSV:
        return await csv_answer(request, _rows(), ["name"], FRESH, NO_CASES)
    if form == NDJSON:
        return await ndjson_answer(request, _rows(), FRESH, NO_CASES)
    edge = request.app.state.edge
    after = edge.cursors.open(parameters.cursor, "things").after if parameters.cursor else ()
    following = None if after else edge.cursors.seal(9, ["a"], "things")
    page = Page(items=[{"name": "a"}], next_cursor=following, total=2)
    return await list_answer(request, page, FRESH, NO_CASES)


async def one(request: Request, thing: UUID) -> Response:
    """One record."""
    read_parameters(request, ReadParameters)
    return await record_answer(request, {"name": "a"}, FRESH, NO_CASES)


async def fail(request: Request, kind: str) -> Response:
    """Fail in a way that must not be told."""
    match kind:
        case "ledger":
            raise LedgerDownError("canary-in-a-message")
        case "connection":
            raise ConnectionResetError("canary-in-a-message")
        case "stream":
            return await csv_answer(request, _breaks(), ["name"], FRESH, NO_CASES)
    raise KeyError("canary-in-a-message")


async def _breaks() -> AsyncIterator[dict[str, Any]]:
    for number in range(20_000):
        yield {"name": f"row {number}"}
    raise ValueError("canary-in-a-message")
