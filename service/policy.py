"""The policy that this build carries: edition files as shipped, and England's bank holidays, read for the domain."""

from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

import holidays

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition

_FIRST_YEAR: Final = 2012
_LAST_YEAR: Final = 2035
_ENDING: Final = ".toml"


@cache
def read_policy() -> Policy:
    """Every edition of this build, by name, with the calendar.

    Raises:
        EditionMalformedError: a shipped edition cannot be used; nothing may start with it.
    """
    folder = files("domain.policy").joinpath("editions")
    shipped = sorted((file for file in folder.iterdir() if file.name.endswith(_ENDING)), key=lambda file: file.name)
    editions = tuple(parse_edition(file.name.removesuffix(_ENDING), file.read_bytes()) for file in shipped)
    return Policy(editions=editions, calendar=read_calendar())


def read_calendar() -> Calendar:
    """England's bank holidays; the version names the library's release and the years that are covered."""
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(_FIRST_YEAR, _LAST_YEAR + 1))
    name = f"holidays-{version('holidays')}:england:{_FIRST_YEAR}-{_LAST_YEAR}"
    return Calendar(version=Code(name), holidays=frozenset(day for day in england if isinstance(day, date)))
