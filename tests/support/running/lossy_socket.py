"""A socket between a client and PostgreSQL that loses a message when told to, and with it the connection."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import asyncpg

from tests.support.running.database import Connection, Database

READY = b"Z\x00\x00\x00\x05I"
"""How a server says that a transaction is over: whatever it committed stands."""


class LossySocket:
    """Passes everything on, until `lose` says that the next request or the next reply never arrives."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self.lose: Literal["request", "reply"] | None = None

    async def connect(self) -> Connection:
        """A connection of the writer through this socket."""
        login = self._database.login("writer") | {"host": str(self._folder)}
        return await asyncpg.connect(**login)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        upstream, downstream = await asyncio.open_unix_connection(f"{self._database.host}/.s.PGSQL.5432")
        flows = [
            asyncio.create_task(self._carry(reader, downstream, "request")),
            asyncio.create_task(self._carry(upstream, writer, "reply")),
        ]
        await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, downstream):
            end.close()
        await asyncio.wait(flows)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, what: str) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if self.lose == what:
                    while what == "reply" and not data.endswith(READY):
                        data += await source.read(65536)
                    self.lose = None
                    return
                target.write(data)
                await target.drain()


@asynccontextmanager
async def lossy_socket(database: Database) -> AsyncIterator[LossySocket]:
    """A socket in front of a database."""
    with tempfile.TemporaryDirectory(prefix="lossy-") as folder:
        lossy = LossySocket(database, Path(folder))
        server = await asyncio.start_unix_server(lossy.serve, f"{folder}/.s.PGSQL.5432")
        yield lossy
        server.close()
