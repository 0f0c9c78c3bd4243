"""Golden stored events: `python -m tests.support.golden_events` writes the ones that are missing, and never another.

Each file holds the exact bytes of one stored event, sealed under the fixed key-encryption key of the tests, the data
keys it needs, and what it says once opened. A release of any later year must decode and open every one of them.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.catalogue.names import ALL
from domain.kernel.personal import Narrative, Personal
from service.store.codec import rewrite_secrets
from service.store.ledger import LedgerEvent
from service.vault.keyring import Keyring, KeyRow, WrappedKey
from tests.support.sample_events import an_id, as_stored, sample, sample_keys

FOLDER: Final = Path(__file__).parents[1] / "vectors" / "events"
TEST_KEK: Final = {1: bytes(range(32))}


@dataclass(frozen=True)
class Golden:
    """One golden event as it is kept."""

    event: LedgerEvent
    keys: dict[UUID, KeyRow]
    opened: dict[str, str]


def golden(name: str) -> Golden:
    """Read the golden event of a stored name."""
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    event = LedgerEvent(
        position=1,
        stream=UUID(kept["stream"]),
        version=kept["version"],
        kind=kept["kind"],
        event_id=UUID(kept["event_id"]),
        type=kept["type"],
        payload=kept["payload"].encode(),
        organisation="ZZ1",
        actor=an_id("actor"),
        correlation=None,
        causation=None,
        effective_at=datetime.fromisoformat(kept["effective_at"]),
        recorded_at=datetime.fromisoformat(kept["effective_at"]),
        editions=(),
        build="",
    )
    rows = [
        WrappedKey(UUID(row["key_id"]), UUID(row["about"]), b64decode(row["wrapped"]), row["kek"])
        for row in kept["keys"]
    ]
    return Golden(event, {row.key_id: row for row in rows}, kept["opened"])


def words_by_path(fact: Any) -> dict[str, str]:
    """What a fact says in each of its personal and narrative fields."""
    found: dict[str, str] = {}

    def note(value: Personal | Narrative, path: str) -> Personal | Narrative:
        found[path] = str(value.words)
        return value

    rewrite_secrets(fact, note)
    return found


def write_missing() -> list[str]:
    """Write a golden event for each stored name that has none; their names."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    keyring = Keyring(TEST_KEK)
    keys = sample_keys(keyring)
    missing = [stored for stored in ALL if not (FOLDER / f"{stored.name}.json").exists()]
    for stored in missing:
        fact = sample(stored.event)
        event = as_stored(fact, keyring, keys)
        kept = {
            "type": event.type,
            "kind": event.kind,
            "stream": str(event.stream),
            "version": event.version,
            "event_id": str(event.event_id),
            "effective_at": event.effective_at.isoformat(),
            "payload": event.payload.decode(),
            "opened": words_by_path(fact),
            "keys": [
                {
                    "key_id": str(row.key_id),
                    "about": str(row.about),
                    "wrapped": b64encode(row.wrapped).decode(),
                    "kek": row.kek,
                }
                for row in keys.values()
                if str(row.key_id) in event.payload.decode()
            ],
        }
        text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{stored.name}.json").write_text(text, encoding="utf-8")
    return [stored.name for stored in missing]


if __name__ == "__main__":
    print("\n".join(write_missing()))
