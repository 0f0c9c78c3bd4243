"""The database's login roles: made once, with passwords that are kept, and able to do no more than their part."""

import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from service.secret_files import SecretFileError, kept_secret
from service.store.connect import Database, connect, with_user
from service.store.embedded import EmbeddedServer
from service.store.embedded.cluster import OWNER, SUPERUSER
from service.store.roles import RolesMissingError, ensure_roles, external_database

PASSWORDS_ONLY = f"local all {SUPERUSER},{OWNER} peer map=incident_ledger\nlocal all all scram-sha-256\n"


@pytest.fixture
async def external(server: EmbeddedServer, database: Database) -> AsyncIterator[str]:
    """The owner's URL of a database whose roles must show a password, as on somebody else's server."""
    hba = server.places.data / "pg_hba.conf"
    before = hba.read_text()
    await _with_rules(server, PASSWORDS_ONLY)
    yield database.owner
    await _with_rules(server, before)


async def _with_rules(server: EmbeddedServer, rules: str) -> None:
    (server.places.data / "pg_hba.conf").write_text(rules)
    superuser = await connect(server.url(user=SUPERUSER))
    await superuser.execute("select pg_reload_conf()")
    await superuser.close()


async def make(database: Database) -> None:
    owner = await connect(database.owner)
    try:
        await ensure_roles(owner, database)
    finally:
        await owner.close()


async def who_am_i(url: str) -> str:
    connection = await connect(url)
    try:
        name: str = await connection.fetchval("select current_user")
        return name
    finally:
        await connection.close()


async def test_each_role_can_connect_and_has_no_power_over_the_server(database: Database) -> None:
    await make(database)

    owner = await connect(database.owner)
    for short, url in (("writer", database.writer), ("projector", database.projector), ("reader", database.reader)):
        assert await who_am_i(url) == database.role(short)
        powers = "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls from pg_roles"
        assert await owner.fetchval(f"{powers} where rolname = $1", database.role(short)) is False
    await owner.close()


async def test_a_stranger_to_the_ledger_cannot_connect(server: EmbeddedServer, database: Database) -> None:
    await make(database)
    owner = await connect(database.owner)
    await owner.execute(f"create role {database.name}_stranger login")
    await owner.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await who_am_i(with_user(database.owner, f"{database.name}_stranger"))


async def test_on_another_server_passwords_are_made_kept_and_work(external: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    database = external_database(external, keys=keys)
    await make(database)

    assert await who_am_i(database.reader) == database.role("reader")
    assert external_database(external, keys=keys) == database, "the kept passwords are used again"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert len({path.read_bytes() for path in keys.iterdir()}) == 3


async def test_without_its_password_a_role_is_refused(external: str, tmp_path: Path) -> None:
    database = external_database(external, keys=tmp_path / "keys")
    await make(database)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await who_am_i(with_user(external, database.role("reader"), "guessed"))


async def test_making_the_roles_again_changes_no_password(external: str, tmp_path: Path) -> None:
    database = external_database(external, keys=tmp_path / "keys")
    await make(database)
    owner = await connect(with_user(external, SUPERUSER))
    stored = "select array_agg(rolpassword order by rolname) from pg_authid where rolname like $1"
    before = await owner.fetchval(stored, f"{database.name}%")
    await make(database)

    assert await owner.fetchval(stored, f"{database.name}%") == before
    await owner.close()


async def test_the_home_that_migrated_last_has_the_passwords_that_work(external: str, tmp_path: Path) -> None:
    """A home that was lost must not lock the ledger for ever."""
    await make(external_database(external, keys=tmp_path / "lost"))
    database = external_database(external, keys=tmp_path / "found")
    await make(database)

    assert await who_am_i(database.writer) == database.role("writer")


async def test_a_role_that_an_operator_provides_is_left_alone(external: str, tmp_path: Path) -> None:
    database = external_database(external, keys=tmp_path / "keys")
    provided = replace(database, reader=with_user(external, "somebody_else", "theirs"))
    await make(provided)

    owner = await connect(external)
    assert await owner.fetchval("select count(*) from pg_roles where rolname like $1", f"{database.name}%") == 2
    await owner.close()


async def test_an_owner_who_may_not_make_roles_is_told_what_to_do(server: EmbeddedServer, database: Database) -> None:
    owner = await connect(database.owner)
    weak = f"{database.name}_weak"
    await owner.execute(f"create role {weak} login")
    await owner.close()

    with pytest.raises(RolesMissingError, match="createrole"):
        await make(replace(database, owner=with_user(database.owner, weak)))


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a"

    assert kept_secret(path, lambda: b"first") == b"first"
    assert kept_secret(path, lambda: b"second") == b"first"
    assert [each.name for each in path.parent.iterdir()] == ["a"]


def test_a_secret_made_by_somebody_quicker_is_the_one(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def slowly() -> bytes:
        kept_secret(path, lambda: b"quicker")
        return b"slower"

    assert kept_secret(path, slowly) == b"quicker"


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    kept_secret(path, lambda: b"first")
    path.chmod(0o640)

    with pytest.raises(SecretFileError, match="chmod 600"):
        kept_secret(path, lambda: b"first")
