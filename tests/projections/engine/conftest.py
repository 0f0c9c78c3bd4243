"""A fresh database with the migrated schema of the read models for each test of the engine."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from tests.projections.engine.database import Database
from tests.support.postgres import EMBEDDED, SQL, Server

_NUMBERS = count(1)


@pytest.fixture
async def database(servers: dict[int, Server]) -> AsyncIterator[Database]:
    host, name = servers[EMBEDDED].host, f"projections_{next(_NUMBERS)}"
    admin = await asyncpg.connect(host=host, user="postgres", database="postgres")
    await admin.execute(f"create database {name}")
    for role in ("projector", "reader"):
        await admin.execute(f"create role {name}_{role} login")
    made = Database(host, name)
    owner = await made.owner()
    await owner.execute((SQL / "0002_projections.sql").read_text())
    yield made
    await made.close()
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()
