"""What `doctor` asks: whether this installation can keep its promises, one finding for each question."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

import asyncpg

from domain.kernel.working_days import Proclaimed
from projections.models import MODELS
from service.policy import read_calendar
from service.settings import Settings
from service.store.connect import Database, DatabaseUnfitError, check_server, connect
from service.store.migrate import newest_revision, revision_of
from service.store.proofs.checkup import is_as_signed, is_signed
from service.store.sealing.checkup import keys_at_hand

_CLOCK_SECONDS_MOST: Final = 2.0
_FREE_BYTES_LEAST: Final = 1024**3
_TROUBLES: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question."""

    question: str
    good: bool
    says: str


async def examine(database: Database, settings: Settings) -> AsyncIterator[Finding]:
    """Every question in turn; a question that cannot be asked is a bad finding, not an error."""
    yield _keys(settings)
    yield _space(settings)
    yield _calendar(settings)
    yield await _asked("the database answers", partial(_answers, database))
    yield await _asked("the migrations are done", partial(_migrated, database))
    yield await _asked("the read models are built", partial(_built, database))
    yield await _asked("what hides persons is at hand", partial(keys_at_hand, settings, database))
    yield await _asked("the ledger is the one that was signed", partial(is_as_signed, settings, database))
    yield await _asked("checkpoints are signed", partial(is_signed, settings, database))
    yield await _asked("the clocks agree", partial(_clocks, database))
    for short, url in (("writer", database.writer), ("projector", database.projector), ("reader", database.reader)):
        yield await _asked(f"the {short} may carry the ledger", partial(_fit, url))


def _keys(settings: Settings) -> Finding:
    question = "only we can read the keys"
    if not settings.keys.exists():
        return Finding(question, True, "none yet; they are made on first start")
    exposed = [path.name for path in [settings.keys, *settings.keys.iterdir()] if path.stat().st_mode & 0o007]
    foreign = [path.name for path in settings.keys.iterdir() if not os.access(path, os.R_OK)]
    if exposed or foreign:
        return Finding(question, False, f"open to others: {exposed}; not readable by us: {foreign}")
    return Finding(question, True, f"{len(list(settings.keys.iterdir()))} in {settings.keys}")


def _space(settings: Settings) -> Finding:
    folder = settings.home.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding("there is room on the disk", free >= _FREE_BYTES_LEAST, f"{free // 1024**2:,} MiB free at {folder}")


def _calendar(settings: Settings) -> Finding:
    proclaimed, published = settings.proclaimed_holidays or Proclaimed(), read_calendar()
    idle = Proclaimed(proclaimed.holidays & published.holidays, proclaimed.working_days - published.holidays)
    says = published.after(proclaimed).version
    return Finding("bank holidays are known", True, f"{says}; nothing changes by {idle}" if str(idle) else says)


async def _asked(question: str, ask: Callable[[], Awaitable[tuple[bool, str]]]) -> Finding:
    try:
        good, says = await ask()
    except DatabaseUnfitError as unfit:
        return Finding(question, False, "; ".join(unfit.complaints))
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        return Finding(question, False, f"{error}: run incident-ledger migrate, which makes the roles")
    except _TROUBLES as error:
        return Finding(question, False, f"{type(error).__name__}: {error}")
    return Finding(question, good, says)


async def _answers(database: Database) -> tuple[bool, str]:
    connection = await connect(database.reader, application="incident-ledger doctor")
    try:
        version = await connection.fetchval("show server_version")
        return True, f"PostgreSQL {version}, database {database.name}"
    finally:
        await connection.close()


async def _migrated(database: Database) -> tuple[bool, str]:
    at, newest = await revision_of(database.reader), newest_revision()
    if at == newest:
        return True, f"at {at}"
    return False, f"at {at or 'none'}, this program needs {newest}: run incident-ledger migrate"


async def _built(database: Database) -> tuple[bool, str]:
    connection = await connect(database.reader, application="incident-ledger doctor")
    try:
        filled = await connection.fetch(
            "select name, code_version from projections.live join projections.positions using (name, table_version)"
        )
    finally:
        await connection.close()
    by_name = {row["name"]: row["code_version"] for row in filled}
    old = [model.name for model in MODELS if by_name.get(model.name) != model.version]
    return not old, "; ".join(f"run incident-ledger rebuild {name}" for name in old) or "by this program"


async def _clocks(database: Database) -> tuple[bool, str]:
    connection = await connect(database.reader, application="incident-ledger doctor")
    try:
        before = datetime.now(UTC)
        theirs: datetime = await connection.fetchval("select clock_timestamp()")
        after = datetime.now(UTC)
    finally:
        await connection.close()
    apart = abs((theirs - (before + (after - before) / 2)).total_seconds())
    return apart <= _CLOCK_SECONDS_MOST, f"{apart:.3f} s apart"


async def _fit(url: str) -> tuple[bool, str]:
    await check_server(url)
    return True, "durable; owns nothing; no superuser"
