"""How sentences write days, instants, codes and counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

NAMES: Final = {
    "cqc": "the CQC",
    "commissioner": "the commissioner",
    "coroner": "the coroner",
    "hse": "the HSE",
    "icb": "the ICB",
    "lfpse": "LFPSE",
    "mnsi": "MNSI",
    "nhs_england": "NHS England",
    "nrls": "NRLS",
    "police": "the police",
    "psii": "patient safety incident investigation",
    "mdt_review": "multidisciplinary team review",
    "steis": "StEIS",
    "cqc_notification": "CQC notification",
    "email": "e-mail",
}
"""Codes that are not simply their words with spaces."""


def day(on: date) -> str:
    """3 March 2026."""
    return f"{on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """3 March 2026 at 14:05, by the clock in London."""
    local = at.astimezone(LONDON)
    return f"{day(local)} at {local:%H:%M}"


def words(code: str) -> str:
    """A code as people say it."""
    return NAMES.get(code, code.replace("_", " ").replace("-", " "))


def by_channel(channel: str) -> str:
    """By telephone, in person."""
    return "in person" if channel == "in_person" else f"by {words(channel)}"


def listed(items: Sequence[str]) -> str:
    """One, two and three."""
    if len(items) < 2:  # noqa: PLR2004 - one item, or none, needs no "and"
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 finding, 2 findings."""
    return f"{number} {one if number == 1 else many or one + 's'}"
