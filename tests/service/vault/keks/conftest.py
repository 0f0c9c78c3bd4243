"""The places in which key-encryption keys are kept: each conformance test meets every one of them, empty."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from service.store.sealing.keeper import KeeperKeks
from service.vault.keks.folder import FolderKeks
from service.vault.keks.source import KekSource
from service.vault.keks.transit import TransitKeks, TransitPlace
from tests.service.vault.keks.fake_transit import TOKEN, FakeTransit, fake_transit
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Everything is on loopback; without it each client would read the certificates of the whole web first."""


@dataclass
class Place:
    """A place, empty at first: `damage` spoils what is kept of one number."""

    source: KekSource
    folder: Path
    transit: FakeTransit | None = None
    keeper: Database | None = None

    def again(self) -> KekSource:
        """The same place as the next process finds it."""
        if self.transit is not None:
            return a_transit(self.folder, self.transit)
        if self.keeper is not None:
            return KeeperKeks(keeper_url(self.keeper), self.folder)
        return FolderKeks(self.folder)

    def damage(self, number: int) -> None:
        """Spoil what is kept as this number."""
        if self.keeper is not None:
            with psycopg.connect(self.keeper.url(role="superuser"), autocommit=True) as superuser:
                superuser.execute("update keeper.keks set sealed = sealed || 'x' where number = %s", [number])
            return
        (path,) = self.folder.glob(f"kek-{number}.*")
        path.write_text("vault:v1:c2hvcnQ=" if self.transit else "c2hvcnQ=")


def a_token_file(folder: Path, token: str = TOKEN) -> Path:
    path = folder.parent / "token"
    if not path.exists() or path.read_text() != f"{token}\n":  # another thread may be reading it
        path.touch(mode=0o600)
        path.write_text(f"{token}\n")
    return path


def a_client(seconds: float = 3.0) -> httpx.Client:
    return httpx.Client(timeout=seconds, trust_env=False, verify=_NO_TLS)


def a_transit(folder: Path, fake: FakeTransit) -> TransitKeks:
    return TransitKeks(folder, TransitPlace(fake.url, "ledger", a_token_file(folder)), open_client=a_client)


def keeper_url(database: Database) -> str:
    return f"postgresql://keeper@/{database.name}?host={database.host}&port=5432"


def a_keeper_database(server: Server) -> Database:
    """A database in which the role `keeper`, besides the owner, may make a schema."""
    database = server.new_database()
    with psycopg.connect(database.url(role="superuser"), autocommit=True) as superuser:
        if superuser.execute("select from pg_roles where rolname = 'keeper'").fetchone() is None:
            superuser.execute("create role keeper login")
        superuser.execute(f"grant connect, create on database {database.name} to keeper".encode())
    return database


@pytest.fixture(params=["folder", "keeper", "transit"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place that was made ready, and keeps no key yet."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    if request.param == "folder":
        yield Place(FolderKeks(folder), folder)
    elif request.param == "transit":
        with fake_transit() as fake:
            yield Place(a_transit(folder, fake), folder, transit=fake)
    else:
        servers: dict[int, Server] = request.getfixturevalue("servers")
        database = a_keeper_database(servers[EMBEDDED])
        keeper = KeeperKeks(keeper_url(database), folder)
        keeper.prepare()
        yield Place(keeper, folder, keeper=database)
