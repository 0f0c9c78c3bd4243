"""A rival that holds the append lock, so that a test decides when appends go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.running.database import Database

LOCK = 7236271946541


@asynccontextmanager
async def appends_held(database: Database) -> AsyncIterator[None]:
    """No append goes on while the context lasts."""
    connection = await database.connect("owner")
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        yield
    await connection.close()


async def until_an_append_waits(database: Database) -> None:
    """Return once some backend waits for the append lock."""
    connection = await database.connect("owner")
    for _ in range(1000):
        if await connection.fetchval(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            " and database = (select oid from pg_database where datname = current_database())"
        ):
            break
        await asyncio.sleep(0.01)
    await connection.close()


async def end_backends_of(database: Database, role: str) -> int:
    """Break every connection that a role has to the database, as a network or an administrator would."""
    connection = await database.connect("superuser")
    ended = await connection.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = $1",
        database.login(role)["user"],
    )
    await connection.close()
    return len(ended)
