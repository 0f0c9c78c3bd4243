"""A ledger whose keys are rotated: what was sealed in it, and processes that hold keyrings of the same folder."""

from pathlib import Path
from uuid import UUID, uuid4

from service.store.ledger import AppendRequest, NewActor, NewKey
from service.store.sealing.keyrings import KeyringWatch
from service.store.sealing.rotating import Rotation
from service.vault.actors import open_actor, seal_actor
from service.vault.keks.folder import FolderKeks
from service.vault.keyring import Keyring
from tests.support.running.database import Database
from tests.support.running.ledgers import a_request, an_opening, postgres_ledger, stood


class Installation:
    """A database and a folder of keys, with one key in it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.source = FolderKeks(folder)
        self.source.make_next()
        self.sealed: dict[UUID, NewKey] = {}
        self._boxes: dict[UUID, bytes] = {}
        self.subjects: dict[UUID, str] = {}

    def keyring(self) -> Keyring:
        """The keyring of one more process."""
        return Keyring.of(self.source)

    def watch(self, keyring: Keyring, *, look_seconds: float = 0.02) -> KeyringWatch:
        """What keeps it up to date."""
        return KeyringWatch(keyring, self.source, self.database.writer, look_seconds=look_seconds)

    def rotation(self, keyring: Keyring | None = None) -> Rotation:
        """What the operator does."""
        return Rotation(keyring or self.keyring(), self.source, self.database.writer)

    async def open(self, keyring: Keyring, keys: int = 5) -> None:
        """Open the ledger, and seal something in it."""
        async with postgres_ledger(self.database) as ledger:
            await stood(ledger, an_opening())
            await stood(ledger, self.writes(keyring, keys))

    def writes(self, keyring: Keyring, keys: int = 1) -> AppendRequest:
        """An append with new data keys and a new actor."""
        made = [keyring.new_key(uuid4(), uuid4()) for _ in range(keys)]
        rows = tuple(NewKey(key.key_id, key.about, key.wrapped, key.kek) for key in made)
        actor, subject = uuid4(), f"{len(self.subjects)}@example.test"
        self.sealed |= {row.key_id: row for row in rows}
        for row in rows:
            cipher = keyring.cipher(row)
            assert cipher is not None
            self._boxes[row.key_id] = cipher.encrypt(bytes(12), b"words", None)
        self.subjects[actor] = subject
        return a_request(new_keys=rows, new_actors=(NewActor(actor, seal_actor(keyring, actor, subject)),))

    async def rows(self) -> dict[UUID, NewKey]:
        """The data keys as they stand."""
        connection = await self.database.reader()
        try:
            found = await connection.fetch("select key_id, about, wrapped, kek from vault.keys")
        finally:
            await connection.close()
        return {row[0]: NewKey(*row) for row in found}

    async def actors(self) -> dict[UUID, bytes]:
        """The actors as they stand."""
        connection = await self.database.reader()
        try:
            found = await connection.fetch("select actor, sealed from ledger.actors")
        finally:
            await connection.close()
        return {row[0]: row[1] for row in found}

    async def check(self, keyring: Keyring, *, only_newest: bool = True) -> None:
        """Everything that was sealed opens as it did, all of it under the newest key."""
        rows, actors = await self.rows(), await self.actors()
        assert rows.keys() == self.sealed.keys()
        for key_id, row in rows.items():
            cipher = keyring.cipher(row)
            assert cipher is not None
            assert cipher.decrypt(bytes(12), self._boxes[key_id], None) == b"words"
        assert {actor: open_actor(keyring, actor, sealed) for actor, sealed in actors.items()} == self.subjects
        if only_newest:
            assert {row.kek for row in rows.values()} == {keyring.newest}
            assert {sealed[:4] for sealed in actors.values()} == {keyring.actor_cipher()[0].to_bytes(4, "big")}
