"""The first digest of a day."""

from datetime import date

import pytest

from domain.access_log.commands.begin_access_day import BeginAccessDay, begin_access_day
from domain.access_log.events import AccessDayBegun, AccessLogDigested
from domain.access_log.stretch import LogStretch, StretchEmpty
from domain.kernel.streams import access_day_stream
from domain.kernel.words import Digest
from tests.support.decisions import given

DAY = date(2026, 3, 3)
DIGEST = Digest("a" * 64)


def test_a_day_begins_with_a_digest_in_a_stream_of_its_own() -> None:
    command = BeginAccessDay(day=DAY, stretch=LogStretch(from_number=41, to_number=43, digest=DIGEST))

    outcome = given().when(begin_access_day, command)

    outcome.then(AccessDayBegun, AccessLogDigested, from_number=41, to_number=43, records=3, digest=DIGEST)
    assert outcome.events[0].day == DAY  # type: ignore[union-attr]  # the first of the two
    assert {event.originator_id for event in outcome.events} == {access_day_stream(DAY)}
    assert access_day_stream(DAY) != access_day_stream(date(2026, 3, 4))


@pytest.mark.parametrize(("begins", "ends"), [(0, 4), (5, 4)])
def test_nothing_is_not_committed_to(begins: int, ends: int) -> None:
    command = BeginAccessDay(day=DAY, stretch=LogStretch(from_number=begins, to_number=ends, digest=DIGEST))

    given().when(begin_access_day, command).then_refused(StretchEmpty)
