"""Who owns a read model and how far it is: a session lock, and an epoch that fences off an owner who lost the lock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from asyncpg import Connection

from projections.engine.feed import Mark, Told
from projections.engine.model import AnyReadModel

Connect = Callable[[], Awaitable[Connection]]
"""Opens a connection of the caller's own, as the projector role."""

RUNNING: Final = "running"
STOPPED: Final = "stopped"
BUILDING: Final = "building"
RETIRED: Final = "retired"


class Named(Protocol):
    """Something that follows the log under a name of its own: a read model, or the reactions."""

    @property
    def name(self) -> str:
        """The name under which its position is kept."""
        ...


class FencedError(Exception):
    """Another owner has taken the read model over; nothing was written."""


class OutdatedError(Exception):
    """The live tables were filled by another version of the code: the read model must be rebuilt."""


class NotBuiltError(OutdatedError):
    """The read model has no live tables yet: it must be built."""


@dataclass(slots=True)
class Claim:
    """The right to write one table version, and the position up to which it is written."""

    name: str
    table_version: int
    epoch: int
    position: int


async def live_version(connection: Connection, model: AnyReadModel) -> int:
    """The table version that answers for a read model.

    Raises:
        NotBuiltError: there is none.
        OutdatedError: another version of the code filled it.
    """
    found = await connection.fetchrow(
        """select live.table_version, positions.code_version
           from projections.live join projections.positions using (name, table_version) where name = $1""",
        model.name,
    )
    if found is None:
        raise NotBuiltError(model.name)
    if found["code_version"] != model.version:
        raise OutdatedError(f"{model.name}: tables of version {found['code_version']}, code of {model.version}")
    return int(found["table_version"])


async def claim(connection: Connection, model: Named, table_version: int) -> Claim | None:
    """Own a table version for as long as the connection lives; None while another owner does.

    Raises:
        FencedError: the table version has been retired.
    """
    lock = f"projections.{model.name}_v{table_version}"
    if not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", lock):
        return None
    found = await connection.fetchrow(
        """update projections.positions
           set epoch = epoch + 1, message = null, status = case status when $3 then $4 else status end
           where name = $1 and table_version = $2 and status <> $5 returning epoch, position""",
        model.name,
        table_version,
        STOPPED,
        RUNNING,
        RETIRED,
    )
    if found is None:
        raise FencedError(model.name)
    return Claim(model.name, table_version, int(found["epoch"]), int(found["position"]))


async def advance(connection: Connection, held: Claim, to: Told | Mark, *, changed: int | None) -> None:
    """Move the position, in the caller's transaction; `changed`: the last event that changed a row, if one did.

    Raises:
        FencedError: another owner has the read model, or has moved it.
    """
    done = await connection.execute(
        """update projections.positions
           set position = $5, recorded_at = $6, changed_position = coalesce($7, changed_position)
           where name = $1 and table_version = $2 and epoch = $3 and position = $4""",
        held.name,
        held.table_version,
        held.epoch,
        held.position,
        to.position,
        to.recorded_at,
        changed,
    )
    if done != "UPDATE 1":
        raise FencedError(held.name)


async def stop(connection: Connection, held: Claim, message: str) -> None:
    """Say in the database that the read model stopped, and why; the message holds no value of an event.

    Raises:
        FencedError: another owner has the read model: it is not ours to stop.
    """
    done = await connection.execute(
        """update projections.positions set status = $4, message = $5
           where name = $1 and table_version = $2 and epoch = $3""",
        held.name,
        held.table_version,
        held.epoch,
        STOPPED,
        message,
    )
    if done != "UPDATE 1":
        raise FencedError(held.name)


async def remark(connection: Connection, held: Claim, message: str | None) -> None:
    """Say in the database what is wrong with something that goes on all the same; None: nothing any more.

    Raises:
        FencedError: another owner has it.
    """
    done = await connection.execute(
        "update projections.positions set message = $4 where name = $1 and table_version = $2 and epoch = $3",
        held.name,
        held.table_version,
        held.epoch,
        message,
    )
    if done != "UPDATE 1":
        raise FencedError(held.name)
