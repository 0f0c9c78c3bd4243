"""When a duty is due: day counting in Europe/London, working days, months, elapsed hours, and pauses."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.kernel.working_days import Calendar
from domain.policy.edition import Unit

_LONDON: Final = ZoneInfo("Europe/London")
_ONE_DAY: Final = timedelta(days=1)
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a clock stands still, from its first instant up to its last; until None: it still does."""

    from_at: datetime
    until_at: datetime | None

    def holds(self, instant: datetime) -> bool:
        """Whether the clock stands still at this instant."""
        return self.from_at <= instant and (self.until_at is None or instant < self.until_at)


def local_day(instant: datetime) -> date:
    """The calendar day in Europe/London on which an instant falls."""
    return instant.astimezone(_LONDON).date()


def end_of_day(day: date) -> datetime:
    """The last instant of a Europe/London day, in UTC."""
    return datetime.combine(day, time.max, tzinfo=_LONDON).astimezone(UTC)


def due_at(
    unit: Unit, length: int | None, *, started_at: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The last instant, in UTC, at which a duty is met in time; None without a number, or while a pause holds it open.

    The day of the start is day 0, and a limit in days or months ends with its last day, local time; a day does not
    count when its last instant lies inside a pause. Hours are elapsed time outside pauses. Months are calendar months,
    clamped to the month's end, moved on by the days that do not count. A pause that begins after the duty was due
    changes nothing.
    """
    if length is None or unit is Unit.WITHOUT_NUMBER:
        return None
    start = local_day(started_at)
    match unit:
        case Unit.HOURS:
            plain = started_at.astimezone(UTC) + timedelta(hours=length)
        case Unit.WORKING_DAYS:
            plain = end_of_day(calendar.add_working_days(start, length))
        case Unit.CALENDAR_DAYS:
            plain = end_of_day(start + timedelta(days=length))
        case Unit.MONTHS:
            plain = end_of_day(_months_later(start, length))
    return moved_on(unit, plain, since=started_at, calendar=calendar, pauses=pauses)


def moved_on(
    unit: Unit, due: datetime, *, since: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> datetime | None:
    """A due time, computed or agreed at `since`, moved on by what pauses have taken from the time up to it.

    None while a pause holds it open; unchanged where pauses took nothing, even if it was agreed for a day off.
    """
    if unit is Unit.HOURS:
        return _hours_moved_on(due, since, pauses=pauses)
    is_counted = calendar.is_working_day if unit is Unit.WORKING_DAYS else _every_day
    day, last = local_day(since), local_day(due)
    taken = 0
    while day < last or taken > 0:
        day += _ONE_DAY
        holding = [pause for pause in pauses if pause.holds(due if day == last else end_of_day(day))]
        if any(pause.until_at is None for pause in holding):
            return None
        if is_counted(day):
            # Up to the due day, a day inside a pause is one to be made good; after it, each day outside one makes good.
            taken += bool(holding) if day <= last else -(not holding)
    return due if day == last else end_of_day(day)


def _every_day(_: date) -> bool:
    return True


def _months_later(start: date, count: int) -> date:
    years, month = divmod(start.month - 1 + count, _MONTHS_A_YEAR)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _hours_moved_on(due: datetime, since: datetime, *, pauses: Iterable[Pause]) -> datetime | None:
    paused_until = since
    for pause in sorted(pauses, key=lambda each: each.from_at):
        begins = max(pause.from_at, paused_until)
        if begins >= due:
            break
        if pause.until_at is None:
            return None
        if pause.until_at > begins:
            due += pause.until_at - begins
            paused_until = pause.until_at
    return due
