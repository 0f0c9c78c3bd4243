"""The keyring of a process: where it comes from, how it is kept up to date, and what the others know of it."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from service.settings import Settings
from service.store.sealing.keeper import KeeperKeks
from service.store.sealing.keyrings import KeyringWatch, open_keyring, source_of
from service.vault.keks.folder import FolderKeks
from service.vault.keks.source import KekSourceRefusedError, KekSourceUnavailableError
from service.vault.keks.transit import TransitKeks
from service.vault.keyring import Keyring
from tests.service.vault.rotated import Installation
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server


@pytest.fixture
def database(servers: dict[int, Server]) -> Database:
    return servers[EMBEDDED].new_database()


class Away(FolderKeks):
    """A folder that cannot always be reached."""

    away = False

    @override
    def numbers(self) -> frozenset[int]:
        if self.away:
            raise KekSourceUnavailableError("away")
        return super().numbers()


async def processes_in(database: Database) -> list[tuple[str, list[str]]]:
    connection = await database.reader()
    try:
        return [tuple(row) for row in await connection.fetch("select newest, held from vault.keyrings order by newest")]
    finally:
        await connection.close()


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.01)


def test_the_settings_say_where_the_keys_are_kept() -> None:
    transit = Settings(transit_url="https://keys.test", transit_token_file=Path("token"))

    assert isinstance(source_of(Settings()), FolderKeks)
    assert isinstance(source_of(Settings(keeper_url="postgresql://keeper@/keys")), KeeperKeks)
    assert isinstance(source_of(transit), TransitKeks)


async def test_the_first_key_is_made_while_nothing_is_sealed(database: Database, tmp_path: Path) -> None:
    source = FolderKeks(tmp_path)

    keyring = await open_keyring(source, database.url(role="reader"))

    assert keyring.held == Keyring.of(source).held
    assert source.numbers() == frozenset({1})


async def test_no_key_is_made_in_the_place_of_those_that_are_lost(database: Database, tmp_path: Path) -> None:
    await (before := Installation(database, tmp_path / "before")).open(before.keyring())
    empty = FolderKeks(tmp_path / "empty")

    with pytest.raises(KekSourceRefusedError, match="persons are sealed in this database"):
        await open_keyring(empty, database.url(role="reader"))
    assert empty.numbers() == frozenset()


async def test_a_process_takes_in_what_another_made_and_says_so(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    keyring = installation.keyring()
    async with installation.watch(keyring).watching():
        assert await processes_in(database) == [(keyring.newest, [keyring.newest])]
        first = keyring.newest
        installation.source.make_next()

        async def said() -> bool:
            return await processes_in(database) == [(keyring.newest, [first, keyring.newest])]

        await until(said)
        assert keyring.newest != first

    assert await processes_in(database) == []


async def test_while_the_keys_are_out_of_reach_memory_goes_on_and_it_is_said_once(
    database: Database, tmp_path: Path
) -> None:
    installation = Installation(database, tmp_path)
    source, keyring = Away(tmp_path), installation.keyring()
    with capture_logs() as said:
        async with KeyringWatch(keyring, source, database.writer, look_seconds=0.01).watching():
            source.away = True
            await asyncio.sleep(0.1)
            installation.source.make_next()
            source.away = False
            row = keyring.new_key(uuid4(), uuid4())

            async def taken_in() -> bool:
                return keyring.numbers == frozenset({1, 2})

            await until(taken_in)

    assert keyring.cipher(row) is not None
    assert [(each["event"], each["error"]) for each in said] == [
        ("keys cannot be looked at", "KekSourceUnavailableError")
    ]


async def test_no_data_key_stays_in_memory_for_long(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    keyring = installation.keyring()
    row = keyring.new_key(uuid4(), uuid4())
    before = keyring.cipher(row)
    watch = KeyringWatch(keyring, installation.source, database.writer, look_seconds=0.01, drop_seconds=0.02)

    async def dropped() -> bool:
        return keyring.cipher(row) is not before

    async with watch.watching():
        await until(dropped)
