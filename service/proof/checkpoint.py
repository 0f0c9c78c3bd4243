"""Checkpoints (C2SP tlog-checkpoint): what a log says of itself at one size, and the notes that carry it.

    <origin>
    <size>
    <root in base64>

The statement of the stream heads has the same form, with `<origin>/heads` in the first line. Both are signed in the name
of the log, which is its origin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from service.proof.hashing import EMPTY_ROOT, HASH_SIZE
from service.proof.lines import LARGEST_SIZE, LineMalformedError, base64_of, from_base64, from_decimal
from service.proof.notes import NoteUnsignedError, Opened, Verified, open_note, sign_note
from service.proof.signing import LOG_SIGNATURE, Signer, VerifierKey
from service.proof.verifying import ProofInvalidError, check_consistency

HEADS: Final = "/heads"
"""What follows the origin of a log in the statement of its stream heads."""

_LINES: Final = 3


class CheckpointMalformedError(ValueError):
    """A text is not that of a checkpoint, or not of the log that was asked for."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log (or a map beside it), how many leaves it has, and the root over them.

    Raises:
        CheckpointMalformedError: no log has such a checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Lines of other logs that we keep as they are; ours makes none."""

    def __post_init__(self) -> None:
        if not all(_is_line(line) for line in (self.origin, *self.extensions)):
            raise CheckpointMalformedError("the lines of a checkpoint are not empty")
        if not 0 <= self.size <= LARGEST_SIZE or len(self.root) != HASH_SIZE:
            raise CheckpointMalformedError(
                f"a checkpoint has a size below 2 to the power of 63 and a {HASH_SIZE}-byte root"
            )

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_of(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of a text; its `text` is the very same again.

        Raises:
            CheckpointMalformedError: it is not that of a checkpoint.
        """
        lines = text.split("\n")
        if lines.pop() or len(lines) < _LINES:
            raise CheckpointMalformedError("a checkpoint has at least three lines: origin, size and root")
        try:
            return cls(lines[0], from_decimal(lines[1]), from_base64(lines[2]), tuple(lines[_LINES:]))
        except LineMalformedError as problem:
            raise CheckpointMalformedError(
                f"a checkpoint's size is decimal and its root is base64: {problem}"
            ) from None


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose log has signed it, with the signatures that hold: the log's and its witnesses'."""

    checkpoint: Checkpoint
    by_log: tuple[Verified, ...]
    by_witnesses: tuple[Verified, ...]


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer]) -> str:
    """The note that carries the checkpoint, signed with each of the log's keys.

    Raises:
        NoteMalformedError: there is no key, or one that is not a log's.
    """
    return sign_note(checkpoint.text, signers)


def open_checkpoint(
    note: str | bytes, origin: str, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey] = ()
) -> SignedCheckpoint:
    """The checkpoint in a note that this log has signed. Witnesses' signatures alone do not make it the log's.

    Raises:
        NoteError: it is not a note, a known key's signature does not hold, or no key of the log has signed it.
        CheckpointMalformedError: it is another text than a checkpoint of this origin.
    """
    trusted = [key for key in log_keys if key.kind == LOG_SIGNATURE]
    opened = open_note(note, [*trusted, *witness_keys])
    by_log = _signed_by(opened, trusted)
    if not by_log:
        raise NoteUnsignedError("no known key of the log has signed the note")
    checkpoint = Checkpoint.parse(opened.text)
    if checkpoint.origin != origin:
        raise CheckpointMalformedError("the checkpoint is that of another log")
    return SignedCheckpoint(checkpoint, by_log, _signed_by(opened, witness_keys))


def check_growth(earlier: Checkpoint, later: Checkpoint, path: Sequence[bytes]) -> None:
    """The later checkpoint is of the same log, which has only grown since the earlier one.

    Raises:
        ProofInvalidError: the path does not show it.
    """
    if earlier.origin != later.origin:
        raise ProofInvalidError("the two checkpoints are of two logs")
    if earlier.size:
        check_consistency(earlier.size, later.size, path, earlier.root, later.root)
        return
    if path or earlier.root != EMPTY_ROOT or (later.size == 0 and later.root != EMPTY_ROOT):
        raise ProofInvalidError("an empty log has the root of the empty tree, and no path leads from it")


def _signed_by(opened: Opened, keys: Sequence[VerifierKey]) -> tuple[Verified, ...]:
    return tuple(verified for verified in opened.by if verified.key in keys)


def _is_line(text: str) -> bool:
    return bool(text) and "\n" not in text
