"""How moments, spans, codes and facts of an answer read in the story."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

_ABBREVIATIONS: Final = {"cqc": "CQC", "mnsi": "MNSI", "psii": "PSII"}

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


def plain(code: str) -> str:
    """A code as words."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in code.split("_"))


def moment(text: str) -> str:
    """An instant by the clock on the wall."""
    return f"{datetime.fromisoformat(text).astimezone(LONDON):%a %d %b %Y %H:%M}"


def day(text: str) -> str:
    """The day of an instant."""
    return f"{datetime.fromisoformat(text).astimezone(LONDON):%a %d %b %Y}"


def span(seconds: int) -> str:
    """So many seconds in days, hours and minutes; what is less than a minute is told in seconds."""
    days, rest = divmod(timedelta(seconds=seconds), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (rest.seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "no time"


def fact(known: Mapping[str, Any]) -> str:
    """A fact with its value, as an explanation names it."""
    return f"{fact_name(known)}: {_value(known['value'])}"


def fact_name(named: Mapping[str, Any]) -> str:
    """A fact without its value."""
    patient = named.get("patient")
    return plain(named["fact"]) + (f" of patient {patient}" if patient else "")


def listed(items: Iterable[str]) -> str:
    """Items one after another; none of them is worth a word too."""
    return ", ".join(items) or "none"


def _value(value: Any) -> str:
    match value:
        case True | False:
            return "yes" if value else "no"
        case {"code": code, "taxonomy": taxonomy}:
            return f"code {code} of {taxonomy}"
        case _:
            return plain(str(value))
