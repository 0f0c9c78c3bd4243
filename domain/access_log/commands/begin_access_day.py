"""Commit to what was read since the last digest, as the first digest of a day."""

from dataclasses import dataclass
from datetime import date

from domain.access_log.events import AccessDayBegun, AccessLogDigested
from domain.access_log.state import AccessDay
from domain.access_log.stretch import LogStretch, check_stretch
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, begin, first, record
from domain.kernel.streams import access_day_stream


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginAccessDay:
    """Let this stretch be the first of this day."""

    day: date
    stretch: LogStretch


def begin_access_day(command: BeginAccessDay, stamp: Stamp) -> AccessDay:
    """Begin the day and record its first digest.

    Raises:
        StretchEmpty: there is nothing to commit to.
    """
    stretch = command.stretch
    check_stretch(stretch, after=None)
    stream = access_day_stream(command.day)
    day = begin(AccessDay, AccessDayBegun(**first(AccessDay, stream, stamp), day=command.day))
    digested = AccessLogDigested(
        **after(day, stamp),
        from_number=stretch.from_number,
        to_number=stretch.to_number,
        records=stretch.records,
        digest=stretch.digest,
    )
    record(day, digested)
    return day
