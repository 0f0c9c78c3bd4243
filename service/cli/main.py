"""The command `incident-ledger`: every verb, in one list."""

import sys
from collections.abc import Callable
from typing import Any, Final

import typer

from service.cli.demo import demo
from service.cli.doctor import doctor
from service.cli.editions import editions
from service.cli.keys import keys
from service.cli.migrate import migrate
from service.cli.openapi import openapi
from service.cli.pack import export, pack
from service.cli.rebuild import rebuild
from service.cli.recompute import recompute
from service.cli.resume import resume
from service.cli.serve import serve
from service.cli.token import token
from service.cli.verify import verify
from service.cli.verify_pack import verify_pack
from service.cli.what_if import what_if
from service.cli.work import work

VERBS: Final[dict[str, Callable[..., Any]]] = {
    "migrate": migrate,
    "doctor": doctor,
    "token": token,
    "demo": demo,
    "serve": serve,
    "work": work,
    "openapi": openapi,
    "resume": resume,
    "rebuild": rebuild,
    "what-if": what_if,
    "pack": pack,
    "export": export,
    "verify": verify,
    "verify-pack": verify_pack,
    "recompute": recompute,
}

app: Final = typer.Typer(
    name="incident-ledger",
    help="An open, event-sourced ledger for the whole life of a serious incident in NHS-commissioned care.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values would print what is said about persons
)
for _name, _verb in VERBS.items():
    app.command(_name)(_verb)
app.add_typer(editions, name="editions")
app.add_typer(keys, name="keys")


def run() -> None:
    """Run the verb that the command line names; what an operator can put right is told in a sentence."""
    try:
        app()
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        sys.stderr.write(f"incident-ledger: {error}\n")
        raise SystemExit(2) from None


def _expected() -> tuple[type[Exception], ...]:
    """The errors that need no traceback; looked up when there is one, because a quick verb loads little."""
    from projections.engine.versions.rebuild import ParityError, RebuildRunningError
    from service.bootstrap import ClockDiffersError, SimulatedInProductionError
    from service.cli.keys import RowsDamagedError
    from service.cli.pack import PackImpossibleError
    from service.cli.rebuild import ReadModelUnknownError
    from service.cli.what_if import WhatIfFailedError
    from service.identity.issuers import IssuerSettingsError
    from service.identity.setup import LocalIssuerInProductionError
    from service.running import NotMigratedError, PortUnavailableError
    from service.secret_files import SecretFileError
    from service.settings import SettingInvalidError
    from service.store.connect import REFUSALS, DatabaseUnfitError, DatabaseUnreachableError, DatabaseUrlInvalidError
    from service.store.embedded import EMBEDDED_ERRORS
    from service.store.proofs.resuming import NothingToResumeError
    from service.store.proofs.signing_keys import LastSigningKeyError, SigningKeyUnknownError
    from service.store.proofs.standing import LedgerLostError, SignedOtherwiseError
    from service.store.roles import RolesMissingError
    from service.store.sealing.rotating import KekInUseError, ProcessBehindError
    from service.vault.keks.source import KekSourceError

    settings = (SettingInvalidError, IssuerSettingsError, LocalIssuerInProductionError, SimulatedInProductionError)
    database = (DatabaseUnfitError, DatabaseUnreachableError, DatabaseUrlInvalidError, RolesMissingError, *REFUSALS)
    rebuilding = (ReadModelUnknownError, RebuildRunningError, ParityError, WhatIfFailedError, PackImpossibleError)
    running = (*EMBEDDED_ERRORS, ClockDiffersError, NotMigratedError, PortUnavailableError)
    proving = (SignedOtherwiseError, LedgerLostError, NothingToResumeError)
    signing = (LastSigningKeyError, SigningKeyUnknownError)
    kept = (SecretFileError, KekSourceError, KekInUseError, ProcessBehindError, RowsDamagedError, *signing)
    return (*settings, *database, *kept, *rebuilding, *running, *proving)


if __name__ == "__main__":
    run()
