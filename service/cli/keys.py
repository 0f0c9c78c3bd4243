"""`incident-ledger keys`: the keys that hide persons and sign checkpoints: listed, rotated, retired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from service.cli.looping import run
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.store.sealing.rotating import Progress as Rotated
    from service.store.sealing.rotating import Rotation, Standing
    from service.vault.keks.source import KekSource
    from service.vault.keyring import Keyring

keys: Final = typer.Typer(help="The keys that hide persons and sign checkpoints.", no_args_is_help=True)

_PATIENCE_SECONDS: Final = 90.0
"""How long running processes may take to pick up a new key: longer than one that ended is remembered."""


class RowsDamagedError(Exception):
    """Some rows could not be opened and lie under older keys still."""


@keys.command("list")
def list_keys() -> None:
    """Which key-encryption keys there are and what lies under each, which processes hold them, and what signs."""
    run(_list(read_settings()))


@keys.command("init")
def init_keys() -> None:
    """Make ready the place that the settings name, and take over the keys that lie in files until now."""
    settings = read_settings()
    taken = _taken_over(settings)
    typer.echo(f"taken over: {', '.join(f'kek-{number}' for number in taken) or 'nothing'}")
    if taken:
        typer.echo(
            "Once incident-ledger doctor finds every key, remove the files kek-*.key here and keep a copy apart."
        )


@keys.command("rotate")
def rotate_keys(
    *,
    resume: Annotated[bool, typer.Option(help="Make no new key; go on with what lies under older ones.")] = False,
) -> None:
    """Make a new key-encryption key, and put everything under it while the service runs and writes."""
    run(_rotate(read_settings(), resume=resume))


@keys.command("retire")
def retire_key(number: Annotated[int, typer.Argument(help="The number of a key-encryption key.", min=1)]) -> None:
    """Keep a key-encryption key no longer; refused while anything lies under it or a process wraps with it."""
    run(_retire(read_settings(), number))


@keys.command("compact")
def compact_keys() -> None:
    """Write the table of data keys anew, so that no byte of a destroyed one stays; for a quiet hour."""
    run(_compact(read_settings()))


@keys.command("rotate-blind-index")
def rotate_blind_index() -> None:
    """Draw a new key for the search by NHS number; the worker fills the index anew, and until then it does not answer."""
    from service.identity.key_files import KeyFolder

    KeyFolder(read_settings().keys).renew("blind-index")
    typer.echo("The index is filled anew by the worker that runs, or by the next that starts.")


@keys.command("rotate-signing")
def rotate_signing() -> None:
    """Make a signing key: from the next checkpoint on it signs beside those that are there."""
    from service.store.proofs.signing_keys import add_signing_key

    added = add_signing_key(read_settings().keys)
    typer.echo(f"signing-{added.number} signs from the next checkpoint on; retire the older one when auditors know it")


@keys.command("retire-signing")
def retire_signing(number: Annotated[int, typer.Argument(help="The number of a signing key.", min=1)]) -> None:
    """Let a signing key sign no more; its public half stays, so that what it signed can be checked."""
    from service.store.proofs.signing_keys import retire_signing_key

    typer.echo(f"signing-{retire_signing_key(read_settings().keys, number).number} signs no more")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple["Rotation", "Keyring", "KekSource"]]:
    from functools import partial

    from service.running import opened_database
    from service.store.connect import connect
    from service.store.sealing.keyrings import open_keyring, source_of
    from service.store.sealing.rotating import Rotation

    async with opened_database(settings) as database:
        source = source_of(settings)
        keyring = await open_keyring(source, database.reader)
        connects = partial(connect, database.writer, application="incident-ledger keys")
        yield Rotation(keyring, source, connects), keyring, source


async def _list(settings: Settings) -> None:
    async with _opened(settings) as (rotation, keyring, source):
        standing = await rotation.standing()
        console = Console(highlight=False, soft_wrap=True)
        console.print(_table(standing, keyring, source.name))
    console.print(f"data keys destroyed: {standing.destroyed}")
    console.print(f"running processes: {len(standing.processes)}, wrapping with: {_wrapping(standing)}")
    console.print(f"signing keys: {_signing(settings)}")


def _table(standing: "Standing", keyring: "Keyring", where: str) -> Table:
    from service.vault.keks.source import number_in

    table = Table(title=f"Key-encryption keys in: {where}", title_justify="left")
    for column in ("key", "data keys", "actors", "state"):
        table.add_column(column)
    names = dict.fromkeys((*standing.retired, *standing.data_keys, *keyring.held))
    for name in sorted(names, key=lambda each: (number_in(each) or 0, each)):
        actors = standing.actors.get(number_in(name) or 0, 0) if name in keyring.held else 0
        table.add_row(name, str(standing.data_keys.get(name, 0)), str(actors), _state(name, standing, keyring))
    return table


def _state(name: str, standing: "Standing", keyring: "Keyring") -> str:
    if name == keyring.newest:
        return "newest"
    if name in standing.retired:
        return "retired"
    return "kept" if name in keyring.held else "MISSING: restore it from a backup"


def _wrapping(standing: "Standing") -> str:
    return ", ".join(sorted({process.newest for process in standing.processes})) or "nothing"


def _signing(settings: Settings) -> str:
    from service.store.proofs.signing_keys import list_signing_keys

    found = list_signing_keys(settings.keys)
    return ", ".join(f"signing-{key.number}{'' if key.signs else ' (retired)'}" for key in found) or "none yet"


def _taken_over(settings: Settings) -> list[int]:
    from service.store.sealing.keeper import KeeperKeks
    from service.store.sealing.keyrings import source_of
    from service.vault.keks.folder import FolderKeks

    source = source_of(settings)
    if isinstance(source, FolderKeks):
        return []
    if isinstance(source, KeeperKeks):
        source.prepare()
    lying, kept = FolderKeks(settings.keys).load(), source.numbers()
    taken = sorted(lying.keys() - kept)
    for number in taken:
        source.add(number, lying[number])
    return taken


async def _rotate(settings: Settings, *, resume: bool) -> None:
    async with _opened(settings) as (rotation, keyring, _source):
        newest = keyring.newest if resume else await rotation.make_next()
        typer.echo(f"{newest} wraps from now on; waiting until every running process holds it", err=True)
        await rotation.until_all_hold(patience_seconds=_PATIENCE_SECONDS)
        standing = await rotation.standing()
        older = sum(count for name, count in standing.data_keys.items() if name != newest)
        done = await _with_progress(rotation, older)
    typer.echo(f"{newest}: {done.keys} data keys and {done.actors} actors wrapped anew")
    if done.damaged:
        raise RowsDamagedError(f"{done.damaged} rows could not be opened and lie under older keys: see keys list")


async def _with_progress(rotation: "Rotation", older: int) -> "Rotated":
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("data keys", total=older)
        return await rotation.rewrap(lambda done: progress.update(task, completed=done.keys))


async def _retire(settings: Settings, number: int) -> None:
    async with _opened(settings) as (rotation, _keyring, _source):
        name = await rotation.retire(number)
    typer.echo(
        f"{name} is retired. Older backups of the database need it: keep a copy apart for as long as you keep them."
    )


async def _compact(settings: Settings) -> None:
    from service.running import opened_database
    from service.store.connect import connect
    from service.store.sealing.destroying import compact

    async with opened_database(settings) as database:
        owner = await connect(database.owner, application="incident-ledger keys")
        try:
            await compact(owner)
        finally:
            await owner.close()
    typer.echo("written anew")
