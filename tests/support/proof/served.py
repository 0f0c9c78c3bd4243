"""The routes of the proof over a ledger that a worker proves, and clients of every role."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from sqlalchemy.ext.asyncio import create_async_engine

from domain.kernel.actor import Role
from projections.engine.queries import ReadModels
from service.api.app import LedgerApp, Parts, create_app
from service.api.queries.routers import query_routers
from service.handling.time import LedgerTime
from service.identity.caller import Pseudonyms
from service.identity.issuers import LocalIssuer, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenVerifier
from service.reading.audit.proofs import ProofReading
from service.reading.queries import Queries
from service.serving import OUTAGES
from service.store.codec import Codec
from service.store.proofs.witnesses import Witness
from service.store.sealing import Opener
from service.vault.keyring import Keyring
from service.vitals import LedgerVitals
from service.worker.feed import LedgerFeed
from tests.support.audit.access import KeptReads
from tests.support.golden_events import TEST_KEK
from tests.support.proof.proved import Proved


@dataclass
class Served:
    """The application, and the ledger that it answers about."""

    app: LedgerApp
    issuer: LocalIssuer
    proved: Proved

    async def send(
        self, method: str, path: str, *roles: Role, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Ask as an auditor of ZZ1, unless other roles are named."""
        token = self.issuer.mint(roles or (Role.AUDITOR,), organisation="ZZ1", subject="somebody")
        sent = {"Authorization": f"Bearer {token}"} | (headers or {})
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
            return await client.request(method, path, headers=sent, **more)

    async def get(self, path: str, *roles: Role, **more: Any) -> httpx.Response:
        """Ask for something."""
        return await self.send("GET", path, *roles, **more)

    async def ok(self, path: str, *, template: str = "", **query: Any) -> Any:
        """An answer that must be 200, and as the document has it."""
        answer = await self.get(path, params=query)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        document = self.app.openapi()
        schema = document["paths"][template or path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schemas = {name: {**each, "additionalProperties": False} for name, each in _objects(document)}
        Draft202012Validator({"components": {"schemas": schemas}, **schema}).validate(body)
        return body

    async def text(self, path: str, **query: Any) -> str:
        """An answer as text, which must be 200."""
        answer = await self.get(path, params=query, headers={"Accept": "text/plain"})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain")
        return answer.text


def _objects(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, each) for name, each in document["components"]["schemas"].items() if "properties" in each]


@asynccontextmanager
async def served(proved: Proved, folder: Path, witnesses: Sequence[Witness] = ()) -> AsyncIterator[Served]:
    """The application over a proved ledger."""
    keys = KeyFolder(folder / "identity")
    issuer = LocalIssuer(keys)
    engine = create_async_engine(proved.database.url(driver="postgresql+asyncpg", role="reader"))
    codec = Codec()
    read_models = ReadModels(engine, LedgerFeed(proved.ledger, codec))
    time = LedgerTime(proved.ledger, simulated=False)
    app = create_app(
        Parts(
            verifier=TokenVerifier([trust_local(issuer)], Pseudonyms(keys.secret("pseudonyms"))),
            vitals=LedgerVitals(proved.ledger, read_models, (), proved.proofs),
            cursor_key=keys.secret("cursors"),
            routers=query_routers(),
            outages=OUTAGES,
            state={
                "queries": Queries(
                    read_models, proved.ledger, codec=codec, opener=Opener(Keyring(TEST_KEK)), time=time
                ),
                "access_log": KeptReads(),
                "proofs": ProofReading(proved.proofs, proved.ledger, keys=proved.keys, witnesses=witnesses),
            },
        )
    )
    yield Served(app, issuer, proved)
    await engine.dispose()
