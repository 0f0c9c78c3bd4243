"""How the proof is stored: it only grows, each role has its part of it, and trees of every height come back as they were."""

from collections.abc import AsyncIterator, Iterable
from hashlib import sha256

import asyncpg
import pytest
import pytest_asyncio

from service.proof.tree import (
    GrowingTree,
    Remembered,
    consistency_nodes,
    consistency_path,
    frontier,
    inclusion_nodes,
    inclusion_path,
)
from service.store.proofs.leaves import _REQUESTS
from service.store.proofs.nodes import Growth, NodeMissingError, read_nodes, read_tree
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLES = {
    "leaves": "position",
    "tiles": "level",
    "checkpoints": "size",
    "cosignatures": "size",
    "conflicts": "size",
    "origins": "number",
    "head_subjects": "bucket",
    "head_buckets": "bucket",
}
CHANGES = ["update proof.{0} set {1} = {1}", "delete from proof.{0}", "truncate proof.{0} cascade"]
SIZE = 256 * 256 + 2 * 256 + 3
"""Two full tiles on the first level above the first full one of the second."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connection(servers: dict[int, Server]) -> AsyncIterator[Connection]:
    """A projector's connection to a database with a stored tree of `SIZE` leaves."""
    opened = await servers[EMBEDDED].new_database().connect("projector")
    tree = GrowingTree()
    for start, end in ((0, 3), (3, 255), (255, 256), (256, 60_000), (60_000, SIZE)):
        growth = Growth(tree)
        for each in leaves(range(start, end)):
            growth.append(each)
        await growth.write(opened)
    yield opened
    await opened.close()


def leaves(positions: Iterable[int]) -> list[bytes]:
    return [sha256(b"%d" % position).digest() for position in positions]


@pytest.fixture(scope="module")
def whole() -> Remembered:
    return Remembered(leaves(range(SIZE)))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, SIZE])
async def test_the_tree_of_any_size_is_read_back_to_go_on_from(
    connection: Connection, whole: Remembered, size: int
) -> None:
    tree = await read_tree(connection, size)

    assert tree.peaks == tuple(whole.hash_at(*node) for node in frontier(size))


async def test_paths_are_made_from_what_is_stored(connection: Connection, whole: Remembered) -> None:
    for index in (0, 1, 255, 256, 40_000, 65_535, 65_536, SIZE - 1):
        known = await read_nodes(connection, inclusion_nodes(index, SIZE))
        assert inclusion_path(known, index, SIZE) == inclusion_path(whole, index, SIZE)
    for first in (1, 255, 300, 65_535, 65_536, 65_600, SIZE):
        known = await read_nodes(connection, consistency_nodes(first, SIZE))
        assert consistency_path(known, first, SIZE) == consistency_path(whole, first, SIZE)


async def test_only_full_tiles_stand_and_every_one_of_them(connection: Connection) -> None:
    found = await connection.fetch("select level, count(*), max(number) from proof.tiles group by level order by level")

    assert [tuple(row) for row in found] == [(0, 258, 257), (1, 1, 0)]


async def test_a_tree_larger_than_what_is_stored_is_not_read(connection: Connection) -> None:
    with pytest.raises(NodeMissingError, match="lacks hashes of the positions 66049 to 66052"):
        await read_tree(connection, SIZE + 1)


async def test_two_workers_cannot_store_leaves_at_the_same_positions(connection: Connection) -> None:
    growth = Growth(await read_tree(connection, SIZE - 1))
    growth.append(bytes(32))

    with pytest.raises(asyncpg.UniqueViolationError):
        await growth.write(connection)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", TABLES)
async def test_not_even_the_owner_changes_the_proof(database: Database, table: str, change: str) -> None:
    owner = await database.connect("owner")
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
            await owner.execute(change.format(table, TABLES[table]))
    finally:
        await owner.close()


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
async def test_every_role_reads_the_proof_and_only_the_projector_adds_to_it(database: Database, role: str) -> None:
    opened = await database.connect(role)
    try:
        for table, column in TABLES.items():
            assert await opened.fetch(f"select * from proof.{table}") == []
            for change in CHANGES:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await opened.execute(change.format(table, column))
            expected = asyncpg.NotNullViolationError if role == "projector" else asyncpg.InsufficientPrivilegeError
            with pytest.raises(expected):
                await opened.execute(f"insert into proof.{table} default values")
    finally:
        await opened.close()


async def test_requests_are_found_by_position_through_the_summary_that_costs_an_append_nothing(
    servers: dict[int, Server],
) -> None:
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await _append_some(proved)
        reader = await proved.database.reader()
        await reader.execute("set enable_seqscan = off")
        plan = await reader.fetch("explain (costs off) " + _REQUESTS, 100, 200, 100)
        await reader.close()

        indexes = await _indexes(proved, "keys")

    assert any("keys_first_position_idx" in row[0] for row in plan)
    assert indexes == {"keys_pkey": "btree", "keys_first_position_idx": "brin"}


async def test_appends_fire_no_trigger_of_the_proof(servers: dict[int, Server]) -> None:
    database = servers[EMBEDDED].new_database()
    owner = await database.connect("owner")
    found = await owner.fetch(
        "select distinct tgname, tgtype from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where c.relnamespace = 'ledger'::regnamespace and c.relname in ('events', 'keys', 'streams', 'stream_cases')"
        " and not tgisinternal and tgtype & 4 = 4"
    )
    await owner.close()

    assert found == []


async def _append_some(proved: Proved) -> None:
    await proved.ledger.append_batch([a_request() for _ in range(300)])


async def _indexes(proved: Proved, table: str) -> dict[str, str]:
    reader = await proved.database.reader()
    found = await reader.fetch(
        "select c.relname, a.amname from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam"
        " where i.indrelid = ('ledger.' || $1)::regclass",
        table,
    )
    await reader.close()
    return {row[0]: row[1] for row in found}
