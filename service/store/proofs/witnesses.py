"""The witnesses that the settings name: whose cosignatures are taken, and where new checkpoints are sent."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from service.proof.notes import COSIGNATURE, VerifierKey
from service.proof.signing import KeyMalformedError
from service.settings import SettingInvalidError

_NAME: Final = "INCIDENT_LEDGER_WITNESSES"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: what checks its cosignatures, and the address that takes checkpoints (None: it brings them itself)."""

    key: VerifierKey
    address: str | None


def witnesses_in(text: str | None) -> tuple[Witness, ...]:
    """The witnesses of the setting.

    Raises:
        SettingInvalidError: one is not `<verifier key> <address>`, or is named twice.
    """
    found = tuple(_witness(entry) for entry in (text or "").split(",") if entry.strip())
    if len({each.key for each in found}) < len(found):
        raise SettingInvalidError(f"{_NAME}: a witness is named twice")
    return found


def _witness(entry: str) -> Witness:
    vkey, _, address = entry.strip().partition(" ")
    try:
        key = VerifierKey.parse(vkey)
    except KeyMalformedError as error:
        raise SettingInvalidError(f"{_NAME}: {error}") from None
    if key.kind != COSIGNATURE:
        raise SettingInvalidError(f"{_NAME}: {key.name} is not a key that cosigns (type 0x04)")
    return Witness(key, _address(address.strip()))


def _address(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise SettingInvalidError(f"{_NAME}: an address must be https, but on this machine")
    return text.rstrip("/")
