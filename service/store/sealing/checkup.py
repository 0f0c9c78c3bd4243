"""What `doctor` asks of the keys that hide persons: where they are kept, and whether all that is sealed can be opened."""

import asyncio
from typing import Final

from service.secret_files import SecretFileError
from service.settings import Settings
from service.store.connect import Database, connect
from service.store.sealing.keyrings import source_of
from service.vault.keks.source import KekSource, KekSourceError, number_in
from service.vault.keyring import Keyring

_NAMED: Final = "select distinct kek from vault.keys where wrapped <> ''"
_NUMBERS: Final = """
    select distinct substring(sealed from 1 for 4)
    from (select sealed from ledger.actors union all select sealed from access.readers) as every
"""


async def keys_at_hand(settings: Settings, database: Database) -> tuple[bool, str]:
    """Whether every key-encryption key that the database names is where the settings say, and which place that is."""
    source = source_of(settings)
    try:
        held = await asyncio.to_thread(_held, source)
    except (KekSourceError, SecretFileError) as error:
        return False, f"{source.name}: {error}"
    connection = await connect(database.reader, application="incident-ledger doctor")
    try:
        named = {row[0] for row in await connection.fetch(_NAMED)}
        numbers = {int.from_bytes(row[0], "big") for row in await connection.fetch(_NUMBERS)}
    finally:
        await connection.close()
    missing = sorted(named - held) + sorted(f"kek-{number}" for number in numbers - {number_in(name) for name in held})
    if missing:
        return False, f"{source.name}: {', '.join(missing)} missing: restore the keys from a backup"
    return True, f"{source.name}: {', '.join(sorted(held)) or 'none yet; the first is made on first start'}"


def _held(source: KekSource) -> set[str]:
    keys = source.load()
    return set(Keyring(keys).held) if keys else set()
