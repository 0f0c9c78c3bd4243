"""The keeper's table: a secret beside it is needed to open its rows, and the ledger's roles do not reach it."""

from pathlib import Path

import psycopg
import pytest

from service.secret_files import SecretFileError
from service.store.sealing import keeper
from service.store.sealing.keeper import FILE, KeeperKeks
from service.vault.keks.source import KekSourceRefusedError, KekSourceUnavailableError
from tests.service.vault.keks.conftest import a_keeper_database, keeper_url
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture(scope="module")
def database(servers: dict[int, Server]) -> Database:
    return a_keeper_database(servers[EMBEDDED])


@pytest.fixture
def source(database: Database, tmp_path: Path) -> KeeperKeks:
    """A keeper with one key."""
    with psycopg.connect(database.url(role="superuser"), autocommit=True) as superuser:
        superuser.execute("drop schema if exists keeper cascade")
    made = KeeperKeks(keeper_url(database), tmp_path)
    made.prepare()
    made.make_next()
    return made


def test_what_is_made_ready_twice_is_as_it_was(source: KeeperKeks) -> None:
    before = source.load()
    source.prepare()

    assert source.load() == before


def test_a_row_holds_no_key(source: KeeperKeks, database: Database) -> None:
    with psycopg.connect(database.url(role="superuser")) as superuser:
        ((sealed,),) = superuser.execute("select sealed from keeper.keks").fetchall()

    assert source.load()[1] not in sealed


@pytest.mark.parametrize("role", ["owner", "writer", "projector", "reader"])
def test_no_role_of_the_ledger_reads_it(source: KeeperKeks, database: Database, role: str) -> None:
    assert source.numbers()
    with psycopg.connect(database.url(role=role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select * from keeper.keks")


def test_without_the_secret_its_rows_do_not_open_and_no_other_is_made(source: KeeperKeks, tmp_path: Path) -> None:
    (tmp_path / FILE).unlink()

    for ask in (source.load, source.make_next):
        with pytest.raises(KekSourceRefusedError, match="restore it from a backup"):
            ask()
    assert not (tmp_path / FILE).exists()


def test_with_another_secret_its_rows_do_not_open(source: KeeperKeks, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(bytes(32))

    with pytest.raises(KekSourceRefusedError, match="does not open with the file keeper"):
        source.load()


def test_a_secret_of_another_length_is_damaged(source: KeeperKeks, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"short")

    with pytest.raises(SecretFileError):
        source.load()


def test_a_row_under_another_number_does_not_open(source: KeeperKeks, database: Database) -> None:
    with psycopg.connect(database.url(role="superuser"), autocommit=True) as superuser:
        superuser.execute("update keeper.keks set number = 2")

    with pytest.raises(KekSourceRefusedError):
        source.load()


def test_a_keeper_that_was_not_made_ready_says_what_to_do(servers: dict[int, Server], tmp_path: Path) -> None:
    url = keeper_url(a_keeper_database(servers[EMBEDDED]))

    with pytest.raises(KekSourceRefusedError, match="incident-ledger keys init"):
        KeeperKeks(url, tmp_path).load()


def test_a_keeper_that_is_away_or_unknown_is_told_apart(database: Database, tmp_path: Path) -> None:
    with pytest.raises(KekSourceUnavailableError):
        KeeperKeks(f"postgresql://keeper@/{database.name}?host={tmp_path}", tmp_path).load()
    with pytest.raises(KekSourceRefusedError):
        KeeperKeks(f"postgresql://keeper@/nowhere?host={database.host}&port=5432", tmp_path).load()
    with pytest.raises(KekSourceRefusedError):
        KeeperKeks("mysql://keeper@/nowhere", tmp_path).load()
    with pytest.raises(KekSourceRefusedError, match="does not let us in"):
        KeeperKeks(database.url(role="reader"), tmp_path).numbers()


def test_a_keeper_that_does_not_answer_in_time_is_away(
    source: KeeperKeks, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_SECONDS", 0.3)
    with psycopg.connect(database.url(role="superuser")) as superuser:
        superuser.execute("lock table keeper.keks")
        with pytest.raises(KekSourceUnavailableError):
            source.load()


async def test_it_can_be_asked_from_within_an_event_loop(source: KeeperKeks) -> None:
    assert list(source.load()) == [1]
