"""The command of the verifier: what is asked on the command line, and how it is answered."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from service.proof.offline.damage import CannotCheckError
from service.proof.offline.ed25519 import LIBRARY
from service.proof.offline.notes import VerifierKey, keys_of
from service.proof.offline.pack import Asked, verify_pack
from service.proof.offline.report import Report

_TRUSTED_MAX = 1_000_000
_ABOUT = (
    "Check an evidence pack of an Incident Ledger. Ends with 0 where everything holds, 1 where something was changed "
    "(the first bad position and the kind of damage are named), 2 where it could not be checked."
)


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="verify_pack.py", description=_ABOUT)
    parser.add_argument("pack", help="the ZIP, or the folder that it was unpacked into")
    parser.add_argument("--key", action="append", default=[], help="a verifier key of the log, or a file of them")
    parser.add_argument(
        "--witness", action="append", default=[], help="the verifier key of a witness that must have signed"
    )
    parser.add_argument("--checkpoint", help="a file with an earlier checkpoint, which you hold")
    return parser


def trusted_bytes(path: str) -> bytes:
    """The content of a small file that the auditor brings.

    Raises:
        CannotCheckError: it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(_TRUSTED_MAX)
    except (OSError, ValueError):
        raise CannotCheckError(f"{path!r} cannot be read") from None


def trusted_keys(given: list[str]) -> list[VerifierKey]:
    """The keys that the auditor brings, each as text or in a file.

    Raises:
        CannotCheckError: one is no verifier key.
    """
    keys: list[VerifierKey] = []
    for each in given:
        text = trusted_bytes(each).decode("utf-8", "replace") if _is_file(each) else each
        keys += keys_of(text)
    return keys


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a key may be longer than any name of a file
        return False


def report_on(pack: str, *, keys: list[str], witnesses: list[str], checkpoint: str | None) -> Report:
    """Check a pack with what the auditor brings."""
    report = Report()
    with report.part():
        held = None if checkpoint is None else trusted_bytes(checkpoint)
        verify_pack(Asked(pack, trusted_keys(keys), trusted_keys(witnesses), held), report)
    return report


def main(words: list[str] | None = None) -> int:
    """Check what the command line names; the code to end with."""
    asked = arguments().parse_args(words)
    report = report_on(asked.pack, keys=asked.key, witnesses=asked.witness, checkpoint=asked.checkpoint)
    by = "the library cryptography" if LIBRARY else "plain arithmetic (nothing needs to be installed)"
    report.says(f"signatures were checked by {by}")
    sys.stdout.write(report.text())
    return report.code
