"""One database of the engine's tests: its connections by role, and the bytes of its tables."""

import io
from collections.abc import Sequence

import asyncpg

from projections.engine.feed import Told
from projections.engine.follower import Follower
from projections.engine.model import AnyReadModel
from projections.engine.positions import claim
from projections.engine.tables import SCHEMA, tables_of
from projections.engine.versions.building import go_live, make_tables
from tests.support.running.database import Database


class EngineDatabase:
    """Opens connections to one database, and closes them all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opened: list[asyncpg.Connection] = []

    async def _open(self, role: str) -> asyncpg.Connection:
        connection = await self._database.connect(role)
        self._opened.append(connection)
        return connection

    async def owner(self) -> asyncpg.Connection:
        return await self._open("owner")

    async def projector(self) -> asyncpg.Connection:
        return await self._open("projector")

    def reader_url(self) -> str:
        return self._database.url(driver="postgresql+asyncpg", role="reader")

    def projector_role(self) -> str:
        return str(self._database.login("projector")["user"])

    async def close(self) -> None:
        for connection in self._opened:
            if not connection.is_closed():
                await connection.close()

    async def make(self, model: AnyReadModel, *, version: int = 1) -> None:
        """Make a version of a read model and let it answer."""
        owner = await self.owner()
        await make_tables(owner, model, version)
        async with owner.transaction():
            await go_live(owner, model, version)
        await owner.close()

    async def forget(self) -> None:
        """Let no version answer, so that versions can be made again."""
        owner = await self.owner()
        await owner.execute("delete from projections.live")
        await owner.close()

    async def follower(self, model: AnyReadModel, *, version: int | None = None) -> Follower:
        """Own a version of a read model on a connection of its own: that of a new database, unless said otherwise."""
        connection = await self.projector()
        held = await claim(connection, model, version or model.version)
        assert held is not None
        return Follower(model, connection, held)

    async def told(self, model: AnyReadModel, *batches: Sequence[Told], version: int = 1) -> None:
        """Make a version and tell it these batches."""
        await self.make(model, version=version)
        connection = await self.projector()
        try:
            held = await claim(connection, model, version)
            assert held is not None
            for batch in batches:
                await Follower(model, connection, held).take(batch)
        finally:
            await connection.close()

    async def contents(self, model: AnyReadModel, *, version: int = 1) -> dict[str, bytes]:
        """The bytes of every table of a version, in order of key."""
        connection = await self.owner()
        contents = {}
        for table in tables_of(model, version):
            order = ", ".join(column.name for column in table.primary_key.columns)
            bytes_of = io.BytesIO()
            await connection.copy_from_query(f"select * from {SCHEMA}.{table.name} order by {order}", output=bytes_of)
            contents[table.name.removeprefix(f"{model.name}_v{version}")] = bytes_of.getvalue()
        await connection.close()
        return contents

    async def position(self, model: AnyReadModel, *, version: int = 1) -> asyncpg.Record:
        connection = await self.owner()
        found = await connection.fetchrow(
            "select * from projections.positions where name = $1 and table_version = $2", model.name, version
        )
        await connection.close()
        assert found is not None
        return found
