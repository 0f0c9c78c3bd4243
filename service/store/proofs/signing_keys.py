"""The keys that sign checkpoints: files in the keys folder, all of which sign, so that a rotation has two lines for a while.

signing-<n>.key    the Ed25519 seed in base64, for its owner alone to read
signing-<n>.pub    the public half in base64; it stays when the key is retired, for what it signed stays to be checked
"""

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.proof.lines import LineMalformedError, base64_of, from_base64
from service.proof.notes import LOG_SIGNATURE, Signer, VerifierKey
from service.proof.signing import SEED_SIZE, KeyMalformedError
from service.secret_files import SecretFileError, read_secret, remove_secret, write_once

_FILE: Final = re.compile(r"signing-([1-9][0-9]{0,5})\.(key|pub)")


class SigningKeyUnknownError(Exception):
    """There is no signing key of this number, or it is retired already."""


class LastSigningKeyError(Exception):
    """Without this key nothing could be signed any more: add another one first."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key by its number; `seed` is None where it is retired, or somebody has taken its file away."""

    number: int
    public: bytes
    seed: bytes | None

    @property
    def signs(self) -> bool:
        """Whether new checkpoints carry its line."""
        return self.seed is not None

    def signer(self, origin: str) -> Signer:
        """What signs in the name of a log.

        Raises:
            SigningKeyUnknownError: it is retired.
        """
        if self.seed is None:
            raise SigningKeyUnknownError(f"signing key {self.number} is retired")
        return Signer.from_seed(origin, self.seed)

    def verifier(self, origin: str) -> VerifierKey:
        """What checks its signatures in the name of a log."""
        return VerifierKey(origin, LOG_SIGNATURE, self.public)

    def __repr__(self) -> str:
        return f"SigningKey({self.number}, signs={self.signs})"


def list_signing_keys(folder: Path) -> list[SigningKey]:
    """Every key that signs or has signed, by number.

    Raises:
        SecretFileError: a file is damaged, or open to other users.
    """
    numbers = sorted({int(named[1]) for named in _files(folder)})
    return [_read(folder, number) for number in numbers]


def add_signing_key(folder: Path) -> SigningKey:
    """Make the next key; from the next checkpoint on it signs beside those that are there."""
    while True:
        number = max((int(named[1]) for named in _files(folder)), default=0) + 1
        made = secrets.token_bytes(SEED_SIZE)
        write_once(folder / f"signing-{number}.key", base64_of(made).encode())
        key = _read(folder, number)
        if key.seed == made:  # else another process took the number
            write_once(folder / f"signing-{number}.pub", base64_of(key.public).encode())
            return key


def retire_signing_key(folder: Path, number: int) -> SigningKey:
    """Let a key sign no more: its secret half is deleted, its public half stays.

    Raises:
        SigningKeyUnknownError: no key of this number signs.
        LastSigningKeyError: it is the only one that signs.
    """
    signing = {key.number: key for key in list_signing_keys(folder) if key.signs}
    if number not in signing:
        raise SigningKeyUnknownError(f"no signing key {number} signs")
    if len(signing) == 1:
        raise LastSigningKeyError(f"signing key {number} is the only one: add another one before it is retired")
    key = signing[number]
    write_once(folder / f"signing-{number}.pub", base64_of(key.public).encode())
    remove_secret(folder / f"signing-{number}.key")
    return SigningKey(number, key.public, None)


def first_signing_key(folder: Path) -> None:
    """Make the first key of a log that has signed nothing yet. A key that was lost is never quietly replaced."""
    if not any(_files(folder)):
        add_signing_key(folder)


def signers_in(folder: Path, origin: str) -> Sequence[Signer]:
    """All that sign in the name of a log now, the oldest first; none where there is no key.

    Raises:
        SecretFileError: a file is damaged, or open to other users.
    """
    return [key.signer(origin) for key in list_signing_keys(folder) if key.signs]


def _files(folder: Path) -> list[re.Match[str]]:
    if not folder.exists():
        return []
    return [found for path in folder.iterdir() if (found := _FILE.fullmatch(path.name))]


def _read(folder: Path, number: int) -> SigningKey:
    secret, public = folder / f"signing-{number}.key", folder / f"signing-{number}.pub"
    try:
        with suppress(FileNotFoundError):
            seed = from_base64(read_secret(secret, group_may_read=True).decode("ascii").strip())
            return SigningKey(number, Signer.from_seed("log", seed).key.public, seed)
        return SigningKey(number, from_base64(public.read_text(encoding="ascii").strip()), None)
    except (LineMalformedError, KeyMalformedError, UnicodeError, OSError):
        raise SecretFileError(f"signing-{number} is damaged, or cannot be read: restore it from a backup") from None
