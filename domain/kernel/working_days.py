"""Working days in England: sums over plain days, which the service reads from a published calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.kernel.words import Code

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


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
