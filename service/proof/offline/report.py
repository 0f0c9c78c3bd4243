"""What a check found, line by line, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.proof.offline.damage import CannotCheckError, DamageError, first_of

HOLDS, DAMAGED, COULD_NOT_CHECK = 0, 1, 2
_NAMED_MAX = 20


class Report:
    """Lines that say what holds and what is only told; damage; questions that could not be answered."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.damages: list[DamageError] = []
        self.unanswered: list[str] = []

    def holds(self, sentence: str) -> None:
        """Something was checked and is as it should be."""
        self.lines.append(f"holds    {sentence}")

    def says(self, sentence: str) -> None:
        """Something to know, which is no check."""
        self.lines.append(f"         {sentence}")

    def warns(self, sentence: str) -> None:
        """Something that whoever relies on the answer must know."""
        self.lines.append(f"CAUTION  {sentence}")

    @contextmanager
    def part(self) -> Iterator[None]:
        """Go on after a part of the check, whatever it found."""
        try:
            yield
        except DamageError as damage:
            self.damages.append(damage)
        except CannotCheckError as unanswered:
            self.unanswered.append(str(unanswered))

    @property
    def code(self) -> int:
        """How the program ends: 0 holds, 1 damaged, 2 could not check."""
        if self.damages:
            return DAMAGED
        return COULD_NOT_CHECK if self.unanswered else HOLDS

    def text(self) -> str:
        """All of it, the verdict last."""
        told = [*self.lines, *(f"unknown  {each}" for each in self.unanswered)]
        told += [f"DAMAGED  {each}" for each in self.damages[:_NAMED_MAX]]
        if len(self.damages) > _NAMED_MAX:
            told.append(f"DAMAGED  and {len(self.damages) - _NAMED_MAX} more")
        return "".join(f"{line}\n" for line in [*told, "", self._verdict()])

    def _verdict(self) -> str:
        if self.damages:
            return f"DAMAGED: {first_of(self.damages)}"
        return "COULD NOT CHECK everything: see above" if self.unanswered else "EVERYTHING HOLDS"
