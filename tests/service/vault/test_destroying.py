"""Keys are destroyed by an erasure that stands in the ledger, and in no other way; their rows stay."""

import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.store.ledger import NewKey
from service.store.sealing import destroying
from service.store.sealing.destroying import ERASURE, ErasureNotRecordedError, PostgresDestroyer
from service.vault.keyring import DESTROYED, Keyring
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_event, an_opening, postgres_ledger, stood

KEYRING = Keyring({1: bytes(range(32))})


def a_key() -> NewKey:
    made = KEYRING.new_key(uuid4(), uuid4())
    return NewKey(made.key_id, made.about, made.wrapped, made.kek)


def an_erasure(*keys: UUID, type: str = ERASURE) -> bytes:  # noqa: A002 - the column is called so
    return json.dumps({"keys": [str(key) for key in keys], "type": type}).encode()


class Vault:
    """A database with two keys, and whoever erases."""

    def __init__(self, database: Database, owner: Connection) -> None:
        self.database = database
        self.owner = owner
        self.destroyer = PostgresDestroyer(database.writer)
        self.one, self.other = a_key(), a_key()

    async def begin(self) -> None:
        async with postgres_ledger(self.database) as ledger:
            await stood(ledger, an_opening())
            await stood(ledger, a_request(new_keys=(self.one, self.other)))

    async def record(self, payload: bytes, **changes: object) -> int:
        """Append what claims to be an erasure; its position."""
        async with postgres_ledger(self.database) as ledger:
            event = an_event(payload, **{"type": ERASURE, **changes})
            return (await stood(ledger, a_request(events=(event,)))).last_position

    async def wrapped(self, key: NewKey) -> bytes:
        found: bytes = await self.owner.fetchval("select wrapped from vault.keys where key_id = $1", key.key_id)
        return found


@pytest.fixture
async def vault(database: Database) -> AsyncIterator[Vault]:
    owner = await database.connect("owner")
    made = Vault(database, owner)
    await made.begin()
    yield made
    await owner.close()


async def test_the_keys_that_an_erasure_names_are_destroyed_and_no_others(vault: Vault) -> None:
    done = await vault.destroyer.destroy(await vault.record(an_erasure(vault.one.key_id, uuid4())))

    assert done.keys == (vault.one.key_id,)
    assert await vault.wrapped(vault.one) == DESTROYED
    assert await vault.wrapped(vault.other) == vault.other.wrapped
    kept = await vault.owner.fetchrow("select about, kek from vault.keys where key_id = $1", vault.one.key_id)
    assert tuple(kept or ()) == (vault.one.about, vault.one.kek)


async def test_an_erasure_is_carried_out_as_often_as_it_is_asked_for(vault: Vault) -> None:
    position = await vault.record(an_erasure(vault.one.key_id))
    await vault.destroyer.destroy(position)

    assert (await vault.destroyer.destroy(position)).keys == ()
    assert await vault.wrapped(vault.one) == DESTROYED


@pytest.mark.parametrize("position", [0, 2, 99])
async def test_where_no_erasure_stands_nothing_is_destroyed(vault: Vault, position: int) -> None:
    with pytest.raises(ErasureNotRecordedError):
        await vault.destroyer.destroy(position)


@pytest.mark.parametrize("payload", [b"{}", b'{"keys": null}', b'{"keys": "all"}', b'{"keys": {}}', b"[]"])
async def test_an_erasure_that_names_no_keys_destroys_none(vault: Vault, payload: bytes) -> None:
    with pytest.raises(ErasureNotRecordedError):
        await vault.destroyer.destroy(await vault.record(payload))


async def test_an_event_of_another_type_destroys_nothing_whatever_it_names(vault: Vault) -> None:
    position = await vault.record(an_erasure(vault.one.key_id), type="erasure.requested.v1")

    with pytest.raises(ErasureNotRecordedError):
        await vault.destroyer.destroy(position)
    assert await vault.wrapped(vault.one) == vault.one.wrapped


async def test_nobody_changes_a_key_by_hand(vault: Vault) -> None:
    for change in ("wrapped = ''", "kek = kek", "wrapped = wrapped || 'x'", "about = key_id"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await vault.owner.execute(f"update vault.keys set {change}")
    for gone in ("delete from vault.keys", "truncate vault.keys"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await vault.owner.execute(gone)


async def test_not_even_the_owner_who_names_an_erasure_destroys_another_key(vault: Vault) -> None:
    position = await vault.record(an_erasure(vault.one.key_id))
    async with vault.owner.transaction():
        await vault.owner.execute("select set_config('incident_ledger.vault_change', 'destroy', true)")
        await vault.owner.execute("select set_config('incident_ledger.erased_at', $1, true)", str(position))
        with pytest.raises(asyncpg.RestrictViolationError):
            async with vault.owner.transaction():
                await vault.owner.execute("update vault.keys set wrapped = ''")


async def test_the_right_to_destroy_ends_with_the_destruction(vault: Vault) -> None:
    position = await vault.record(an_erasure(vault.one.key_id))
    async with vault.owner.transaction():
        await vault.owner.execute("select vault.destroy($1)", position)
        with pytest.raises(asyncpg.RestrictViolationError):
            async with vault.owner.transaction():
                await vault.owner.execute("update vault.keys set wrapped = ''")


@pytest.mark.parametrize("role", ["projector", "reader"])
async def test_only_whoever_appends_may_destroy(vault: Vault, role: str) -> None:
    position = await vault.record(an_erasure(vault.one.key_id))
    connection = await vault.database.connect(role)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("select vault.destroy($1)", position)
    finally:
        await connection.close()


async def test_the_file_of_the_table_holds_no_byte_of_a_destroyed_key(vault: Vault) -> None:
    keys = [a_key() for _ in range(100)]
    async with postgres_ledger(vault.database) as ledger:
        await stood(ledger, a_request(new_keys=tuple(keys)))
    gone = keys[20:50]

    done = await vault.destroyer.destroy(await vault.record(an_erasure(*(key.key_id for key in gone))))

    assert done.cleaned
    file = await file_of_keys(vault.database)
    assert all(key.wrapped in file for key in keys[:20]), "the search finds what stands"
    assert not any(key.wrapped in file for key in gone)


async def test_a_reader_in_the_way_delays_no_erasure(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destroying, "_PATIENCE", "set lock_timeout = '10ms'")
    position = await vault.record(an_erasure(vault.one.key_id))
    async with vault.owner.transaction():
        await vault.owner.fetch("select from vault.keys")
        done = await vault.destroyer.destroy(position)

    assert done.keys == (vault.one.key_id,)
    assert not done.cleaned


async def file_of_keys(database: Database) -> bytes:
    superuser = await database.connect("superuser")
    try:
        await superuser.execute("checkpoint")
        found: bytes = await superuser.fetchval("select pg_read_binary_file(pg_relation_filepath('vault.keys'))")
    finally:
        await superuser.close()
    return found
