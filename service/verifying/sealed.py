"""What is sealed: each value opens with its key, in its place; each key that was destroyed, an erasure names."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from service.proof.offline.damage import DamageError
from service.vault.actors import open_actor
from service.vault.boxes import BoxDamagedError, open_text, place_of
from service.vault.keyring import DESTROYED, KekMissingError, Keyring, WrappedKey
from service.verifying.chunks import SECONDS, Connection
from service.verifying.records import Row

_KEPT_MAX: Final = 50_000
_DEPTH_MAX: Final = 100
_KEYS: Final = "select key_id, about, wrapped, kek from vault.keys where key_id = any($1::uuid[])"
_EVERY_KEY: Final = "select key_id, about, wrapped, kek from vault.keys order by key_id"
_ACTORS: Final = "select actor, sealed from ledger.actors order by actor"
_ERASURES: Final = "select position, payload from ledger.events where type = 'erasure.carried_out.v1' order by position"
_BEFORE: Final = "select key_id from vault.erased_before"
_RETIRED: Final = "select name from vault.retired_keks"


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed value, where it stands."""

    position: int
    event: UUID
    path: str
    about: UUID
    key: UUID
    text: str


@dataclass
class Vault:
    """Opens everything that can be opened with the keys at hand, and keeps nothing of it."""

    keyring: Keyring
    journal: frozenset[UUID] | None = None
    """The keys that the journal beside the keyring knows as destroyed; None where it is not at hand."""
    opened: int = 0
    erased: int = 0
    unknown: int = 0
    """Values whose key-encryption key is not at hand."""
    named: set[UUID] = field(default_factory=set)
    destroyed: int = 0
    _rows: dict[UUID, WrappedKey] = field(default_factory=dict)

    async def fetch(self, connection: Connection, boxes: Sequence[Box]) -> None:
        """Have the keys of these values at hand."""
        if len(self._rows) > _KEPT_MAX:
            self._rows.clear()
        wanted = {box.key for box in boxes} - self._rows.keys()
        for row in await connection.fetch(_KEYS, list(wanted), timeout=SECONDS) if wanted else ():
            self._rows[row[0]] = WrappedKey(*row)

    def open(self, boxes: Sequence[Box]) -> list[DamageError]:
        """Open these values; what is wrong with any of them."""
        found = []
        for box in boxes:
            self.named.add(box.key)
            try:
                self._open(box)
            except DamageError as damage:
                found.append(damage)
        return found

    def _open(self, box: Box) -> None:
        row = self._rows.get(box.key)
        if row is None:
            raise DamageError("missing", f"vault.keys has no row of the key of {box.path}", box.position)
        if row.about != box.about:
            raise DamageError(
                "column-changed", f"the key of {box.path} (vault.keys) is about somebody else", box.position
            )
        try:
            cipher = self.keyring.cipher(row)
            if cipher is None:
                self.erased += 1
                return
            open_text(cipher, box.text, place_of(box.event, box.key, box.path))
        except KekMissingError:
            self.unknown += 1
        except (BoxDamagedError, UnicodeDecodeError):
            raise DamageError(
                "column-changed",
                f"{box.path} does not open with its key: one of them (vault.keys) was changed",
                box.position,
            ) from None
        else:
            self.opened += 1

    async def check_keys(self, connection: Connection, *, whole: bool, protected: int) -> AsyncIterator[DamageError]:
        """Pass every row of the vault's keys; `whole`: every event was read, so that a key that none names is stray.

        What an erasure destroyed is gone soon after it; that of one which is signed (`protected`) is gone.
        """
        erased = await _erased(connection)
        for key in sorted(key for key, position in erased.items() if not position and self._unheard_of(key)):
            yield DamageError(
                "stray-row", f"vault.erased_before has the key {key}, which no journal says was destroyed"
            )
        retired = {row[0] for row in await connection.fetch(_RETIRED)}
        async for columns in connection.cursor(_EVERY_KEY, prefetch=1_000):
            row = WrappedKey(*columns)
            position = erased.get(row.key_id)
            if row.wrapped != DESTROYED and position is not None and position <= protected:
                yield DamageError(
                    "column-changed", f"the key {row.key_id} (vault.keys) stands, though it was erased", position
                )
            found = self._key(row, erased, retired)
            if found is not None:
                yield found
            elif whole and row.key_id not in self.named:
                yield DamageError("stray-row", f"vault.keys has the key {row.key_id}, which no event names")

    def _unheard_of(self, key: UUID) -> bool:
        return self.journal is not None and key not in self.journal

    def _key(self, row: WrappedKey, erased: dict[UUID, int], retired: set[str]) -> DamageError | None:
        try:
            if row.wrapped == DESTROYED:
                self.destroyed += 1
                if row.key_id not in erased:
                    return DamageError("missing", f"the key {row.key_id} is destroyed, and no erasure names it")
                if row.kek not in retired and row.kek not in self.keyring.held:
                    return DamageError(
                        "column-changed", f"the key {row.key_id} names a key-encryption key of no ledger"
                    )
                return None
            self.keyring.cipher(row)
        except KekMissingError:
            return DamageError(
                "column-changed", f"the key {row.key_id} (vault.keys) is under {row.kek!r}, which is not here"
            )
        except BoxDamagedError:
            return DamageError(
                "column-changed", f"the key {row.key_id} (vault.keys) does not unwrap: a column was changed"
            )
        return None

    async def check_actors(self, connection: Connection) -> AsyncIterator[DamageError]:
        """Pass every sealed name behind a pseudonym."""
        async for actor, sealed in connection.cursor(_ACTORS, prefetch=1_000):
            try:
                open_actor(self.keyring, actor, sealed)
            except KekMissingError:
                yield DamageError("column-changed", f"actor {actor} (ledger.actors) is under a key that is not here")
            except (BoxDamagedError, UnicodeDecodeError):
                yield DamageError("column-changed", f"actor {actor} (ledger.actors) does not open: it was changed")


def boxes_in(row: Row) -> list[Box]:
    """The sealed values of an event."""
    if b'"box"' not in row.payload:
        return []
    try:
        value = json.loads(row.payload)
    except (ValueError, RecursionError):
        return []
    event = UUID(str(row.columns[3]))
    return [Box(row.position, event, *found) for found in _sealed(value, "", _DEPTH_MAX)]


def _sealed(value: Any, path: str, depth: int) -> Iterator[tuple[str, UUID, UUID, str]]:
    if isinstance(value, dict) and value.keys() == {"about", "key", "box"}:
        try:
            yield path, UUID(value["about"]), UUID(value["key"]), str(value["box"])
        except (AttributeError, TypeError, ValueError):
            return
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in parts if depth else ():
        yield from _sealed(inner, f"{path}.{name}" if path else str(name), depth - 1)


async def _erased(connection: Connection) -> dict[UUID, int]:
    """The keys that erasures name, with the position of the first that does (0: the erasure stands in a newer database)."""
    erased: dict[UUID, int] = {row[0]: 0 for row in await connection.fetch(_BEFORE, timeout=SECONDS)}
    for position, payload in await connection.fetch(_ERASURES, timeout=SECONDS):
        try:
            for key in json.loads(payload)["keys"]:
                erased.setdefault(UUID(key), position)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # the walk has found what was changed there
    return erased
