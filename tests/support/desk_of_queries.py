"""The application with its queries over a chronicle, and clients of every role."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx

from domain.kernel.actor import Role
from service.api.app import LedgerApp, Parts, create_app
from service.api.queries.routers import query_routers
from service.identity.caller import Pseudonyms
from service.identity.issuers import LocalIssuer, trust_local
from service.identity.key_files import KeyFolder
from service.identity.verifier import TokenVerifier
from service.policy import read_policy
from service.reading.audit.packs.door import Packs
from service.reading.audit.proofs import ProofReading
from service.store.access.records import AccessNotRecordedError
from service.store.proofs.proofs import Proofs
from tests.support.audit.access import KeptReads
from tests.support.chronicle import Chronicle
from tests.support.edge import Vital
from tests.support.proof.plain_proofs import PlainProofs
from tests.support.proof.unproved import Unproved

MANAGER = Role.PATIENT_SAFETY_MANAGER


@dataclass
class QueryStand:
    """The application, the chronicle it answers about, and who read what of it."""

    app: LedgerApp
    issuer: LocalIssuer
    chronicle: Chronicle
    reads: KeptReads

    async def get(
        self, path: str, *roles: Role, organisation: str = "ZZ1", headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """Ask as somebody with these roles: a patient safety manager of ZZ1, unless said otherwise."""
        token = self.issuer.mint(roles or (MANAGER,), organisation=organisation, subject="somebody")
        sent = {"Authorization": f"Bearer {token}"} | (headers or {})
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
            return await client.get(path, params=query or None, headers=sent)

    async def ok(self, path: str, *roles: Role, organisation: str = "ZZ1", **query: Any) -> Any:
        """The body of an answer that must be 200."""
        answer = await self.get(path, *roles, organisation=organisation, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


def a_query_stand(chronicle: Chronicle, folder: Path) -> QueryStand:
    """The application over a chronicle; its keys are in `folder`."""
    keys = KeyFolder(folder / "keys")
    issuer = LocalIssuer(keys)
    reads = KeptReads()
    unproved = cast("Proofs", Unproved())
    proofs = ProofReading(unproved, chronicle.ledger, keys=folder / "keys", witnesses=())
    app = create_app(
        Parts(
            verifier=TokenVerifier([trust_local(issuer)], Pseudonyms(keys.secret("pseudonyms"))),
            vitals=Vital(),
            cursor_key=keys.secret("cursors"),
            routers=query_routers(),
            outages={AccessNotRecordedError: "service.read-not-recorded"},
            simulated=True,
            state={
                "queries": chronicle.queries,
                "policy": read_policy(),
                "access_log": reads,
                "proofs": proofs,
                "packs": Packs(chronicle.queries, PlainProofs(chronicle.ledger, at_need=True), read_policy()),
            },
        )
    )
    return QueryStand(app, issuer, chronicle, reads)
