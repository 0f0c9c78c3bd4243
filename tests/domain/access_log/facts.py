"""Facts about one day of the access log."""

from datetime import date
from typing import Final

from domain.access_log.events import AccessDayBegun, AccessLogDigested
from domain.access_log.state import AccessDay
from domain.kernel.envelope import first
from domain.kernel.streams import access_day_stream
from domain.kernel.words import Digest
from tests.support.decisions import a_stamp

DAY: Final = date(2026, 3, 2)


def begun() -> AccessDayBegun:
    return AccessDayBegun(**first(AccessDay, access_day_stream(DAY), a_stamp()), day=DAY)


def digested(*, begins: int = 1, ends: int = 40) -> AccessLogDigested:
    return AccessLogDigested(
        originator_id=access_day_stream(DAY),
        originator_version=2,
        timestamp=a_stamp().at,
        from_number=begins,
        to_number=ends,
        records=ends - begins + 1,
        digest=Digest("a" * 64),
    )
