"""`incident-ledger pack` and `incident-ledger export`: one case, or the whole log, as a file that proves itself."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.looping import run
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.bootstrap import Core
    from service.reading.audit.packs.door import Packs
    from service.reading.audit.packs.making import Pack
    from service.reading.audit.packs.plan import Pin, Plan
    from service.reading.sight import Sight

_PART: Final = 1 << 20
_TOLD_EVERY: Final = 500
_MODE: Final = 0o600
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL

Out = Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")]
At = Annotated[str | None, typer.Option(help="A position or an instant: as the log stood then; else as it stands now.")]
Since = Annotated[
    int | None, typer.Option(help="The size of an earlier checkpoint: shows that the log only grew since.")
]


class PackImpossibleError(Exception):
    """What was asked for cannot be written; the message is a sentence for the operator."""


class Format(StrEnum):
    """How the log is written."""

    PACK = "pack"
    NDJSON = "ndjson"


def pack(
    incident: Annotated[str, typer.Argument(help="The id of the incident.")],
    out: Out,
    at: At = None,
    since: Since = None,
) -> None:
    """Write the evidence pack of one incident. What people wrote stays sealed: whoever may read it asks over HTTP."""
    run(_pack(read_settings(), _id(incident), out, at=read_pin(at), since=since))


def export(
    out: Out,
    at: At = None,
    since: Since = None,
    form: Annotated[
        Format, typer.Option("--format", help="A pack that proves itself, or the bare events as /v1/events gives them.")
    ] = Format.PACK,
) -> None:
    """Write the whole log, up to a checkpoint (as a pack) or to a position (as NDJSON). What people wrote stays sealed."""
    if form is Format.NDJSON and since is not None:
        raise typer.BadParameter("bare events prove nothing: --since is for a pack")
    run(_export(read_settings(), out, form, at=read_pin(at), since=since))


async def _pack(settings: Settings, incident: UUID, out: Path, *, at: int | datetime | None, since: int | None) -> None:
    from service.reading.audit.packs.plan import Pin

    async with _opened(settings) as (core, packs, sight):
        found = await packs.finder.case(sight, incident)
        if found is None:
            raise PackImpossibleError(f"there is no incident {incident}")
        plan = await _planned(core, lambda pin: packs.finder.plan(found, sight, pin), Pin(known_at=at, since=since))
        if plan is None:
            raise PackImpossibleError(f"there was no incident {incident} yet")
        with _progress("cases") as told:
            async with packs.maker.made(plan, told) as made:
                await _write_down(core, plan)
                _write(out, made)
    _say(out, plan)


async def _export(settings: Settings, out: Path, form: Format, *, at: int | datetime | None, since: int | None) -> None:
    from service.reading.audit.packs.plan import Pin

    async with _opened(settings) as (core, packs, sight):
        if form is Format.NDJSON:
            await _write_events(core, out, at)
            return
        plan = await _planned(core, lambda pin: packs.finder.whole_log(sight, pin), Pin(known_at=at, since=since))
        assert plan is not None, "the log is always there"
        with _progress("events") as told:
            async with packs.maker.made(plan, told) as made:
                _write(out, made)
    _say(out, plan)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple["Core", "Packs", "Sight"]]:
    """Everything, for whoever runs the ledger: every record exists for them, and nothing is opened."""
    from domain.kernel.scope import Scope
    from service.bootstrap import open_core
    from service.reading.sight import Sight
    from service.running import opened_database

    async with opened_database(settings) as database, open_core(settings, database) as core:
        everything = Scope(core.system, None)
        yield core, core.packs(), Sight(core.system, everything, everything)


async def _planned(core: "Core", plan: "Callable[[Pin], Awaitable[Plan | None]]", pin: "Pin") -> "Plan | None":
    """The plan, once a checkpoint covers it: it is made here where no worker runs that makes it.

    Raises:
        PackImpossibleError: the proof does not come on, or there is no such earlier checkpoint.
    """
    from service.reading.audit.packs.plan import SinceUnknownError

    proving = asyncio.create_task(core.prover().run())
    try:
        return await _covered(plan, pin)
    except SinceUnknownError:
        raise PackImpossibleError(f"the log has published no checkpoint of size {pin.since} before that") from None
    finally:
        proving.cancel()
        with suppress(asyncio.CancelledError):
            await proving


async def _covered(plan: "Callable[[Pin], Awaitable[Plan | None]]", pin: "Pin") -> "Plan | None":
    """The plan, once a checkpoint covers it; waited for as long as the proof comes on."""
    from projections.engine.queries import NotYetToldError

    reached = -1
    while True:
        try:
            return await plan(pin)
        except NotYetToldError as error:
            if error.reached <= reached:
                said = f"no checkpoint covers position {error.position}: the proof stands at {error.reached}"
                raise PackImpossibleError(said) from None
            reached = error.reached


async def _write_down(core: "Core", plan: "Plan") -> None:
    """Write down the read of a case, as of everybody else."""
    from domain.access_log.purpose import implied_by
    from service.handling.identifiers import new_id
    from service.store.access.records import NewAccess, RecordKind

    actor = core.system
    await core.access_log.append(
        NewAccess(
            actor=actor.id,
            subject="system",
            organisation=actor.organisation,
            roles=tuple(sorted(actor.roles)),
            purpose=implied_by(actor.roles),
            purpose_stated=False,
            kind=RecordKind.CASE_READ,
            route="incident-ledger pack",
            method="CLI",
            cases=plan.cases,
            position=plan.size,
            past=False,
            words_opened=False,
            request_id=new_id(),
            correlation_id=None,
        )
    )


async def _write_events(core: "Core", out: Path, at: int | datetime | None) -> None:
    from domain.kernel.scope import Scope
    from service.reading.events import EventLog

    log = EventLog(core.ledger, Scope(core.system, None))
    stretch = await log.stretch(after=0, known_at=at)
    with new_file(out) as file, _progress("events") as told:
        written = 0
        async for line in log.lines(stretch):
            file.write(line + b"\n")
            written += 1
            if not written % _TOLD_EVERY:
                told(written, stretch.last)
        told(written, stretch.last)
    typer.echo(f"{out}: {written} events, up to position {stretch.last}", err=True)


def _write(out: Path, made: "Pack") -> None:
    with new_file(out) as file:
        while part := made.file.read(_PART):
            file.write(part)


@contextmanager
def new_file(out: Path) -> Iterator[BinaryIO]:
    """A file that only its owner may read; gone again where it was not written to its end.

    Raises:
        PackImpossibleError: it is there already, or cannot be made.
    """
    try:
        file = os.fdopen(os.open(out, _NEW, _MODE), "wb")
    except OSError as error:
        raise PackImpossibleError(f"{out} cannot be written: {error.strerror}") from None
    try:
        with file:
            yield file
    except BaseException:
        out.unlink(missing_ok=True)
        raise


@contextmanager
def _progress(what: str) -> "Iterator[Callable[[int, int], None]]":
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _say(out: Path, plan: "Plan") -> None:
    typer.echo(f"{out}: {plan.kind} at position {plan.size} of {plan.log}", err=True)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no id of an incident") from None


def read_pin(text: str | None) -> int | datetime | None:
    """A position or an instant, as it was typed.

    Raises:
        BadParameter: it is neither.
    """
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise typer.BadParameter(f"{text} is neither a position nor an instant as 2026-03-02T12:00:00Z")
    return instant
