"""A proof as a file of its own (C2SP tlog-proof): index, path and checkpoint, for checking without the log.

c2sp.org/tlog-proof@v1
extra <base64>                 (where there is more to say; it proves nothing)
index <of the leaf, from 0>
<path, one hash a line>
<an empty line>
<the checkpoint, with its signatures>
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from service.proof.checkpoint import SignedCheckpoint, open_checkpoint
from service.proof.lines import LineMalformedError, base64_of, from_base64, from_decimal, from_hash_lines, hash_lines
from service.proof.signing import VerifierKey
from service.proof.verifying import check_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "


class ProofMalformedError(ValueError):
    """A text is not that of a proof."""


@dataclass(frozen=True, slots=True)
class ProofText:
    """Where a leaf stands, the path from it to the root, and the signed checkpoint that has the root."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The content of the file."""
        extra = "" if self.extra is None else f"{_EXTRA}{base64_of(self.extra)}\n"
        return f"{HEADER}\n{extra}{_INDEX}{self.index}\n{hash_lines(self.path)}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The proof of a file; none of it has been checked.

        Raises:
            ProofMalformedError: it is not that of a proof.
        """
        head, separator, note = text.partition("\n\n")
        header, *lines = head.split("\n")
        extra = lines.pop(0).removeprefix(_EXTRA) if lines and lines[0].startswith(_EXTRA) else None
        if not separator or header != HEADER or not lines or not lines[0].startswith(_INDEX):
            raise ProofMalformedError("a proof is a header, an index, a path, an empty line and a checkpoint")
        try:
            index = from_decimal(lines[0].removeprefix(_INDEX))
            path = tuple(from_hash_lines(lines[1:]))
            return cls(index, path, note, None if extra is None else from_base64(extra))
        except LineMalformedError as problem:
            raise ProofMalformedError(f"a line of the proof has another form: {problem}") from None

    def check(
        self, leaf_hash: bytes, origin: str, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey] = ()
    ) -> SignedCheckpoint:
        """The checkpoint under which this leaf stands at the index.

        Raises:
            NoteError: the checkpoint is not signed by a known key of the log.
            CheckpointMalformedError: it is not a checkpoint of this log.
            ProofInvalidError: the path does not lead from the leaf to the checkpoint's root.
        """
        signed = open_checkpoint(self.note, origin, log_keys, witness_keys)
        check_inclusion(leaf_hash, self.index, signed.checkpoint.size, self.path, signed.checkpoint.root)
        return signed
