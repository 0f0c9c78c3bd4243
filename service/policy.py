"""The policy that this build carries: edition files as shipped, and England's bank holidays, read for the domain."""

from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

import holidays

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar, Proclaimed
from domain.policy.edition import Edition
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from service.settings import CALENDAR_YEARS

_ENDING: Final = ".toml"


@cache
def read_policy(proclaimed: Proclaimed | None = None) -> Policy:
    """Every edition of this build, by name, with the calendar as it is once what was proclaimed is added to it.

    Raises:
        EditionMalformedError: a shipped edition cannot be used; nothing may start with it.
    """
    return Policy(editions=_read_editions(), calendar=read_calendar(proclaimed))


@cache
def _read_editions() -> tuple[Edition, ...]:
    folder = files("domain.policy").joinpath("editions")
    shipped = sorted((file for file in folder.iterdir() if file.name.endswith(_ENDING)), key=lambda file: file.name)
    return tuple(parse_edition(file.name.removesuffix(_ENDING), file.read_bytes()) for file in shipped)


def read_calendar(proclaimed: Proclaimed | None = None) -> Calendar:
    """England's bank holidays: those of the library, and what was proclaimed that it does not know yet.

    The version names the library's release, the years that are covered, and what was added to it.
    """
    england = holidays.country_holidays("GB", subdiv="ENG", years=CALENDAR_YEARS)
    name = f"holidays-{version('holidays')}:england:{CALENDAR_YEARS[0]}-{CALENDAR_YEARS[-1]}"
    published = Calendar(version=Code(name), holidays=frozenset(day for day in england if isinstance(day, date)))
    return published.after(proclaimed or Proclaimed())
