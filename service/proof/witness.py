"""Witnesses (C2SP tlog-witness): what a log sends to one, what a witness decides, and what the log reads in the answer.

    old <size of the checkpoint that the witness cosigned last>
    <consistency path from there, one hash a line>
    <an empty line>
    <the checkpoint, with its signatures>

A witness keeps one thing for each log, the newest checkpoint that it cosigned, and never goes back behind it. It has to
keep the new one durably before it answers, and decide and keep as one step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

from service.proof.checkpoint import Checkpoint, CheckpointMalformedError, check_growth, open_checkpoint
from service.proof.hashing import EMPTY_ROOT
from service.proof.lines import LineMalformedError, from_decimal, from_hash_lines, hash_lines
from service.proof.notes import LONGEST_NOTE, NoteError, Verified, cosign, open_note, split_note
from service.proof.signing import COSIGNATURE, Signer, VerifierKey
from service.proof.verifying import ProofInvalidError

SIZE_TYPE: Final = "text/x.tlog.size"
PLAIN_TYPE: Final = "text/plain; charset=utf-8"
LONGEST_REQUEST: Final = LONGEST_NOTE + 4096
_OLD: Final = "old "


class RequestMalformedError(ValueError):
    """A request to a witness does not have the form that it must have."""


class WitnessRefusedError(Exception):
    """A witness did not cosign, and names no size to go on from; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The request to cosign a checkpoint."""

    old: int
    path: tuple[bytes, ...]
    note: str

    @property
    def body(self) -> str:
        """The body of the request."""
        return f"{_OLD}{self.old}\n{hash_lines(self.path)}\n{self.note}"

    @classmethod
    def parse(cls, body: str | bytes) -> Self:
        """The request of a body; none of it has been checked.

        Raises:
            RequestMalformedError: it has another form.
        """
        if len(body) > LONGEST_REQUEST:
            raise RequestMalformedError(f"a request has at most {LONGEST_REQUEST} bytes")
        try:
            text = body.decode() if isinstance(body, bytes) else body
            head, separator, note = text.partition("\n\n")
            old, *lines = head.split("\n")
            if not separator or not old.startswith(_OLD):
                raise RequestMalformedError("a request is an old size, a path, an empty line and a checkpoint")
            return cls(from_decimal(old.removeprefix(_OLD)), tuple(from_hash_lines(lines)), note)
        except (UnicodeError, LineMalformedError) as problem:
            raise RequestMalformedError(f"a line of the request has another form: {problem}") from None


@dataclass(frozen=True, slots=True)
class WitnessedLog:
    """What a witness knows of a log: its keys, and the newest checkpoint that it cosigned."""

    keys: tuple[VerifierKey, ...]
    latest: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The witness cosigns this checkpoint, once it has kept it."""

    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Conflict:
    """The witness holds another checkpoint than the request starts from; its size."""

    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The witness does not cosign."""

    status: HTTPStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers over HTTP."""

    status: HTTPStatus
    content_type: str
    body: str


def decide(body: str | bytes, logs: Mapping[str, WitnessedLog]) -> Agreed | Conflict | Refused:
    """What a witness that knows these logs, by their origins, makes of a request."""
    try:
        request = AddCheckpoint.parse(body)
        claimed = Checkpoint.parse(split_note(request.note)[0])
    except (RequestMalformedError, NoteError, CheckpointMalformedError) as problem:
        return Refused(HTTPStatus.BAD_REQUEST, str(problem))
    log = logs.get(claimed.origin)
    if log is None:
        return Refused(HTTPStatus.NOT_FOUND, "the witness does not know the log")
    try:
        checkpoint = open_checkpoint(request.note, claimed.origin, log.keys).checkpoint
    except NoteError as problem:
        return Refused(HTTPStatus.FORBIDDEN, str(problem))
    return _decided(request, checkpoint, log.latest or Checkpoint(claimed.origin, 0, EMPTY_ROOT))


def answer_to(verdict: Agreed | Conflict | Refused, witness: Signer, time: int) -> Answer:
    """The answer that tells a verdict, with the cosignature of this time where the witness agrees."""
    match verdict:
        case Agreed(checkpoint):
            return Answer(HTTPStatus.OK, PLAIN_TYPE, cosign(checkpoint.text, witness, time).text)
        case Conflict(size):
            return Answer(HTTPStatus.CONFLICT, SIZE_TYPE, f"{size}\n")
        case Refused(status, reason):
            return Answer(status, PLAIN_TYPE, f"{reason}\n")


def read_answer(
    answer: Answer, checkpoint: Checkpoint, witness_keys: Sequence[VerifierKey]
) -> tuple[Verified, ...] | Conflict:
    """The cosignatures that a witness answered with; or the size that it has, from which the log may ask again.

    A witness that has a larger tree than the log's, or another root at the same size, has seen another history of it.

    Raises:
        WitnessRefusedError: it answered otherwise.
        NoteError: it answered with what is no cosignature of the checkpoint by one of the keys.
    """
    if answer.status == HTTPStatus.OK:
        return cosignatures_of(checkpoint, answer.body, witness_keys)
    if answer.status == HTTPStatus.CONFLICT and answer.content_type.partition(";")[0].strip() == SIZE_TYPE:
        try:
            return Conflict(from_decimal(answer.body.removesuffix("\n")))
        except LineMalformedError:
            raise WitnessRefusedError("the witness names a size that is no number") from None
    raise WitnessRefusedError(f"the witness answered with {int(answer.status)}")


def cosignatures_of(checkpoint: Checkpoint, lines: str, witness_keys: Sequence[VerifierKey]) -> tuple[Verified, ...]:
    """The signatures of known witnesses in these lines, each of which holds for the checkpoint; others are passed over.

    Raises:
        NoteError: they are not signature lines, none is by a known witness, or one in a known witness's name does not hold.
    """
    return open_note(f"{checkpoint.text}\n{lines}", [key for key in witness_keys if key.kind == COSIGNATURE]).by


def _decided(request: AddCheckpoint, checkpoint: Checkpoint, latest: Checkpoint) -> Agreed | Conflict | Refused:
    if request.old > checkpoint.size:
        return Refused(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint's")
    if request.old != latest.size or (checkpoint.size == latest.size and checkpoint.root != latest.root):
        return Conflict(latest.size)
    try:
        check_growth(latest, checkpoint, request.path)
    except ProofInvalidError as problem:
        return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem))
    return Agreed(checkpoint)
