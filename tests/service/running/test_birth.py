"""By which clock a ledger was born, as whoever may not touch it asks first."""

import asyncpg
import pytest

from service.store.connect import Database, connect
from service.store.migrate import is_simulated, migrate


async def test_an_empty_database_holds_no_ledger_and_neither_does_one_that_was_only_migrated(
    database: Database,
) -> None:
    assert await is_simulated(database.owner) is None

    await migrate(database)

    assert await is_simulated(database.owner) is None


@pytest.mark.parametrize("simulated", [True, False])
async def test_a_ledger_says_by_which_clock_it_was_born(database: Database, simulated: bool) -> None:
    await migrate(database)
    owner: asyncpg.Connection[asyncpg.Record] = await connect(database.owner)
    await owner.execute("insert into ledger.origin (simulated) values ($1)", simulated)
    await owner.close()

    assert await is_simulated(database.owner) is simulated
