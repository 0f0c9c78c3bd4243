"""Whoever rewrites what was read is found: any column, any place up to the last digest; what is not held yet is said."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import orjson
import pytest

from service.store.access.asked import Head
from service.store.access.canonical import GENESIS, chained
from service.store.access.checking import DIGESTED, AccessChecked, AccessDamageKind, check_access_log
from service.store.access.records import access_of
from tests.support.audit.access import a_read, access_log_in
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server

CASE, OTHER = UUID(int=101), UUID(int=102)
DAY: Final = UUID(int=201)
READS, DIGESTS = 12, (6, 10)
EDITS: Final = {
    "at": "at + interval '1 microsecond'",
    "actor": f"'{UUID(int=9)}'",
    "organisation": "'ZZ2'",
    "roles": "array['analyst']",
    "purpose": "'care'",
    "purpose_stated": "not purpose_stated",
    "kind": "'audit_query'",
    "route": "'get_v1_incidents'",
    "method": "'POST'",
    "cases": f"array['{OTHER}']::uuid[]",
    "owners": "array['ZZ2']",
    "position": "position + 1",
    "past": "not past",
    "words_opened": "not words_opened",
    "request_id": f"'{UUID(int=9)}'",
    "correlation_id": "'another'",
    "hash": "sha256(hash)",
}


@pytest.fixture(scope="module")
def original(servers: dict[int, Server]) -> Database:
    """Twelve records, of which two digests hold the first ten."""
    made = servers[EMBEDDED].new_database()
    asyncio.run(_read(made))
    return made


async def _read(database: Database) -> None:
    async with postgres_ledger(database) as ledger, access_log_in(database) as log:
        await stood(ledger, an_opening())
        for case in (CASE, OTHER):
            await stood(ledger, a_request(case, kind="incident", cases=(case,)))
        version, before = 0, Head()
        for _ in range(READS):
            await log.append(a_read(CASE, actor=UUID(int=5)))
            head = await log.head()
            if head.number in DIGESTS:
                digest = an_event(_payload(before.number + 1, head), type=DIGESTED)
                request = a_request(DAY, version, kind="access_log", organisation="LEDGER", events=(digest,))
                version, before = (await stood(ledger, request)).version, head


def _payload(begins: int, head: Head) -> bytes:
    told = {"from_number": begins, "to_number": head.number, "records": head.number - begins + 1}
    return orjson.dumps(told | {"digest": head.hash.hex()})


TABLES: Final = ("access.reads", "access.readers", "ledger.events")


@pytest.fixture
async def attacker(original: Database) -> AsyncIterator[Connection]:
    """Somebody whom nothing refuses a change; what they did is undone afterwards."""
    connection = await original.connect("superuser")
    for table in TABLES:
        await connection.execute(f"alter table {table} disable trigger all")
        await connection.execute(f"create temporary table kept_{table.replace('.', '_')} as select * from {table}")
    await connection.execute("alter table access.reads drop constraint if exists reads_number_check")
    yield connection
    for table in TABLES:
        await connection.execute(
            f"delete from {table}; insert into {table} select * from kept_{table.replace('.', '_')}"
        )
        await connection.execute(f"alter table {table} enable trigger all")
    await connection.close()


async def damaged(connection: Connection) -> tuple[str, int] | None:
    damage = (await check_access_log(connection)).damage
    return None if damage is None else (damage.kind.value, damage.number)


async def rewrite_chain(connection: Connection, *, after: int) -> None:
    """Work out every hash after a record anew, as whoever knows the format can."""
    digest = GENESIS
    for row in await connection.fetch("select * from access.reads order by number"):
        record = access_of(row)
        if record.number <= after:
            digest = record.hash
            continue
        digest = chained(digest, record)
        await connection.execute("update access.reads set hash = $2 where number = $1", record.number, digest)


async def test_a_log_that_nobody_touched_holds_and_its_tail_is_said(attacker: Connection) -> None:
    seen: list[int] = []

    checked = await check_access_log(attacker, progress=seen.append)

    first_of_tail = await attacker.fetchval("select at from access.reads where number = 11")
    assert checked == AccessChecked(
        records=READS, digests=2, digested_to=10, tail=2, tail_since=first_of_tail, damage=None
    )
    assert seen == [READS]


async def test_the_role_that_reads_may_check(original: Database) -> None:
    connection = await original.connect("reader")
    try:
        assert await damaged(connection) is None
    finally:
        await connection.close()


async def test_a_change_of_any_column_is_found_where_it_is(attacker: Connection) -> None:
    columns = await attacker.fetch(
        "select attname from pg_attribute where attrelid = 'access.reads'::regclass and attnum > 0"
    )
    assert {row[0] for row in columns} == set(EDITS) | {"number"}

    found = {}
    for column, value in EDITS.items():
        for number in (1, 5, READS):
            await attacker.execute(f"update access.reads set {column} = {value} where number = {number}")
            found[column, number] = await damaged(attacker)
            await attacker.execute("delete from access.reads; insert into access.reads select * from kept_access_reads")

    assert found == {(column, number): ("edited", number) for column in EDITS for number in (1, 5, READS)}
    assert await damaged(attacker) is None


async def test_a_value_that_no_record_can_have_is_an_edit(attacker: Connection) -> None:
    await attacker.execute(f"update access.reads set position = {2**60} where number = 5")
    assert await damaged(attacker) == ("edited", 5)


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        ("delete from access.reads where number = 7", "missing", 7),
        ("delete from access.reads where number = 1", "missing", 1),
        ("delete from access.reads where number >= 10", "truncated", 10),
        ("delete from access.reads", "truncated", 1),
        ("update access.reads set number = number + 100 where number > 4", "missing", 5),
        ("delete from access.readers", "missing", 1),
    ],
)
async def test_what_is_taken_out_is_found(attacker: Connection, change: str, kind: str, number: int) -> None:
    await attacker.execute(change)

    assert await damaged(attacker) == (kind, number)


async def test_two_records_that_changed_places_are_found(attacker: Connection) -> None:
    for earlier, later in ((4, -1), (5, 4), (-1, 5)):
        await attacker.execute(f"update access.reads set number = {later} where number = {earlier}")

    assert await damaged(attacker) == ("edited", 4)


async def test_a_row_below_the_first_is_a_stray(attacker: Connection) -> None:
    await attacker.execute("create temporary table stray as select * from access.reads where number = 3")
    await attacker.execute("update stray set number = 0; insert into access.reads select * from stray")

    assert await damaged(attacker) == ("stray-row", 0)


async def _edited(connection: Connection) -> None:
    await connection.execute("update access.reads set purpose = 'care' where number = 8")
    await rewrite_chain(connection, after=7)


async def _taken_out(connection: Connection) -> None:
    await connection.execute("delete from access.reads where number = 8")
    await connection.execute("create temporary table moved as select * from access.reads where number > 8")
    await connection.execute("delete from access.reads where number > 8; update moved set number = number - 1")
    await connection.execute("insert into access.reads select * from moved")
    await rewrite_chain(connection, after=7)


async def _put_in(connection: Connection) -> None:
    await connection.execute("create temporary table moved as select * from access.reads where number >= 8")
    await connection.execute("delete from access.reads where number > 8; update moved set number = number + 1")
    await connection.execute("insert into access.reads select * from moved")
    await rewrite_chain(connection, after=7)


@pytest.mark.parametrize("attack", [_edited, _taken_out, _put_in])
async def test_a_chain_that_was_worked_out_anew_is_not_the_one_committed_to(
    attacker: Connection, attack: Callable[[Connection], Awaitable[None]]
) -> None:
    await attack(attacker)

    checked = await check_access_log(attacker)

    assert checked.damage is not None
    assert (checked.damage.kind, checked.damage.number) == (AccessDamageKind.NOT_CONSISTENT, 7)
    assert "Records 7 to 10 hold together" in checked.damage.sentence


@pytest.mark.parametrize("payload", [b"{}", b"not json", _payload(7, Head(9, None, GENESIS))])
async def test_a_digest_that_was_changed_is_found(attacker: Connection, payload: bytes) -> None:
    newest = "(select max(position) from ledger.events)"
    await attacker.execute(f"update ledger.events set payload = $1 where position = {newest}", payload)

    found = await damaged(attacker)

    assert found is not None
    assert found[0] == "not-consistent"


async def test_a_digest_that_was_taken_out_of_the_middle_is_found(attacker: Connection) -> None:
    await attacker.execute("delete from ledger.events where position = (select max(position) - 1 from ledger.events)")

    assert await damaged(attacker) == ("not-consistent", 7)


async def test_in_the_tail_a_record_written_back_in_time_is_found(attacker: Connection) -> None:
    back = timedelta(days=1)
    await attacker.execute("update access.reads set at = at - $1::interval where number = 12", back)
    await rewrite_chain(attacker, after=11)

    assert await damaged(attacker) == ("reordered", 12)


async def test_what_only_hangs_on_its_own_chain_is_not_found_and_counted(attacker: Connection) -> None:
    await attacker.execute("delete from access.reads where number = 12")

    checked = await check_access_log(attacker)

    assert (checked.damage, checked.tail) == (None, 1)
