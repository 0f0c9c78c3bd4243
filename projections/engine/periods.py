"""The periods that boards report in: NHS financial years (April to March) and their quarters, by the day in London."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_LONDON: Final = ZoneInfo("Europe/London")
_APRIL: Final = 4


def financial_year(at: datetime) -> str:
    """The financial year of an instant: `2026/27` from 1 April 2026."""
    local = at.astimezone(_LONDON)
    first = local.year if local.month >= _APRIL else local.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def quarter(at: datetime) -> str:
    """The quarter of the financial year: `Q1` is April to June."""
    return f"Q{(at.astimezone(_LONDON).month - _APRIL) % 12 // 3 + 1}"
