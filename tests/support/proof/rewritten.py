"""Copies of the attacked ledger that somebody who may do everything puts back, goes on with, or proves anew."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from service.proof.offline.report import Report
from service.verifying.live import Verification
from tests.support.proof.attacked import FIRST, Attacked, fill
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.running.database import Connection, Database

PROOF: Final = (
    "leaves",
    "tiles",
    "cosignatures",
    "checkpoints",
    "conflicts",
    "origins",
    "head_subjects",
    "head_buckets",
)
_numbers = count(1)

OLDER: Final = (
    f"delete from ledger.events where position > {FIRST}",
    f"delete from ledger.keys where first_position > {FIRST}",
    f"delete from ledger.stream_cases where position > {FIRST}",
    "delete from ledger.streams s where not exists (select from ledger.events e where e.stream = s.stream)",
    f"delete from proof.leaves where position > {FIRST}",
    f"delete from proof.tiles where (number + 1) * 256 > {FIRST}",
    f"delete from proof.cosignatures where size > {FIRST}",
    f"delete from proof.checkpoints where size > {FIRST}",
    f"delete from proof.head_buckets where size > {FIRST}",
    (
        "delete from proof.head_subjects h where h.kind = 'stream'"
        " and not exists (select from ledger.events e where e.stream = h.subject)"
    ),
    f"update projections.positions set position = {FIRST} where name = 'proof'",
)
"""What puts the ledger back to how it was at the first checkpoint, as an older backup does."""

UNPROVED: Final = (
    *(f"delete from proof.{table}" for table in PROOF),
    "update projections.positions set position = 0 where name = 'proof'",
)


@dataclass(frozen=True)
class Copy:
    """A copy of the ledger, and the keys of whoever goes on with it."""

    attacked: Attacked
    database: Database
    keys: Path

    async def verified(self, **changes: Any) -> Report:
        """What an auditor with the honest log's keys is told, over the reader's role."""
        connection, report = await self.database.reader(), Report()
        trusted = self.attacked.trusted(**{"keyring": None, "held": (), **changes})
        await Verification(connection, trusted, report).run()
        await connection.close()
        return report

    async def change(self, *statements: str) -> None:
        """Do this, past every trigger."""
        connection: Connection = await self.database.connect("superuser")
        await connection.execute("set session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    async def prove(self, *, size: int | None = None) -> None:
        """Let a worker prove the copy, after more was appended where a size is given."""
        async with self._proved() as proved:
            if size is not None:
                await fill(proved, size)
            await proved.prove()

    @asynccontextmanager
    async def _proved(self) -> AsyncIterator[Proved]:
        async with a_proved_ledger(self.attacked.server, self.database, self.keys) as proved:
            yield proved


@asynccontextmanager
async def a_copy(attacked: Attacked, *, own_key: bool = False) -> AsyncIterator[Copy]:
    """A copy, in the hands of somebody who has the log's signing key, or only one of their own; and no memory."""
    name = f"{attacked.database.name}_copy_{next(_numbers)}"
    Database(attacked.database.host, "postgres").execute(f"create database {name} template {attacked.database.name}")
    with tempfile.TemporaryDirectory(prefix="keys-") as folder:
        keys = Path(folder) / "keys"
        shutil.copytree(attacked.keys, keys)
        for path in [*keys.glob("last-checkpoint-*"), *(keys.glob("signing-*") if own_key else ())]:
            path.unlink()
        yield Copy(attacked, Database(attacked.database.host, name), keys)
