"""`incident-ledger keys` as an operator types it, and what `doctor` says of the keys."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.settings import Settings
from service.store.sealing.checkup import keys_at_hand
from service.store.sealing.rotating import KekInUseError
from service.vault.keks.folder import FolderKeks
from service.vault.keyring import Keyring
from tests.service.vault.keks.conftest import a_keeper_database, keeper_url
from tests.service.vault.rotated import Installation
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server


class Operator:
    """Somebody at the command line of an installation."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.keys = home / "keys"
        self.installation = Installation(database, self.keys)
        self.environment = {"INCIDENT_LEDGER_HOME": str(home), "DATABASE_URL": database.url(), "COLUMNS": "200"} | {
            f"INCIDENT_LEDGER_{role.upper()}_URL": database.url(role=role) for role in ("writer", "projector", "reader")
        }

    def types(self, *words: str) -> str:
        """What a verb prints, which must end well."""
        done = CliRunner().invoke(app, ["keys", *words], env=self.environment)
        assert done.exception is None, done.exception
        return done.output

    def fails(self, error: type[Exception], *words: str) -> str:
        """What a verb that cannot do it says."""
        done = CliRunner().invoke(app, ["keys", *words], env=self.environment)
        assert isinstance(done.exception, error), done.exception
        return str(done.exception)

    def doctor(self, **changes: str) -> tuple[bool, str]:
        """What the doctor finds."""
        settings = Settings(home=self.keys.parent, **changes)  # type: ignore[arg-type] # all of them are texts
        urls = {role: self.database.url(role=role) for role in ("owner", "writer", "projector", "reader")}
        from service.store.connect import Database as Reached

        return asyncio.run(keys_at_hand(settings, Reached(self.database.name, **urls)))


@pytest.fixture
def operator(servers: dict[int, Server], tmp_path: Path) -> Operator:
    made = Operator(servers[EMBEDDED].new_database(), tmp_path)
    asyncio.run(made.installation.open(made.installation.keyring()))
    return made


def test_keys_are_rotated_and_retired(operator: Operator) -> None:
    first = operator.installation.keyring().newest

    rotated = operator.types("rotate")
    between = operator.types("list")
    retired = operator.types("retire", "1")
    after = operator.types("list")

    newest = operator.installation.keyring().newest
    assert f"{newest}: 5 data keys and 1 actors wrapped anew" in rotated
    assert cells(between, first) == [first, "0", "0", "kept"]
    assert cells(between, newest) == [newest, "5", "1", "newest"]
    assert f"{first} is retired" in retired
    assert cells(after, first) == [first, "0", "0", "retired"]
    assert "Key-encryption keys in: key files" in after
    assert operator.doctor() == (True, f"key files: {newest}")
    asyncio.run(operator.installation.check(operator.installation.keyring()))


def test_a_rotation_that_was_broken_off_is_gone_on_with(operator: Operator) -> None:
    operator.installation.source.make_next()

    assert "5 data keys and 1 actors" in operator.types("rotate", "--resume")
    assert operator.installation.source.numbers() == frozenset({1, 2})


def test_a_key_in_use_is_not_retired(operator: Operator) -> None:
    operator.installation.source.make_next()

    assert "data keys are wrapped by kek-1-" in operator.fails(KekInUseError, "retire", "1")
    assert operator.installation.source.numbers() == frozenset({1, 2})


def test_a_key_that_rows_name_and_nobody_has_is_said(operator: Operator) -> None:
    first = operator.installation.keyring().newest
    operator.installation.source.make_next()
    operator.installation.source.retire(1)

    listed = operator.types("list")
    good, says = operator.doctor()

    assert cells(listed, first) == [first, "5", "0", "MISSING:", "restore", "it", "from", "a", "backup"]
    assert not good
    assert says == f"key files: {first}, kek-1 missing: restore the keys from a backup"


def test_the_keys_move_to_a_keeper_and_open_what_they_opened(operator: Operator, servers: dict[int, Server]) -> None:
    before = operator.installation.source.load()
    url = keeper_url(a_keeper_database(servers[EMBEDDED]))
    operator.environment["INCIDENT_LEDGER_KEEPER_URL"] = url

    moved = operator.types("init")
    for file in operator.keys.glob("kek-*.key"):
        file.unlink()

    assert moved.startswith("taken over: kek-1\n")
    assert operator.types("init").startswith("taken over: nothing")
    assert "Key-encryption keys in: keeper (PostgreSQL)" in operator.types("list")
    assert operator.doctor(keeper_url=url) == (True, f"keeper (PostgreSQL): {Keyring(before).newest}")
    assert "5 data keys" in operator.types("rotate")


def test_the_doctor_says_that_the_keeper_is_away(operator: Operator, tmp_path: Path) -> None:
    good, says = operator.doctor(keeper_url=f"postgresql://keeper@/keys?host={tmp_path}")

    assert not good
    assert says.startswith("keeper (PostgreSQL): the keeper cannot be reached")


def test_signing_keys_are_added_and_retired(operator: Operator) -> None:
    operator.types("rotate-signing")
    added = operator.types("rotate-signing")
    retired = operator.types("retire-signing", "1")

    assert added.startswith("signing-2 signs from the next checkpoint on")
    assert retired == "signing-1 signs no more\n"
    assert "signing keys: signing-1 (retired), signing-2" in operator.types("list")


def test_the_key_of_the_search_is_drawn_anew(operator: Operator) -> None:
    operator.types("rotate-blind-index")
    before = (operator.keys / "blind-index").read_bytes()
    operator.types("rotate-blind-index")

    assert len(before) == 32
    assert (operator.keys / "blind-index").read_bytes() != before


def test_the_table_of_the_keys_is_written_anew(operator: Operator) -> None:
    assert operator.types("compact") == "written anew\n"
    asyncio.run(operator.installation.check(operator.installation.keyring()))


def test_in_a_folder_there_is_nothing_to_take_over(operator: Operator) -> None:
    assert operator.types("init") == "taken over: nothing\n"
    assert FolderKeks(operator.keys).numbers() == frozenset({1})


def cells(table: str, name: str) -> list[str]:
    """The words of the line about a key."""
    (line,) = [line for line in table.splitlines() if name in line and "│" in line]
    return line.replace("│", " ").split()
