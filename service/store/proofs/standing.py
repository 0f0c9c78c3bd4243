"""Whether the ledger is still the one that was signed: what the signer remembers, against what the database holds.

A database that was put back to an older state, or that went on from one, must not be appended to: its next events would
take positions that were given before, to other events, and that somebody may hold a signed proof of.
"""

from pathlib import Path
from typing import Final

from asyncpg import Connection, Record

from service.proof.checkpoint import Checkpoint
from service.store.connect import connect
from service.store.proofs.leaves import LeafImpossibleError, Leaves
from service.store.proofs.memory import remembered, remembers_any
from service.store.proofs.nodes import NodeMissingError, read_tree
from service.store.proofs.stored import Log, leaves_stored, read_log

_CATCH_UP_MOST: Final = 20_000
"""Leaves that are made here to compare roots; of more than that the worker finds out as it makes them."""

_GO_ON: Final = (
    "Put back the newer state; or, if it is lost for good, decide to go on under another name:"
    " incident-ledger resume --reason TEXT"
)


class SignedOtherwiseError(Exception):
    """The ledger is not the one that was signed. The message is a sentence for the operator."""

    def __init__(self, says: str, signed: Checkpoint) -> None:
        super().__init__(f"{says} {_GO_ON}")
        self.signed = signed


class LedgerBehindError(SignedOtherwiseError):
    """The ledger ends before the last checkpoint that was signed."""

    def __init__(self, signed: Checkpoint, head: int) -> None:
        super().__init__(
            f"The ledger ends at position {head}, but {signed.size} events were signed: was an older backup restored?"
            " Nothing is appended, for new events would take positions that were given before.",
            signed,
        )


class LedgerForkedError(SignedOtherwiseError):
    """Up to the last checkpoint that was signed, the ledger holds something else than what was signed."""

    def __init__(self, signed: Checkpoint) -> None:
        super().__init__(
            f"The first {signed.size} events are not those that were signed: was history changed, or has an older backup"
            " been gone on with?",
            signed,
        )


class LedgerLostError(Exception):
    """The database is empty, but the keys folder has signed checkpoints: of a ledger that is not there."""

    def __init__(self) -> None:
        super().__init__(
            "The database holds no event, but checkpoints were signed with this keys folder: restore the ledger that they"
            " are about, or begin a new ledger with a new keys folder (INCIDENT_LEDGER_KEYS)."
        )


async def check_standing(url: str, keys: Path) -> None:
    """Pass a ledger that is empty, or still the one that was signed with this keys folder.

    Raises:
        LedgerLostError: nothing is there any more.
        LedgerBehindError, LedgerForkedError: it is not the ledger that was signed.
        SecretFileError: what the signer remembers cannot be read.
    """
    connection = await connect(url, application="incident-ledger check")
    try:
        log = await read_log(connection)
        if log is not None:
            await compare(connection, log, remembered(keys, log.origin.name))
        elif remembers_any(keys):
            raise LedgerLostError
    finally:
        await connection.close()


async def compare(connection: "Connection[Record]", log: Log, signed: Checkpoint | None) -> None:
    """Pass a ledger that begins with what was signed of it.

    Raises:
        LedgerBehindError, LedgerForkedError: it does not.
    """
    if signed is None:
        return
    head: int = await connection.fetchval("select coalesce(max(position), 0) from ledger.events")
    if head < signed.size:
        raise LedgerBehindError(signed, head)
    root = await _root_at(connection, log, signed.size)
    if root not in (None, signed.root):
        raise LedgerForkedError(signed)


async def _root_at(connection: "Connection[Record]", log: Log, size: int) -> bytes | None:
    """The root of the first so many events; leaves that are not stored yet are made. None: too many, or impossible."""
    stored = await leaves_stored(connection)
    if size - stored > _CATCH_UP_MOST:
        return None
    try:
        tree = await read_tree(connection, min(stored, size))
        if tree.size < size:
            for made in await Leaves(connection, log.name).after(tree.size, limit=size - tree.size):
                tree.append(made.hash)
    except (NodeMissingError, LeafImpossibleError):
        return None  # the worker says what is wrong there, and goes no further
    return tree.root if tree.size == size else None
