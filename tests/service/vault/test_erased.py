"""Erasures are made good: what the ledger or the journal says was destroyed stands no longer, whatever happened since."""

import json
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.store.ledger import LedgerUnavailableError, NewKey
from service.store.sealing.destroying import ERASURE, Destroyed, PostgresDestroyer
from service.store.sealing.erased import Erasures, MadeGood
from service.store.sealing.journal import FILE, ErasedKeys, JournalDamagedError
from service.vault.keyring import DESTROYED, Keyring
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.postgres import EMBEDDED, Server

KEYRING = Keyring({1: bytes(range(32))})
NOTHING = MadeGood((), ())


def a_key() -> NewKey:
    made = KEYRING.new_key(uuid4(), uuid4())
    return NewKey(made.key_id, made.about, made.wrapped, made.kek)


class Vault:
    """A ledger with two keys, a backup of it, and its keys folder."""

    def __init__(self, server: Server, database: Database, folder: Path) -> None:
        self.server, self.database, self.folder = server, database, folder
        self.one, self.other = a_key(), a_key()

    async def begin(self) -> None:
        async with postgres_ledger(self.database) as ledger:
            await stood(ledger, an_opening())
            await stood(ledger, a_request(new_keys=(self.one, self.other)))

    async def erase(self, *keys: NewKey) -> int:
        payload = json.dumps({"keys": [str(key.key_id) for key in keys]}).encode()
        async with postgres_ledger(self.database) as ledger:
            return (await stood(ledger, a_request(events=(an_event(payload, type=ERASURE),)))).last_position

    def erasures(self, database: Database | None = None, destroyer: PostgresDestroyer | None = None) -> Erasures:
        at = database or self.database
        return Erasures(
            reader=at.reader,
            owner=at.connect,
            destroyer=destroyer or PostgresDestroyer(at.writer),
            journal=ErasedKeys(self.folder),
        )

    async def standing(self, database: Database | None = None) -> set[UUID]:
        owner: Connection = await (database or self.database).connect()
        try:
            return {row[0] for row in await owner.fetch("select key_id from vault.keys where wrapped <> ''")}
        finally:
            await owner.close()


@pytest.fixture
async def vault(servers: dict[int, Server], tmp_path: Path) -> Vault:
    server = servers[EMBEDDED]
    made = Vault(server, server.new_database(), tmp_path / "keys")
    await made.begin()
    return made


def backup_of(vault: Vault) -> Database:
    """A copy of the database as it is now."""
    copy = Database(vault.database.host, f"{vault.database.name}_backup")
    Database(vault.database.host, "postgres").execute(f"create database {copy.name} template {vault.database.name}")
    return copy


async def test_without_an_erasure_there_is_nothing_to_do(vault: Vault) -> None:
    assert await vault.erasures().make_good() == NOTHING
    assert not (vault.folder / FILE).exists()


async def test_an_erasure_that_was_recorded_and_not_carried_out_is_made_good_and_journaled(vault: Vault) -> None:
    await vault.erase(vault.one)

    assert await vault.erasures().make_good() == MadeGood((vault.one.key_id,), ())
    assert await vault.standing() == {vault.other.key_id}
    assert ErasedKeys(vault.folder).read() == {vault.one.key_id}


async def test_it_is_made_good_once(vault: Vault) -> None:
    await vault.erase(vault.one)
    await vault.erasures().make_good()
    written = (vault.folder / FILE).read_bytes()

    assert await vault.erasures().make_good() == NOTHING
    assert (vault.folder / FILE).read_bytes() == written


class DyingDestroyer(PostgresDestroyer):
    """The power goes just after the keys are gone, before the journal has them."""

    async def destroy(self, position: int) -> Destroyed:
        await super().destroy(position)
        raise ConnectionAbortedError


async def test_a_crash_before_the_journal_has_it_is_made_good(vault: Vault) -> None:
    await vault.erase(vault.one)
    with pytest.raises(ConnectionAbortedError):
        await vault.erasures(destroyer=DyingDestroyer(vault.database.writer)).make_good()
    assert not (vault.folder / FILE).exists()

    assert await vault.erasures().make_good() == NOTHING
    assert ErasedKeys(vault.folder).read() == {vault.one.key_id}


async def test_a_backup_from_before_the_erasure_is_erased_by_the_journal(vault: Vault) -> None:
    backup = backup_of(vault)
    await vault.erase(vault.one)
    await vault.erasures().make_good()
    assert await vault.standing(backup) == {vault.one.key_id, vault.other.key_id}

    assert await vault.erasures(backup).make_good() == MadeGood((), (vault.one.key_id,))
    assert await vault.standing(backup) == {vault.other.key_id}
    assert await vault.erasures(backup).make_good() == NOTHING
    owner = await backup.connect()
    kept = await owner.fetchrow("select wrapped, about, kek from vault.keys where key_id = $1", vault.one.key_id)
    assert tuple(kept or ()) == (DESTROYED, vault.one.about, vault.one.kek)
    assert await owner.fetchval("select count(*) from ledger.events") == 2
    await owner.close()


async def test_a_backup_from_after_the_erasure_is_erased_by_its_own_ledger(vault: Vault, tmp_path: Path) -> None:
    await vault.erase(vault.one)
    backup = backup_of(vault)
    vault.folder = tmp_path / "other keys"

    assert await vault.erasures(backup).make_good() == MadeGood((vault.one.key_id,), ())


async def test_the_index_by_number_forgets_what_the_journal_names(vault: Vault) -> None:
    backup = backup_of(vault)
    owner = await backup.connect()
    row = (b"digest", uuid4(), vault.one.about, vault.one.key_id)
    await owner.execute("insert into vault.nhs_numbers values ($1, $2, $3, $4, 'ZZ1', 'index-1')", *row)
    ErasedKeys(vault.folder).add([vault.one.key_id])
    await vault.erasures(backup).make_good()

    assert await owner.fetchval("select count(*) from vault.nhs_numbers") == 0
    await owner.close()


async def test_nobody_but_the_owner_destroys_by_the_journal(vault: Vault) -> None:
    for role in ("writer", "projector", "reader"):
        connection = await vault.database.connect(role)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select vault.destroy_again($1::uuid[])", [vault.one.key_id])
        await connection.close()
    assert vault.one.key_id in await vault.standing()


async def test_the_function_is_for_the_owner_alone_and_lends_nobody_the_owners_rights(vault: Vault) -> None:
    owner = await vault.database.connect()
    asked = """
        select p.prosecdef, exists (
            select from aclexplode(p.proacl) acl where acl.grantee <> p.proowner or acl.grantee = 0
        ) as granted, p.proacl is null as open_to_all
        from pg_proc p where p.oid = 'vault.destroy_again'::regproc
    """
    assert tuple(await owner.fetchrow(asked) or ()) == (False, False, False)
    await owner.close()


async def test_not_even_the_owner_destroys_a_key_that_no_journal_named(vault: Vault) -> None:
    owner = await vault.database.connect()
    async with owner.transaction():
        await owner.execute("select set_config('incident_ledger.vault_change', 'destroy_again', true)")
        with pytest.raises(asyncpg.RestrictViolationError):
            async with owner.transaction():
                await owner.execute("update vault.keys set wrapped = ''")
    for change in ("delete from vault.erased_before", "truncate vault.erased_before"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(change)
    await owner.close()


async def test_the_right_to_destroy_again_ends_with_the_destruction(vault: Vault) -> None:
    owner = await vault.database.connect()
    async with owner.transaction():
        await owner.fetch("select vault.destroy_again($1::uuid[])", [vault.one.key_id])
        with pytest.raises(asyncpg.RestrictViolationError):
            async with owner.transaction():
                await owner.execute("update vault.keys set wrapped = '' where wrapped <> ''")
        assert await owner.fetchval("select current_setting('incident_ledger.vault_change')") == ""
    await owner.close()


async def test_that_the_database_is_away_is_said_in_one_word(vault: Vault) -> None:
    async def away() -> Connection:
        raise ConnectionRefusedError

    erasures = vault.erasures()
    erasures._reader = away
    with pytest.raises(LedgerUnavailableError):
        await erasures.make_good()


def journal(folder: Path, content: bytes) -> ErasedKeys:
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    return ErasedKeys(folder)


def test_the_journal_is_only_ever_added_to_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    one, other = UUID(int=1), UUID(int=2)
    ErasedKeys(folder).add([one])
    first = (folder / FILE).read_bytes()
    ErasedKeys(folder).add([other, one])

    assert (folder / FILE).read_bytes() == first + f"{other}\n".encode()
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_a_crash_left_of_a_line_is_passed_over_and_ended(tmp_path: Path) -> None:
    one, other = UUID(int=1), UUID(int=2)
    kept = journal(tmp_path / "keys", f"{one}\n{str(other)[:20]}".encode())
    assert kept.read() == {one}

    kept.add([other])
    assert kept.read() == {one, other}
    assert (tmp_path / "keys" / FILE).read_text().splitlines() == [str(one), str(other)[:20], str(other)]


@pytest.mark.parametrize(
    "line", ["everything", "x" * 36, f"{UUID(int=1)}0", f"{UUID(int=1)} {UUID(int=2)}", "\x00" * 36]
)
def test_a_journal_that_says_something_else_is_not_believed(tmp_path: Path, line: str) -> None:
    with pytest.raises(JournalDamagedError, match="line 2"):
        journal(tmp_path / "keys", f"{UUID(int=1)}\n{line}\n".encode()).read()


def test_nothing_is_answered_for_before_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real: Callable[[int], None] = os.fsync

    def noting(handle: int, sync: Callable[[int], None]) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    monkeypatch.setattr(os, "fsync", partial(noting, sync=real))
    ErasedKeys(tmp_path / "keys").add([UUID(int=1)])
    ErasedKeys(tmp_path / "keys").add([UUID(int=2)])
    ErasedKeys(tmp_path / "keys").add([UUID(int=2)])

    assert synced == ["file", "folder", "file"]
