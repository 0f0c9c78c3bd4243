"""What a verifier finds: damage, by kind and position, or a reason why it could not tell."""

from __future__ import annotations

KINDS = (
    "edited",
    "missing",
    "inserted",
    "reordered",
    "renumbered",
    "truncated",
    "forked",
    "forged-proof",
    "forged-signature",
    "withheld-tail",
    "payload-changed",
    "column-changed",
    "stray-row",
    "not-consistent",
)


class DamageError(Exception):
    """Something is not what the log committed to; `position` is None where no one event is meant."""

    def __init__(self, kind: str, sentence: str, position: int | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.position = position

    def __str__(self) -> str:
        place = "" if self.position is None else f"position {self.position}: "
        return f"{place}{self.kind}: {self.sentence}"


class CannotCheckError(Exception):
    """The question cannot be answered with what is at hand: neither good nor damaged."""


def first_of(damages: list[DamageError]) -> DamageError:
    """The damage to be named first: the lowest position, else what was found first."""
    placed = [each for each in damages if each.position is not None]
    return min(placed, key=lambda each: each.position or 0) if placed else damages[0]
