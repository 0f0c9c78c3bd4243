"""A ledger with something in every table, proved and cosigned, to be attacked: each attack in a transaction of its own."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from service.proof.offline.notes import VerifierKey, key_of
from service.proof.offline.report import Report
from service.store.ledger import AppendRequest, NewActor, NewKey
from service.store.proofs.signing_keys import list_signing_keys
from service.vault.actors import seal_actor
from service.vault.boxes import place_of, seal_text
from service.vault.keyring import Keyring
from service.verifying.live import Trusted, Verification
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.proof.small_logs import WITNESS_TYPE, Key
from tests.support.running.database import Connection, Database
from tests.support.running.ledgers import ACTOR, a_request, an_event, an_opening, postgres_ledger, stood
from tests.support.running.postgres import Server

WITNESS: Final = Key("witness.example/attacked", 91, WITNESS_TYPE)
FIRST: Final = 150
SECOND: Final = 290
TAIL: Final = 2


@dataclass(frozen=True)
class Attacked:
    """The ledger, and what an auditor brings to verify it."""

    server: Server
    database: Database
    keys: Path
    older: bytes
    """The checkpoint that the auditor holds."""
    newer: bytes

    @property
    def keyring(self) -> Keyring:
        """What opens the sealed values."""
        return Keyring.in_folder(self.keys)

    def keys_of(self, name: str) -> list[VerifierKey]:
        """The log's keys."""
        return [key_of(key.verifier(name).vkey) for key in list_signing_keys(self.keys)]

    def trusted(self, **changes: Any) -> Trusted:
        """Everything that an auditor inside the house has."""
        usual: dict[str, Any] = {"witnesses": [key_of(WITNESS.vkey)], "held": (self.older,), "keyring": self.keyring}
        return Trusted(**{"keys_of": self.keys_of, **usual, **changes})

    @property
    def witnessed(self) -> bytes:
        """The newer checkpoint with the line of the witness."""
        text = self.newer.decode().partition("\n\n")[0] + "\n"
        return self.newer + WITNESS.line(text).encode()

    async def verified(self, connection: Connection, **changes: Any) -> Report:
        """What the verification says inside the transaction that a connection is in."""
        report = Report()
        await Verification(connection, self.trusted(**changes), report).run_within()
        return report

    @asynccontextmanager
    async def attack(self, *statements: str) -> AsyncIterator[Connection]:
        """Whoever may do everything does this, past every trigger; it is undone when the context ends."""
        connection = await self.database.connect("superuser")
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            await connection.execute("set local session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)
            yield connection
        finally:
            await transaction.rollback()
            await connection.close()


def make_attacked(server: Server, keys: Path) -> Attacked:
    """Make the ledger; its keys lie in a folder of their own."""
    return asyncio.run(_made(server, keys))


async def _made(server: Server, keys: Path) -> Attacked:
    database, keyring = server.new_database(), Keyring.in_folder(keys)
    async with postgres_ledger(database) as ledger:
        opening = an_opening(new_actors=(NewActor(ACTOR, seal_actor(keyring, ACTOR, "somebody")),))
        await stood(ledger, opening)
    async with a_proved_ledger(server, database, keys) as proved:
        erased = await _case(proved, keyring, "R-1")
        again = await _case(proved, keyring, "R-2")
        await _case(proved, keyring, "R-3")
        await fill(proved, FIRST)
        older = await proved.prove()
        await _erase(proved, erased)
        await fill(proved, SECOND)
        newer = await proved.prove()
        await _destroy_again(proved, again)
        await _cosign(proved, newer.signed.note, newer.size)
        await proved.report(events=TAIL)
        return Attacked(server, database, keys, older.note.encode(), newer.note.encode())


async def _case(proved: Proved, keyring: Keyring, reference: str) -> UUID:
    """An incident with a sealed value and a claim, and an action that joins it; the key of the value."""
    stream, event, key = uuid4(), uuid4(), keyring.new_key(uuid4(), uuid4())
    cipher = keyring.cipher(key)
    assert cipher is not None
    box = seal_text(cipher, "a name", place_of(event, key.key_id, "what_happened"))
    told = {"provider": "ZZ1", "source_system": "lrms", "local_reference": reference}
    told["what_happened"] = {"about": str(key.about), "key": str(key.key_id), "box": box}  # type: ignore[assignment]  # a value of another form
    payload = json.dumps(told, separators=(",", ":")).encode()
    parts = ("report", "ZZ1", "lrms", reference)
    await stood(
        proved.ledger,
        a_request(
            stream,
            kind="incident",
            events=(an_event(payload, event_id=event, type="incident.reported.v1", editions=("framework@0123",)),),
            cases=(stream,),
            claims=(sha256(b"\0".join(part.encode() for part in parts)).digest(),),
            new_keys=(NewKey(key.key_id, key.about, key.wrapped, key.kek),),
            correlation="a request",
            causation=uuid4(),
        ),
    )
    await stood(proved.ledger, a_request(stream, 1, b'{"n":1}', b'{"n":2}', kind="incident", cases=(stream,)))
    await stood(proved.ledger, a_request(uuid4(), 0, b'{"n":3}', b'{"n":4}', cases=(stream,)))
    return key.key_id


async def fill(proved: Proved, size: int) -> None:
    """Append streams of a few events each until the log has this size."""
    head = (await proved.ledger.head()).position
    requests: list[AppendRequest] = []
    while head < size:
        count = min(1 + head % 3, size - head)
        requests.append(a_request(None, 0, *(b'{"n":%d}' % (head + n) for n in range(count))))
        head += count
    await proved.ledger.append_batch(requests)


async def _erase(proved: Proved, key: UUID) -> None:
    payload = json.dumps({"keys": [str(key)], "values": 1, "texts": 0, "events": 1}).encode()
    request = a_request(kind="erasure", events=(an_event(payload, type="erasure.carried_out.v1"),))
    appended = await stood(proved.ledger, request)
    connection = await proved.database.writer()
    await connection.fetch("select vault.destroy($1)", appended.first_position)
    await connection.close()


async def _destroy_again(proved: Proved, key: UUID) -> None:
    """As after a restore: the journal of the keys folder says that a newer database erased this key."""
    connection = await proved.database.connect("owner")
    await connection.fetch("select vault.destroy_again($1)", [key])
    await connection.close()


async def _cosign(proved: Proved, note: str, size: int) -> None:
    text = note.partition("\n\n")[0] + "\n"
    connection = await proved.database.connect("superuser")
    moment = int(await connection.fetchval("select extract(epoch from now())"))
    await connection.execute(
        "insert into proof.cosignatures (size, name, key_id, line) values ($1, $2, $3, $4)",
        size,
        WITNESS.name,
        WITNESS.key_id,
        WITNESS.line(text, time=moment).rstrip("\n"),
    )
    await connection.close()
