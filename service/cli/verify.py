"""`incident-ledger verify`: the live ledger against everything that was signed of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.looping import run
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from uuid import UUID

    from service.proof.offline.notes import VerifierKey
    from service.proof.offline.report import Report
    from service.vault.keyring import Keyring
    from service.verifying.live import KeysOf, Trusted, Verification


def verify(
    *,
    key: Annotated[
        list[str] | None,
        typer.Option(help="A verifier key of the log, or a file of them; else those of the keys folder."),
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="The verifier key of a witness, beside those of the settings.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A file with a checkpoint that you hold: the log must still begin with it."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="A file of yours: go on where it says that the last verification ended, and keep the new end in it."
        ),
    ] = None,
    sealed: Annotated[bool, typer.Option(help="Open every sealed value too, where the keyring is at hand.")] = True,
) -> None:
    """Verify the live ledger; ends with 0 where everything holds, 1 where something was changed, 2 where it could not check."""
    report = run(_verify(read_settings(), key or [], witness or [], checkpoint or [], resume=resume, sealed=sealed))
    typer.echo(report.text(), nl=False)
    raise SystemExit(report.code)


async def _verify(
    settings: Settings, keys: list[str], witnesses: list[str], held: list[Path], *, resume: Path | None, sealed: bool
) -> "Report":
    from service.proof.offline.command import trusted_bytes, trusted_keys
    from service.proof.offline.report import Report
    from service.store.database import open_database
    from service.store.proofs.memory import remembered_notes
    from service.store.proofs.witnesses import witnesses_in
    from service.verifying.live import Trusted
    from service.verifying.reader import CAUTION, url_to_read
    from service.verifying.resuming import read_state, write_state

    report = Report()
    with report.part():
        known = [each.key.vkey for each in witnesses_in(settings.witness_list)]
        async with open_database(settings) as database:
            url, as_reader = await url_to_read(database)
            if not as_reader:
                report.warns(CAUTION)
            keyring = await _keyring(settings, url) if sealed else None
            trusted = Trusted(
                keys_of=_keys_of(settings, keys),
                witnesses=trusted_keys([*witnesses, *known]),
                held=tuple(trusted_bytes(str(path)) for path in held),
                # read before the snapshot is taken: what is signed is remembered first, and published then
                remembered=remembered_notes(settings.keys),
                keyring=keyring,
                journal=_journal(settings) if keyring is not None else None,
                state=read_state(resume) if resume else None,
            )
            verification = await _shown(url, trusted, report)
        if resume is not None and verification.state is not None:
            write_state(resume, verification.state)
            report.says(
                f"{resume} says that everything up to position {verification.state.mark.size} held; it is yours to keep"
            )
    return report


def _keys_of(settings: Settings, given: list[str]) -> "KeysOf":
    """The keys that were given; else the public halves in the keys folder, under the name that is asked for."""
    from service.proof.offline.command import trusted_keys
    from service.store.proofs.signing_keys import list_signing_keys

    known = trusted_keys(given)

    def keys_of(name: str) -> "list[VerifierKey]":
        if known:
            return [key for key in known if key.name == name]
        return trusted_keys([each.verifier(name).vkey for each in list_signing_keys(settings.keys)])

    return keys_of


def _journal(settings: Settings) -> frozenset["UUID"]:
    from service.proof.offline.damage import CannotCheckError
    from service.store.sealing.journal import ErasedKeys, JournalDamagedError

    try:
        return ErasedKeys(settings.keys).read()
    except JournalDamagedError as error:
        raise CannotCheckError(str(error)) from None


async def _keyring(settings: Settings, url: str) -> "Keyring | None":
    """The keyring, where there is one; none is ever made here."""
    from service.store.sealing.keyrings import open_keyring, source_of
    from service.vault.keks.source import KekSourceError

    source = source_of(settings)
    try:
        return await open_keyring(source, url) if source.numbers() else None
    except KekSourceError:
        return None


async def _shown(url: str, trusted: "Trusted", report: "Report") -> "Verification":
    """The verification, done over a connection of its own, and shown while it goes on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from service.store.connect import connect
    from service.verifying.live import Verification

    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verifying", total=None)
        connection = await connect(url, application="incident-ledger verify")
        try:
            verification = Verification(connection, trusted, report)
            await verification.run(lambda done, of: bar.update(task, completed=done, total=of))
        finally:
            await connection.close()
    return verification
