"""`pack.json`: what a pack is, for whom it was made, and what each of its other files is to the byte."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, NamedTuple

from service.proof.offline.checkpoints import log_of
from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.members import Members
from service.proof.offline.notes import VerifierKey, signed_by_log
from service.proof.offline.reading import expect, is_count, is_hash, is_uuid, json_object, member

PACK_FORMAT = "incident-ledger-pack/1"
PACK_KINDS = ("case", "sample", "log")
_ALONE = ("pack.json", "pack.note")


class Manifest(NamedTuple):
    """What `pack.json` says."""

    kind: str
    log: str
    size: int
    subjects: list[str]
    reader: str
    files: dict[str, str]
    digest: bytes

    @property
    def log_in_records(self) -> str:
        """The name that every record has: a log that goes on under another one, `<name>/2`, keeps it there."""
        return log_of(self.log)


def manifest_of(members: Members) -> Manifest:
    """The manifest of a pack.

    Raises:
        CannotCheckError: this is no pack, or one of a form that this verifier does not know.
        DamageError: the manifest is not of the form that packs have.
    """
    if "pack.json" not in members.names:
        raise CannotCheckError("this is no evidence pack: it has no pack.json")
    data, where = members.read("pack.json"), "pack.json"
    said = json_object(data, where)
    if said.get("format") != PACK_FORMAT:
        raise CannotCheckError(f"the pack is not of the form {PACK_FORMAT}; another verifier may know it")
    kind, size = member(said, "kind", str, where), member(said, "size", int, where)
    log = member(said, "log", str, where)
    if kind not in PACK_KINDS or not is_count(size):
        raise DamageError("edited", "pack.json does not say what the pack is")
    subjects = [] if kind == "log" else member(said, "subjects", list, where)
    if not all(is_uuid(each) for each in subjects) or len(set(map(str, subjects))) != len(subjects):
        raise DamageError("edited", "the subjects in pack.json are not ids of cases")
    return Manifest(kind, log, size, subjects, _reader(said, where), _files(said, where), hashlib.sha256(data).digest())


def check_signed(members: Members, manifest: Manifest, keys: list[VerifierKey]) -> None:
    """Pass a manifest that the log signed.

    Raises:
        DamageError: it did not, or it signed another one.
    """
    note = signed_by_log(members.read("pack.note"), keys, manifest.log, "pack.note")
    digest = base64.b64encode(manifest.digest).decode()
    if note.text != f"{PACK_FORMAT}\n{manifest.log}\n{digest}\n":
        raise DamageError("edited", "pack.json is not the one that pack.note signs")


def check_files(members: Members, manifest: Manifest) -> None:
    """Pass a pack of exactly the files that its manifest names.

    Raises:
        DamageError: a file was added, taken out or changed.
    """
    expected = {*manifest.files, *_ALONE}
    added = sorted(set(members.names) - expected)
    if added:
        raise DamageError("inserted", f"the pack holds {added[0]!r}, which pack.json does not name")
    for name, digest in sorted(manifest.files.items()):
        if members.sha256(name) != digest:
            raise DamageError("edited", f"{name} is not the file that pack.json names")


def _reader(said: dict[str, Any], where: str) -> str:
    reader = member(said, "reader", dict, where)
    roles = [str(expect(role, str, "a role")) for role in member(reader, "roles", list, where)]
    return f"{member(reader, 'organisation', str, where)} ({', '.join(roles) or 'no role'})"


def _files(said: dict[str, Any], where: str) -> dict[str, str]:
    files: dict[str, str] = member(said, "files", dict, where)
    if not all(is_hash(digest) for digest in files.values()) or set(files) & set(_ALONE):
        raise DamageError("edited", "the files in pack.json do not have digests")
    return files
