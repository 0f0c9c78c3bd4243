"""Due dates with known answers: weekends, bank holidays, clock changes, leap days, hours, months and pauses."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.policy.clocks import Pause, due_at, end_of_day, local_day, moved_on
from domain.policy.edition import Unit
from service.policy import read_calendar

ENGLAND = read_calendar()
LONDON = ZoneInfo("Europe/London")
WD, CD, H, M, ASAP = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.HOURS, Unit.MONTHS, Unit.WITHOUT_NUMBER


def london(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON).astimezone(UTC)


def due_day(unit: Unit, length: int, start: datetime, *pauses: Pause) -> str:
    due = due_at(unit, length, started_at=start, calendar=ENGLAND, pauses=pauses)
    assert due is not None
    assert due == end_of_day(local_day(due)), "a limit in days or months ends with its day"
    return local_day(due).isoformat()


def test_the_worked_example_of_christmas_2026_is_due_at_the_last_instant_of_30_december() -> None:
    due = due_at(WD, 2, started_at=london("2026-12-24", "15:00"), calendar=ENGLAND)
    assert due == datetime(2026, 12, 30, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        pytest.param("2026-03-02", 2, "2026-03-04", id="plain Monday"),
        pytest.param("2026-03-06", 2, "2026-03-10", id="over a weekend"),
        pytest.param("2026-03-07", 1, "2026-03-09", id="Saturday is day 0"),
        pytest.param("2015-04-02", 2, "2015-04-08", id="Easter 2015"),
        pytest.param("2019-04-18", 2, "2019-04-24", id="Easter 2019"),
        pytest.param("2024-03-28", 2, "2024-04-03", id="Easter 2024, in March"),
        pytest.param("2025-04-17", 2, "2025-04-23", id="Easter 2025"),
        pytest.param("2026-04-02", 2, "2026-04-08", id="Easter 2026"),
        pytest.param("2026-04-03", 1, "2026-04-07", id="Good Friday 2026 is day 0"),
        pytest.param("2026-04-06", 1, "2026-04-07", id="Easter Monday 2026 is day 0"),
        pytest.param("2026-03-31", 10, "2026-04-16", id="ten working days around Easter 2026"),
        pytest.param("2028-04-13", 2, "2028-04-19", id="Easter 2028"),
        pytest.param("2015-12-24", 2, "2015-12-30", id="Boxing Day 2015 on a Saturday"),
        pytest.param("2016-12-23", 2, "2016-12-29", id="Christmas Day 2016 on a Sunday"),
        pytest.param("2021-12-24", 2, "2021-12-30", id="Christmas 2021 on a weekend"),
        pytest.param("2022-12-23", 1, "2022-12-28", id="Christmas Day 2022 on a Sunday"),
        pytest.param("2026-12-24", 1, "2026-12-29", id="28 December 2026 stands for Boxing Day"),
        pytest.param("2026-12-25", 1, "2026-12-29", id="Christmas Day 2026 is day 0"),
        pytest.param("2026-12-24", 4, "2027-01-04", id="over Christmas 2026 and the New Year"),
        pytest.param("2027-12-24", 1, "2027-12-29", id="27 and 28 December 2027 stand for both days"),
        pytest.param("2027-12-27", 1, "2027-12-29", id="a substitute day is day 0"),
        pytest.param("2027-12-24", 2, "2027-12-30", id="Christmas 2027 on a weekend"),
        pytest.param("2027-12-31", 1, "2028-01-04", id="New Year 2028 on a Saturday"),
        pytest.param("2020-05-07", 1, "2020-05-11", id="VE Day moved to Friday 8 May 2020"),
        pytest.param("2020-05-01", 1, "2020-05-04", id="Monday 4 May 2020 is a working day"),
        pytest.param("2020-05-01", 5, "2020-05-11", id="the first week of May 2020 has four working days"),
        pytest.param("2020-05-08", 1, "2020-05-11", id="8 May 2020 is day 0"),
        pytest.param("2022-06-01", 2, "2022-06-07", id="jubilee 2 and 3 June 2022"),
        pytest.param("2022-06-02", 1, "2022-06-06", id="2 June 2022 is day 0"),
        pytest.param("2022-05-27", 5, "2022-06-07", id="the week of the jubilee has three working days"),
        pytest.param("2022-05-27", 1, "2022-05-30", id="Monday 30 May 2022 is a working day"),
        pytest.param("2022-09-16", 1, "2022-09-20", id="state funeral 19 September 2022"),
        pytest.param("2022-09-09", 10, "2022-09-26", id="ten working days around the state funeral"),
        pytest.param("2022-05-30", 80, "2022-09-23", id="eighty working days over jubilee, August and funeral"),
        pytest.param("2023-05-05", 1, "2023-05-09", id="coronation 8 May 2023"),
        pytest.param("2023-05-08", 1, "2023-05-09", id="8 May 2023 is day 0"),
        pytest.param("2023-04-28", 5, "2023-05-09", id="two bank holidays in May 2023"),
        pytest.param("2029-03-29", 2, "2029-04-04", id="Easter 2029, after the published list"),
        pytest.param("2024-02-28", 1, "2024-02-29", id="leap day is a working day"),
        pytest.param("2028-02-28", 2, "2028-03-01", id="over the leap day of 2028"),
        pytest.param("2028-02-29", 1, "2028-03-01", id="from the leap day of 2028"),
        pytest.param("2026-01-05", 60, "2026-03-30", id="sixty working days"),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start: str, length: int, due: str) -> None:
    assert due_day(WD, length, london(start)) == due


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-12-24", 20, "2027-01-13"),
        ("2024-02-20", 20, "2024-03-11"),
        ("2025-02-20", 20, "2025-03-12"),
        ("2028-02-28", 1, "2028-02-29"),
        ("2026-03-28", 1, "2026-03-29"),
        ("2026-10-24", 1, "2026-10-25"),
    ],
)
def test_calendar_days_count_every_day(start: str, length: int, due: str) -> None:
    assert due_day(CD, length, london(start)) == due


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-01-15", 6, "2026-07-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2028-02-29", 1, "2028-03-29"),
        ("2028-02-29", 6, "2028-08-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-08-29", 6, "2028-02-29"),
        ("2028-08-31", 6, "2029-02-28"),
        ("2026-02-25", 8, "2026-10-25"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-25", 1, "2026-12-25"),
    ],
)
def test_months_are_calendar_months_clamped_to_the_months_end(start: str, months: int, due: str) -> None:
    assert due_day(M, months, london(start)) == due


def test_hours_are_elapsed_hours_through_both_clock_changes() -> None:
    spring = due_at(H, 72, started_at=london("2026-03-27", "12:00"), calendar=ENGLAND)
    autumn = due_at(H, 72, started_at=london("2026-10-23", "12:00"), calendar=ENGLAND)
    assert spring == london("2026-03-30", "13:00")
    assert autumn == london("2026-10-26", "11:00")


def test_a_day_ends_at_local_midnight_on_each_side_of_a_clock_change() -> None:
    assert end_of_day(date(2026, 3, 28)) == datetime(2026, 3, 28, 23, 59, 59, 999999, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 29)) == datetime(2026, 3, 29, 22, 59, 59, 999999, tzinfo=UTC)
    assert end_of_day(date(2026, 10, 24)) == datetime(2026, 10, 24, 22, 59, 59, 999999, tzinfo=UTC)
    assert end_of_day(date(2026, 10, 25)) == datetime(2026, 10, 25, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize("year", [2015, 2019, 2020, 2024, 2026, 2027, 2028, 2030, 2035])
def test_the_last_sundays_of_march_and_october_have_23_and_25_hours(year: int) -> None:
    for month, hours in ((3, 23), (10, 25)):
        sunday = max(day for day in range(25, 32) if date(year, month, day).weekday() == 6)
        length = end_of_day(date(year, month, sunday)) - end_of_day(date(year, month, sunday - 1))
        assert length == timedelta(hours=hours)
        friday = london(f"{year}-{month:02}-{sunday - 2}", "23:59")
        assert due_day(CD, 2, friday) == f"{year}-{month:02}-{sunday}"


def test_a_limit_in_working_days_over_a_clock_change_ends_at_the_end_of_its_local_day() -> None:
    spring = due_at(WD, 1, started_at=london("2026-03-27", "12:00"), calendar=ENGLAND)
    autumn = due_at(WD, 1, started_at=london("2026-10-23", "12:00"), calendar=ENGLAND)
    assert spring == datetime(2026, 3, 30, 22, 59, 59, 999999, tzinfo=UTC)
    assert autumn == datetime(2026, 10, 26, 23, 59, 59, 999999, tzinfo=UTC)


def test_the_hour_that_comes_twice_in_october_is_counted_twice() -> None:
    """Half past one in summer time, and again an hour later in winter time."""
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert first.astimezone(LONDON).replace(tzinfo=None) == second.astimezone(LONDON).replace(tzinfo=None)
    assert due_at(H, 72, started_at=first, calendar=ENGLAND) == datetime(2026, 10, 28, 0, 30, tzinfo=UTC)
    assert due_at(H, 72, started_at=second, calendar=ENGLAND) == datetime(2026, 10, 28, 1, 30, tzinfo=UTC)
    assert due_at(H, 2, started_at=first, calendar=ENGLAND) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_pause_over_a_clock_change_moves_hours_by_what_has_elapsed_and_days_by_days() -> None:
    """From Saturday noon to Monday noon: 47 hours in March, 49 in October."""
    for month, saturday, hours in ((3, 28, 47), (10, 24, 49)):
        start = london(f"2026-{month:02}-{saturday - 1}")
        pause = Pause(
            london(f"2026-{month:02}-{saturday}", "12:00"), london(f"2026-{month:02}-{saturday + 2:02}", "12:00")
        )
        assert pause.until_at is not None
        assert pause.until_at - pause.from_at == timedelta(hours=hours)
        moved = due_at(H, 72, started_at=start, calendar=ENGLAND, pauses=[pause])
        assert moved == start + timedelta(hours=72 + hours)
        plain, paused = due_day(CD, 3, start), due_day(CD, 3, start, pause)
        assert date.fromisoformat(paused) == date.fromisoformat(plain) + timedelta(days=2)


def test_the_day_of_the_start_is_the_day_in_london_and_not_in_utc() -> None:
    just_after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert due_day(CD, 1, just_after_midnight) == "2026-07-03"
    assert due_day(CD, 1, datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2026-07-02"


def test_a_start_told_in_another_offset_is_the_same_instant() -> None:
    elsewhere = datetime.fromisoformat("2026-07-02T08:30:00+09:00")
    assert due_day(WD, 1, elsewhere) == "2026-07-03"
    assert due_at(H, 1, started_at=elsewhere, calendar=ENGLAND) == datetime(2026, 7, 2, 0, 30, tzinfo=UTC)


def test_without_delay_is_never_given_a_due_time() -> None:
    assert due_at(ASAP, None, started_at=london("2026-03-02"), calendar=ENGLAND) is None


def test_a_day_does_not_count_when_its_last_instant_lies_inside_a_pause() -> None:
    start = london("2026-03-02")
    within_the_day = Pause(london("2026-03-03", "09:00"), london("2026-03-03", "17:00"))
    over_midnight = Pause(london("2026-03-03", "23:59"), london("2026-03-04", "00:00"))
    assert due_day(WD, 2, start, within_the_day) == "2026-03-04"
    assert due_day(WD, 2, start, over_midnight) == "2026-03-05"


def test_a_pause_that_still_runs_leaves_the_due_time_open() -> None:
    pause = Pause(london("2026-03-03"), None)
    assert due_at(WD, 2, started_at=london("2026-03-02"), calendar=ENGLAND, pauses=[pause]) is None
    assert due_at(M, 1, started_at=london("2026-03-02"), calendar=ENGLAND, pauses=[pause]) is None
    assert due_at(H, 72, started_at=london("2026-03-02"), calendar=ENGLAND, pauses=[pause]) is None


@pytest.mark.parametrize(("unit", "length"), [(WD, 2), (CD, 2), (H, 48)])
def test_a_pause_that_begins_after_the_due_time_changes_nothing(unit: Unit, length: int) -> None:
    start = london("2026-03-02")
    plain = due_at(unit, length, started_at=start, calendar=ENGLAND)
    late = Pause(london("2026-03-05"), None)
    assert due_at(unit, length, started_at=start, calendar=ENGLAND, pauses=[late]) == plain


def test_months_move_on_by_the_days_that_do_not_count() -> None:
    ten_days = Pause(london("2026-02-01", "12:00"), london("2026-02-11", "12:00"))
    assert due_day(M, 6, london("2026-01-15"), ten_days) == "2026-07-25"


def test_months_move_on_over_a_pause_that_lies_where_they_were_moved_to() -> None:
    first = Pause(london("2026-02-01", "12:00"), london("2026-02-03", "12:00"))
    second = Pause(london("2026-02-16", "12:00"), london("2026-02-18", "12:00"))
    assert due_day(M, 1, london("2026-01-15"), first, second) == "2026-02-19"


def test_hours_leave_out_paused_time_and_count_overlapping_pauses_once() -> None:
    start = london("2026-03-02", "09:00")
    pauses = [
        Pause(london("2026-03-02", "12:00"), london("2026-03-02", "16:00")),
        Pause(london("2026-03-02", "10:00"), london("2026-03-02", "13:00")),
        Pause(london("2026-03-01", "09:00"), london("2026-03-01", "18:00")),
    ]
    assert due_at(H, 24, started_at=start, calendar=ENGLAND, pauses=pauses) == london("2026-03-03", "15:00")


def test_an_agreed_date_is_moved_on_by_the_days_that_a_later_pause_takes() -> None:
    agreed = end_of_day(date(2026, 3, 20))
    pause = Pause(london("2026-03-10", "12:00"), london("2026-03-12", "12:00"))
    moved = moved_on(WD, agreed, since=london("2026-03-02"), calendar=ENGLAND, pauses=[pause])
    assert moved == end_of_day(date(2026, 3, 24))


def test_an_agreed_date_stands_where_pauses_took_nothing_even_on_a_day_off() -> None:
    at_noon_on_saturday = london("2026-03-21", "12:00")
    over_before = Pause(london("2026-02-10"), london("2026-02-12"))
    after = Pause(london("2026-03-21", "12:01"), None)
    moved = moved_on(WD, at_noon_on_saturday, since=london("2026-03-02"), calendar=ENGLAND, pauses=[over_before, after])
    assert moved == at_noon_on_saturday
