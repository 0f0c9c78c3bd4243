"""A ledger in a database of its own with a keys folder, a prover for it, and the checks that an auditor makes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from service.proof.checkpoint import HEADS, SignedCheckpoint, open_checkpoint
from service.store.connect import Database as Urls
from service.store.ledger import Ledger
from service.store.proofs.leaves import Leaves
from service.store.proofs.proofs import Proofs, Published, open_proofs
from service.store.proofs.signing_keys import list_signing_keys
from service.worker.proving.prover import Pace, Prover
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_opening, postgres_ledger, stood
from tests.support.running.postgres import Server

QUICK = Pace(between=0.01, poll=0.05, standby=0.05)


@dataclass
class Proved:
    """A ledger and its proof."""

    server: Server
    database: Database
    keys: Path
    ledger: Ledger
    proofs: Proofs

    def urls(self, database: Database | None = None) -> Urls:
        """The database as the service knows it, or another one."""
        found = database or self.database
        roles: dict[str, Any] = {role: found.url(role=role) for role in ("owner", "writer", "projector", "reader")}
        return Urls(found.name, **roles)

    def prover(self, **changes: Any) -> Prover:
        """A worker that extends the tree."""
        connects = partial(self.database.connect, "projector")
        settings: dict[str, Any] = {"connect": connects, "keys": self.keys, "pace": QUICK}
        return Prover(**(settings | changes))

    async def report(self, *, events: int = 1, cases: tuple[UUID, ...] = (), stream: UUID | None = None) -> UUID:
        """Append a new stream with some events."""
        stream = stream or uuid4()
        payloads = [b'{"n":%d}' % number for number in range(events)]
        await stood(self.ledger, a_request(stream, 0, *payloads, cases=cases))
        return stream

    async def prove(self, **changes: Any) -> Published:
        """Run a prover until a checkpoint covers the whole log."""
        async with proving(self.prover(**changes)) as task:
            return await self.covered(task)

    async def covered(self, task: "asyncio.Task[None]") -> Published:
        """The checkpoint that covers what is in the log now."""
        head = (await self.ledger.head()).position
        while True:
            latest = await self.proofs.latest()
            if latest is not None and latest.size >= head:
                return latest
            assert not task.done(), "the prover has stopped"
            await asyncio.sleep(0.01)

    async def opened(self, published: Published) -> SignedCheckpoint:
        """The checkpoint as an auditor opens it, with the keys that sign now."""
        origin = (await self.proofs.log()).origin.name
        keys = [key.verifier(origin) for key in list_signing_keys(self.keys)]
        heads = open_checkpoint(published.heads_note, origin + HEADS, keys)
        assert (heads.checkpoint.size, heads.checkpoint.root) == (published.size, published.signed.heads_root)
        return open_checkpoint(published.note, origin, keys)

    async def leaf_hash(self, position: int, connection: Connection | None = None) -> bytes:
        """The hash of an event's leaf, made anew from its rows (as a connection sees them, where one is given)."""
        if connection is not None:
            [made] = await Leaves(connection, (await self.proofs.log()).name).at([position])
            return made.hash
        [made] = await self.proofs.leaves([position])
        return made.hash

    async def owner(self) -> Connection:
        """Somebody who may do everything to the database, and passes by its triggers."""
        connection = await self.database.connect("superuser")
        await connection.execute("set session_replication_role = replica")
        return connection

    async def tamper(self, statement: str, *values: Any) -> None:
        """Change the database behind the service."""
        connection = await self.owner()
        assert (await connection.execute(statement, *values)).split()[-1] != "0", statement
        await connection.close()

    async def standing(self) -> tuple[str, str | None]:
        """How the worker says that the proof is."""
        connection = await self.database.reader()
        row = await connection.fetchrow("select status, message from projections.positions where name = 'proof'")
        await connection.close()
        assert row is not None
        return row[0], row[1]


@asynccontextmanager
async def proving(prover: Prover) -> AsyncIterator["asyncio.Task[None]"]:
    """A prover at work while the context lasts."""
    task = asyncio.create_task(prover.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def a_proved_ledger(
    server: Server, database: Database | None = None, keys: Path | None = None
) -> AsyncIterator[Proved]:
    """A ledger that was just opened (or the one of a database that is given), with a keys folder of its own."""
    with tempfile.TemporaryDirectory(prefix="keys-") as folder:
        found = database or server.new_database()
        async with postgres_ledger(found) as ledger:
            if database is None:
                await stood(ledger, an_opening())
            proved = Proved(server, found, keys or Path(folder), ledger, None)  # type: ignore[arg-type]
            async with open_proofs(proved.urls()) as proofs:
                proved.proofs = proofs
                yield proved


def a_copy(server: Server, database: Database) -> Database:
    """The database as it is now, as a backup restored elsewhere would be; nobody may be connected to it."""
    copy = server.new_database()
    admin = Database(server.host, "postgres")
    admin.execute(f"drop database {copy.name}")
    admin.execute(f"create database {copy.name} template {database.name}")
    return copy
