"""Harm as reported, and the one scale on which rules compare it.

LFPSE codes run backwards (a lower number is worse) and psychological harm is offset by one: `3` is moderate physical
harm and low psychological harm. The code is stored as it was sent, with its list; rules use the level.
Source: LFPSE taxonomy v5 code systems (January 2023).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from domain.kernel.words import Code


class HarmKind(StrEnum):
    """The two scales of harm that the national taxonomy keeps apart."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"


class HarmLevel(IntEnum):
    """Harm on one scale, worst highest."""

    NONE = 0
    LOW = 1
    MODERATE = 2
    SEVERE = 3
    FATAL = 4


@dataclass(frozen=True, slots=True)
class Harm:
    """A harm code and the list it belongs to, stored as sent."""

    code: Code
    taxonomy: Code


_PHYSICAL = {
    "1": HarmLevel.FATAL,
    "2": HarmLevel.SEVERE,
    "3": HarmLevel.MODERATE,
    "4": HarmLevel.LOW,
    "5": HarmLevel.NONE,
}
_PSYCHOLOGICAL = {"1": HarmLevel.SEVERE, "2": HarmLevel.MODERATE, "3": HarmLevel.LOW, "4": HarmLevel.NONE}

LEVELS: Final = {
    (taxonomy, kind): codes
    for taxonomy in ("lfpse-5", "lfpse-6")
    for kind, codes in ((HarmKind.PHYSICAL, _PHYSICAL), (HarmKind.PSYCHOLOGICAL, _PSYCHOLOGICAL))
}
"""What each code of each list means."""


class HarmUnknownError(ValueError):
    """The code is not in the list it claims to come from, or the list is not known."""


def level_of(harm: Harm, kind: HarmKind) -> HarmLevel:
    """The level that a harm code stands for.

    Raises:
        HarmUnknownError: the list is not known, or has no such code.
    """
    codes = LEVELS.get((harm.taxonomy, kind))
    if codes is None:
        raise HarmUnknownError(f"the list {harm.taxonomy} of {kind} harm is not known")
    if harm.code not in codes:
        raise HarmUnknownError(f"{harm.taxonomy} has no {kind} harm {harm.code}")
    return codes[harm.code]


def is_fatal(harm: Harm) -> bool:
    """Whether a physical harm says that the patient has died, and that the incident may have contributed.

    Raises:
        HarmUnknownError: the list is not known, or has no such code.
    """
    return level_of(harm, HarmKind.PHYSICAL) is HarmLevel.FATAL


@dataclass(frozen=True, slots=True)
class PatientHarm:
    """One patient of an incident, by number, and the harm known so far (null: not yet known)."""

    sequence: int
    physical_harm: Harm | None
    psychological_harm: Harm | None

    def worst(self) -> HarmLevel | None:
        """The worse of the two known levels; None while neither is known."""
        known = [
            level_of(harm, kind)
            for harm, kind in (
                (self.physical_harm, HarmKind.PHYSICAL),
                (self.psychological_harm, HarmKind.PSYCHOLOGICAL),
            )
            if harm is not None
        ]
        return max(known, default=None)
