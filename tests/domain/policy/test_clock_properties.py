"""What holds of every due time: working days, order, and pauses."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar, Proclaimed
from domain.policy.clocks import Pause, due_at, end_of_day, local_day
from domain.policy.edition import Unit
from service.policy import read_calendar

ENGLAND = read_calendar()
FIRST = datetime(2015, 1, 1, tzinfo=UTC)
STARTS = st.timedeltas(timedelta(0), timedelta(days=5600)).map(lambda later: FIRST + later)
UNITS = st.sampled_from([unit for unit in Unit if unit is not Unit.WITHOUT_NUMBER])
LENGTHS = st.integers(1, 80)


@st.composite
def finished_pauses(draw: st.DrawFn) -> Pause:
    begins = draw(STARTS)
    return Pause(begins, begins + timedelta(minutes=draw(st.integers(1, 60 * 24 * 90))))


LATER = st.timedeltas(timedelta(0), timedelta(days=400))
PAUSES = st.lists(finished_pauses(), max_size=4)


def due(unit: Unit, length: int, started_at: datetime, *pauses: Pause, calendar: Calendar = ENGLAND) -> datetime:
    answer = due_at(unit, length, started_at=started_at, calendar=calendar, pauses=pauses)
    assert answer is not None
    return answer


@given(STARTS, LENGTHS, PAUSES)
def test_working_day_limits_never_end_on_a_day_off_nor_inside_a_pause(
    start: datetime, length: int, pauses: list[Pause]
) -> None:
    end = due(Unit.WORKING_DAYS, length, start, *pauses)
    assert ENGLAND.is_working_day(local_day(end))
    assert end == end_of_day(local_day(end))
    assert not any(pause.holds(end) for pause in pauses)


@given(UNITS, LENGTHS, STARTS, LATER)
def test_a_later_start_is_never_due_earlier(unit: Unit, length: int, start: datetime, later: timedelta) -> None:
    assert due(unit, length, start) <= due(unit, length, start + later)


@given(st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.HOURS]), LENGTHS, STARTS, LATER, PAUSES)
def test_a_later_start_is_never_due_earlier_around_pauses(
    unit: Unit, length: int, start: datetime, later: timedelta, pauses: list[Pause]
) -> None:
    """Not so for months: of two starts clamped to one day, the earlier may have a paused day more."""
    assert due(unit, length, start, *pauses) <= due(unit, length, start + later, *pauses)


@given(UNITS, LENGTHS, STARTS)
def test_a_longer_limit_is_due_later(unit: Unit, length: int, start: datetime) -> None:
    assert due(unit, length, start) < due(unit, length + 1, start)


@given(STARTS, st.integers(2, 60), st.integers(1, 30), st.data())
def test_pausing_n_working_days_moves_the_due_day_by_n_working_days(
    start: datetime, length: int, paused: int, data: st.DataObject
) -> None:
    first = ENGLAND.add_working_days(local_day(start), data.draw(st.integers(1, length)))
    last = ENGLAND.add_working_days(first, paused - 1)
    pause = Pause(end_of_day(first) - timedelta(hours=1), end_of_day(last) + timedelta(minutes=1))
    plain = local_day(due(Unit.WORKING_DAYS, length, start))
    assert local_day(due(Unit.WORKING_DAYS, length, start, pause)) == ENGLAND.add_working_days(plain, paused)


@given(UNITS, LENGTHS, STARTS, PAUSES)
def test_pauses_never_bring_a_due_time_forward_and_their_order_says_nothing(
    unit: Unit, length: int, start: datetime, pauses: list[Pause]
) -> None:
    moved = due(unit, length, start, *pauses)
    assert moved >= due(unit, length, start)
    assert moved == due(unit, length, start, *reversed(pauses))


@given(st.integers(1, 500), STARTS, PAUSES)
def test_hours_between_start_and_due_outside_pauses_are_exactly_the_limit(
    length: int, start: datetime, pauses: list[Pause]
) -> None:
    end = due(Unit.HOURS, length, start, *pauses)
    edges = sorted({start, end, *(edge for pause in pauses for edge in (pause.from_at, pause.until_at or end))})
    inside = [(a, b) for a, b in pairwise(edges) if start <= a and b <= end]
    running = sum((b - a for a, b in inside if not any(pause.holds(a) for pause in pauses)), timedelta())
    assert running == timedelta(hours=length)


@given(LENGTHS, STARTS)
def test_day_limits_count_exactly_the_working_days_after_the_start(length: int, start: datetime) -> None:
    day, last = local_day(start), local_day(due(Unit.WORKING_DAYS, length, start))
    days = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
    assert sum(ENGLAND.is_working_day(each) for each in days) == length


@given(LENGTHS, STARTS, PAUSES)
def test_working_days_outside_pauses_between_start_and_due_are_exactly_the_limit(
    length: int, start: datetime, pauses: list[Pause]
) -> None:
    day, last = local_day(start), local_day(due(Unit.WORKING_DAYS, length, start, *pauses))
    days = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
    paused = [each for each in days if any(pause.holds(end_of_day(each)) for pause in pauses)]
    assert sum(ENGLAND.is_working_day(each) for each in days if each not in paused) == length


@given(st.sampled_from([Unit.CALENDAR_DAYS, Unit.MONTHS]), st.integers(1, 60), STARTS, st.integers(1, 30), st.data())
def test_pausing_n_days_moves_a_limit_in_days_or_months_by_n_days(
    unit: Unit, length: int, start: datetime, paused: int, data: st.DataObject
) -> None:
    last = local_day(due(unit, length, start))
    first = local_day(start) + timedelta(days=data.draw(st.integers(1, (last - local_day(start)).days)))
    before = end_of_day(first - timedelta(days=1))
    pause = Pause(before + timedelta(minutes=1), end_of_day(first + timedelta(days=paused - 1)) + timedelta(minutes=1))
    assert due(unit, length, start, pause) == end_of_day(last + timedelta(days=paused))


@given(STARTS, st.integers(1, 500), st.timedeltas(timedelta(minutes=1), timedelta(days=60)), st.data())
def test_a_pause_moves_a_limit_in_hours_by_its_length(
    start: datetime, length: int, paused: timedelta, data: st.DataObject
) -> None:
    begins = start + data.draw(st.timedeltas(timedelta(0), timedelta(hours=length) - timedelta(microseconds=1)))
    plain = due(Unit.HOURS, length, start)
    assert due(Unit.HOURS, length, start, Pause(begins, begins + paused)) == plain + paused


@given(st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS]), LENGTHS, STARTS, PAUSES)
def test_limits_in_days_and_months_end_with_a_day_in_london_whatever_the_clocks_do(
    unit: Unit, length: int, start: datetime, pauses: list[Pause]
) -> None:
    end = due(unit, length, start, *pauses)
    assert end == end_of_day(local_day(end))
    assert local_day(end + timedelta(microseconds=1)) == local_day(end) + timedelta(days=1)


DAYS = st.dates(date(2015, 1, 1), date(2031, 12, 31))


@given(st.sampled_from(list(Unit)[:4]), LENGTHS, STARTS, PAUSES, st.frozensets(DAYS, max_size=5))
def test_more_holidays_never_make_anything_due_earlier(
    unit: Unit, length: int, start: datetime, pauses: list[Pause], more: frozenset[date]
) -> None:
    proclaimed = ENGLAND.after(Proclaimed(more))
    plain, later = due(unit, length, start, *pauses), due(unit, length, start, *pauses, calendar=proclaimed)
    assert later >= plain
    if unit is not Unit.WORKING_DAYS:
        assert later == plain


@given(LENGTHS, STARTS, st.data())
def test_one_more_holiday_moves_a_limit_by_one_working_day_where_it_falls_in_its_span_and_else_not_at_all(
    length: int, start: datetime, data: st.DataObject
) -> None:
    first, last = local_day(start), local_day(due(Unit.WORKING_DAYS, length, start))
    near = st.dates(first - timedelta(days=7), last + timedelta(days=7))
    day = data.draw(near.filter(ENGLAND.is_working_day))
    moved = local_day(due(Unit.WORKING_DAYS, length, start, calendar=ENGLAND.after(Proclaimed(frozenset({day})))))
    assert moved == (ENGLAND.add_working_days(last, 1) if first < day <= last else last)


@given(LENGTHS, STARTS, st.frozensets(DAYS, max_size=5), st.frozensets(DAYS, max_size=5))
def test_by_any_proclamation_what_is_counted_in_working_days_ends_on_one(
    length: int, start: datetime, more: frozenset[date], fewer: frozenset[date]
) -> None:
    bank_holidays = frozenset(ENGLAND.holidays & fewer) | frozenset(sorted(ENGLAND.holidays)[-20:-15])
    calendar = ENGLAND.after(Proclaimed(more - bank_holidays, bank_holidays))
    assert calendar.is_working_day(local_day(due(Unit.WORKING_DAYS, length, start, calendar=calendar)))


@given(st.frozensets(DAYS, max_size=8), st.frozensets(DAYS, max_size=8))
def test_a_calendar_is_named_after_what_it_holds(some: frozenset[date], others: frozenset[date]) -> None:
    """The same days, the same name; other days, another name, which is always short enough to be a code."""
    plain = Calendar(Code("plain"), frozenset())
    one, other = plain.after(Proclaimed(some)), plain.after(Proclaimed(others))
    assert (one.version == other.version) == (one.holidays == other.holidays)
    assert len(one.version) <= 80
    assert set(one.version) <= set("abcdefghijklmnopqrstuvwxyz0123456789:-")
