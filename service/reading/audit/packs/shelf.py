"""What a pack carries besides its events: schemas, the frozen texts of editions, the verifier, and a word to its reader."""

from functools import cache
from importlib.resources import files
from typing import Final

from domain.catalogue.names import stored_as
from domain.kernel.words import Code
from domain.policy.library import EditionUnknownError, Policy
from service.proof.one_file import verifier_text
from service.store.schemas import schema_text

VERIFIER: Final = "verify_pack.py"


def schema(name: str) -> bytes:
    """The JSON Schema of the payloads of a stored name."""
    return schema_text(stored_as(name)).encode()


def edition_text(policy: Policy, reference: str) -> tuple[str, bytes] | None:
    """The name and the frozen text of an edition that an event names; None where this build does not carry that text."""
    try:
        edition = policy.edition(Code(reference))
    except EditionUnknownError:
        return None
    return edition.name, files("domain.policy").joinpath("editions", f"{edition.name}.toml").read_bytes()


@cache
def verifier() -> bytes:
    """The verifier as one file."""
    return verifier_text().encode()


def read_me(kind: str) -> bytes:
    """What the pack is, file by file, and how it is checked with what every machine has."""
    return _READ_ME.format(subject=_SUBJECTS[kind]).encode()


_SUBJECTS: Final = {
    "case": "one incident with everything that hangs on it",
    "sample": "a random sample of decisions, with the whole cases in which they were made",
    "log": "the whole log",
}
_READ_ME: Final = """\
EVIDENCE PACK

This is {subject}, as it stood in an Incident Ledger under
one signed checkpoint. It proves itself: nothing of the service that made it is needed to check it.

CHECK IT

1. Get the log's verifier key by another way than this pack. log.vkey is only a hint.
2. python3 verify_pack.py PACK.zip --key "THE KEY"
   Use a copy of verify_pack.py that you trust. It ends with 0 where everything holds, with 1 where
   something was changed (it names the first bad position and the kind of damage), and with 2 where
   it could not check.

WHAT IS INSIDE

timeline.html    For reading: open it in any browser. It needs no network and runs no script.
events.ndjson    The events, one a line, in order. "record" is what the Merkle tree commits to: every
                 stored column, with the SHA-256 of the payload. "payload" is the stored payload;
                 values of persons and what people wrote are in sealed boxes.
opened.json      The words in those boxes, as far as the reader of this pack may read them. A box
                 that is not listed is sealed for this reader. "erased": its key was destroyed, and
                 nobody can read it any more.
checkpoint       The signed statement of the log: how many events, and the root of the tree (C2SP
                 tlog-checkpoint), with the lines of the witnesses that signed it too.
heads            The signed statement of where every stream and every case ended at the checkpoint.
proofs.json      That each event is in the tree, that no stream and no case is cut short, and (where it
                 was asked for) that the tree grew out of an earlier checkpoint.
pack.json        What this pack is, for whom it was made, and the SHA-256 of every other file.
pack.note        The SHA-256 of pack.json, signed with the keys of the log.
log.vkey         The verifier keys of the log, one a line.
schemas/         The JSON Schema of each kind of event that occurs.
editions/        The frozen text of each policy edition that the events name. An edition is named
                 NAME@DIGEST; DIGEST is how the SHA-256 of its text begins.
verify_pack.py   The verifier: Python 3 and nothing else.

BY HAND

unzip the pack into an empty folder, and there:

  sha256sum events.ndjson          is what pack.json says of it under "files"
  sha256sum pack.json              as base64 it is the third line of pack.note

What a pack holds is confidential. Keep it as you would keep the case.
"""
