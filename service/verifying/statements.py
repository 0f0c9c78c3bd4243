"""Signed statements as they are stored: each is signed by the log, and its columns say what the signature covers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.proof.offline.checkpoints import HEADS, Checkpoint, held_checkpoint, signed_checkpoint
from service.proof.offline.damage import CannotCheckError, DamageError
from service.proof.offline.notes import LOG_KEY, VerifierKey


@dataclass
class Statements:
    """Checks stored checkpoints with the keys of the log, under the name that it had at each size."""

    origins: list[tuple[str, int]]
    """The names under which the log has signed, each with the size from which on."""
    keys: list[VerifierKey]
    held: list[Checkpoint] = field(default_factory=list)
    """Checkpoints that the auditor holds."""
    remembered: Checkpoint | None = None
    """The last checkpoint that the signer remembers under the name that the log has now."""
    signed: int = 0
    newest: int = 0

    def hold(self, note: bytes, trusted: list[VerifierKey]) -> None:
        """Take in a checkpoint that the auditor holds.

        Raises:
            CannotCheckError: it is none of this log, or signed by nobody who is trusted.
        """
        name = note.decode("utf-8", "replace").partition("\n")[0]
        origins = [origin for origin, _ in self.origins]
        self.held.append(held_checkpoint(note, trusted, name if name in origins else origins[0]))

    def recall(self, notes: Iterable[bytes]) -> None:
        """Take in what the signer remembers of this log, among what it remembers of any.

        Raises:
            CannotCheckError: it is signed by nobody who is trusted.
        """
        origin = self.origins[-1][0]
        for note in notes:
            if note.partition(b"\n")[0] == origin.encode():
                self.remembered = held_checkpoint(note, self.keys, origin)

    def asks(self, size: int) -> bool:
        """Whether somebody holds, or the signer remembers, a checkpoint of this size."""
        known = self.remembered
        return (known is not None and known.size == size) or any(held.size == size for held in self.held)

    def check(self, row: Any) -> Checkpoint:
        """What a stored checkpoint commits to.

        Raises:
            DamageError: it is not signed by the log, or a column says something else than its note.
        """
        size, root, note, heads_root, heads_note, _made_at = row
        origin = self._origin_in(note, size)
        signed = self._placed(size, lambda: signed_checkpoint(note.encode(), self._named(origin), origin))
        heads = self._placed(
            size, lambda: signed_checkpoint(heads_note.encode(), self._named(origin), origin, about=HEADS)
        )
        if (signed.size, signed.root) != (size, root):
            raise DamageError("column-changed", f"{_at(size)}: its size or root is not the one in its note", size)
        if (heads.size, heads.root) != (size, heads_root):
            raise DamageError("column-changed", f"{_at(size)}: the root of the heads is not the one in its note", size)
        self.signed += 1
        self.newest = max(self.newest, size)
        return signed

    def _named(self, origin: str) -> list[VerifierKey]:
        """The keys, under the name that the log had: its keys stay when it is gone on with under another."""
        return [key for key in self.keys if key.type == LOG_KEY and key.name == origin]

    def _origin_in(self, note: str, size: int) -> str:
        origin = note.partition("\n")[0]
        if origin not in [name for name, _ in self.origins]:
            raise DamageError("edited", f"{_at(size)} is of another log", size)
        return origin

    @staticmethod
    def _placed(size: int, opened: Callable[[], Checkpoint]) -> Checkpoint:
        try:
            return opened()
        except DamageError as damage:
            raise DamageError(damage.kind, f"{_at(size)}: {damage.sentence}", size) from None

    def held_against(self, roots: Mapping[int, bytes], head: int) -> list[DamageError]:
        """What the auditor's checkpoints, and the one that the signer remembers, say of the log as it stands."""
        found = []
        known = [(held, "you hold") for held in self.held]
        if self.remembered is not None:
            known.append((self.remembered, "the signer remembers"))
        for held, whose in known:
            if held.size > head:
                sentence = f"{whose} a checkpoint of {held.size} events, and the log has only {head}"
                found.append(DamageError("truncated", sentence, head + 1))
            elif held.size in roots and roots[held.size] != held.root:
                sentence = f"the first {held.size} events are not those of the checkpoint that {whose}"
                found.append(DamageError("forked", sentence))
        return found


def _at(size: int) -> str:
    return f"the checkpoint at size {size} (proof.checkpoints)"


def no_keys(keys: list[VerifierKey]) -> None:
    """Pass where there is a key to check signatures with.

    Raises:
        CannotCheckError: there is none.
    """
    if not any(key.type == LOG_KEY for key in keys):
        raise CannotCheckError("there is no key of the log to check signatures with: give one with --key")
