"""Four processes append, two are killed again and again: no position is ever missing and every promise is kept.

`make test` runs it for 20 seconds; `SOAK_SECONDS` makes it longer (`make soak`).
"""

import os
from pathlib import Path

import pytest

from service.store.ledger import LedgerGapError
from tests.soak.soak import Account, soak
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

SECONDS = float(os.environ.get("SOAK_SECONDS", "20"))
SQL = Path(__file__).parents[2] / "migrations" / "sql" / "0001_append.sql"


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


@pytest.mark.soak
async def test_no_position_is_ever_missing_and_every_promise_is_kept(database: Database, tmp_path: Path) -> None:
    account = await soak(database, tmp_path, seconds=SECONDS)
    print(f"{account.followed} events, {account.killed} killed, {len(account.promises)} promises, {account.notes}")
    assert account.killed >= 3
    assert account.notes["conflict"] > 100
    assert account.notes["rolled_back"] > 10
    await check_the_account(database, account)


async def check_the_account(database: Database, account: Account) -> None:
    connection = await database.reader()
    counted = await connection.fetchrow("select count(*), max(position), min(position) from ledger.events")
    assert tuple(counted or ()) == (account.followed, account.followed, 1)
    rows = await connection.fetch("select key, first_position, last_position from ledger.keys")
    kept = {row[0]: (row[1], row[2]) for row in rows}
    assert account.promises.items() <= kept.items()
    # every event came with exactly one key: nothing was appended twice, nothing without being asked for
    assert sum(last - first + 1 for first, last in kept.values()) == account.followed
    broken = await connection.fetchval(
        "select count(*) from (select count(*) as events, max(version) as newest from ledger.events group by stream) s"
        " where events <> newest"
    )
    assert broken == 0
    back = await connection.fetchval(
        "select count(*) from (select recorded_at < lag(recorded_at) over (order by position) as back"
        " from ledger.events) s where back"
    )
    assert back == 0
    await connection.close()


@pytest.mark.soak
async def test_the_soak_bites_positions_from_a_sequence_without_the_lock(database: Database, tmp_path: Path) -> None:
    """Nothing is killed, rolled back or refused here, so no number is burnt: only the order of commits is wrong."""
    database.execute("create sequence ledger.loose")
    database.execute(loosened(SQL.read_text()))
    with pytest.raises(LedgerGapError):
        await soak(database, tmp_path, seconds=60, calm=True)
    connection = await database.reader()
    counted = await connection.fetchrow("select count(*) = max(position), count(*) > 100 from ledger.events")
    await connection.close()
    assert tuple(counted or ()) == (True, True)


def loosened(function: str) -> str:
    """The append function as others write it: positions from a sequence, and nobody waits for anybody."""
    changes = {
        "create function": "create or replace function",
        "    perform pg_advisory_xact_lock(7236271946541);\n": "",
        "from_positions[n] := newest + 1;": "from_positions[n] := nextval('ledger.loose');",
        "to_positions[n] := newest;": "to_positions[n] := from_positions[n];",
        "coalesce(head, 0) + row_number() over (order by e.n) as position": "from_positions[e.request] as position",
    }
    for before, after in changes.items():
        assert function.count(before) == 1, before
        function = function.replace(before, after)
    return function
