"""Working days in England: sums over plain days, which the service reads from a published calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from domain.kernel.words import Code

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
_NAME_LONGEST: Final = 80
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """What was proclaimed after a calendar was published: days made bank holidays, and days that ceased to be one."""

    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def __str__(self) -> str:
        days = [*((day, "") for day in self.holidays), *((day, "-") for day in self.working_days)]
        return ",".join(f"{sign}{day}" for day, sign in sorted(days))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank holidays of England as plain days; `version` names the calendar on every due date computed with it."""

    version: Code
    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether work is counted on this day: not a Saturday, a Sunday or a bank holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_working_days(self, start: date, count: int) -> date:
        """The day that is so many working days after `start`, which is itself day 0 whatever day it is."""
        day = start
        while count > 0:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def after(self, proclaimed: Proclaimed) -> "Calendar":
        """The calendar as it is once these days are proclaimed; its version names those that it did not know already.

        Where they are too many to be named, it names their digest.
        """
        new = Proclaimed(proclaimed.holidays - self.holidays, proclaimed.working_days & self.holidays)
        if new == Proclaimed():
            return self
        holidays = (self.holidays | new.holidays) - new.working_days
        plain = [*((day, "also") for day in new.holidays), *((day, "not") for day in new.working_days)]
        name = ":".join((self.version, *(f"{word}-{day}" for day, word in sorted(plain))))
        if len(name) > _NAME_LONGEST:
            name = f"{self.version}:proclaimed-{sha256(str(new).encode()).hexdigest()[:_DIGITS]}"
        return Calendar(Code(name), holidays)
