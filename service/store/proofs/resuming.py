"""Going on with a ledger that is not the one that was signed: what differs, and the name that is taken from then on."""

from dataclasses import dataclass
from pathlib import Path

from asyncpg import Connection, Record

from domain.ledger.events import Loss
from service.proof.checkpoint import Checkpoint
from service.proof.notes import split_note
from service.store.connect import connect
from service.store.proofs.memory import remembered, remembers
from service.store.proofs.standing import LedgerBehindError, LedgerForkedError, compare
from service.store.proofs.stored import Log, Origin, add_origin, conflict_under, read_log


class NothingToResumeError(Exception):
    """The ledger is the one that was signed: it goes on under the name that it has."""

    def __init__(self) -> None:
        super().__init__("The ledger is the one that was signed: there is nothing to resume.")


@dataclass(frozen=True, slots=True)
class Difference:
    """The last checkpoint that was signed, how the ledger differs from it, and the name that comes next."""

    signed: Checkpoint
    loss: Loss
    origin: Origin


async def find_difference(url: str, keys: Path) -> Difference:
    """What keeps the ledger from being signed under the name that it has.

    Raises:
        NothingToResumeError: nothing does.
        SecretFileError: what the signer remembers cannot be read.
    """
    connection = await connect(url, application="incident-ledger resume")
    try:
        log = await read_log(connection)
        found = await _found(connection, log, keys) if log else None
    finally:
        await connection.close()
    if log is None or found is None:
        raise NothingToResumeError
    signed, loss = found
    return Difference(signed, loss, _next(log, keys))


async def take_name(url: str, origin: Origin) -> None:
    """Sign under this name from now on; asked as the projector."""
    connection = await connect(url, application="incident-ledger resume")
    try:
        await add_origin(connection, origin)
    finally:
        await connection.close()


async def _found(connection: "Connection[Record]", log: Log, keys: Path) -> tuple[Checkpoint, Loss] | None:
    try:
        await compare(connection, log, remembered(keys, log.origin.name))
    except LedgerBehindError as behind:
        return behind.signed, Loss.SHORTER
    except LedgerForkedError as forked:
        return forked.signed, Loss.CHANGED
    conflict = await conflict_under(connection, log.origin.name)
    return None if conflict is None else (Checkpoint.parse(split_note(conflict.note)[0]), Loss.DISPUTED)


def _next(log: Log, keys: Path) -> Origin:
    """The next name under which nothing was ever signed: one that a lost state of the ledger took is not taken again."""
    number = log.origin.number + 1
    while remembers(keys, log.numbered(number).name):
        number += 1
    return log.numbered(number)
