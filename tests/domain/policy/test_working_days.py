"""The England calendar against the list that GOV.UK publishes, and sums over working days."""

import json
from datetime import date, timedelta
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar, Proclaimed
from service.policy import read_calendar, read_policy

PUBLISHED = Path(__file__).parents[2] / "vectors" / "bank-holidays" / "bank-holidays-england-and-wales.json"
ENGLAND = read_calendar()


def published_days() -> set[date]:
    events = json.loads(PUBLISHED.read_text(encoding="utf-8"))["england-and-wales"]["events"]
    return {date.fromisoformat(event["date"]) for event in events}


@pytest.mark.parametrize("year", range(2012, 2029))
def test_working_days_are_weekdays_that_the_published_list_does_not_name(year: int) -> None:
    published = published_days()
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(366)]
    working = [day for day in days if day.year == year and ENGLAND.is_working_day(day)]
    assert working == [day for day in days if day.year == year and day.weekday() < 5 and day not in published]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2029, ["01-01", "03-30", "04-02", "05-07", "05-28", "08-27", "12-25", "12-26"]),
        (2030, ["01-01", "04-19", "04-22", "05-06", "05-27", "08-26", "12-25", "12-26"]),
    ],
)
def test_years_after_the_published_list_follow_the_standing_rules(year: int, days: list[str]) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in days}
    assert {day for day in ENGLAND.holidays if day.year == year} == expected


def test_the_calendar_names_its_release_and_the_years_it_covers() -> None:
    assert ENGLAND.version.startswith("holidays-")
    assert ENGLAND.version == f"holidays-{version('holidays')}:england:2012-2035"
    assert {day.year for day in ENGLAND.holidays} == set(range(2012, 2036))


def test_the_start_is_day_0_even_where_it_is_no_working_day() -> None:
    saturday = date(2026, 3, 7)
    assert ENGLAND.add_working_days(saturday, 0) == saturday
    assert ENGLAND.add_working_days(saturday, 1) == date(2026, 3, 9)
    assert ENGLAND.add_working_days(date(2026, 12, 24), 2) == date(2026, 12, 30)


def proclaimed(*, also: tuple[str, ...] = (), not_any_more: tuple[str, ...] = ()) -> Calendar:
    days = Proclaimed(frozenset(map(date.fromisoformat, also)), frozenset(map(date.fromisoformat, not_any_more)))
    return read_calendar(days)


def test_a_proclaimed_day_is_a_bank_holiday_one_that_ceases_is_none_and_the_version_names_both() -> None:
    calendar = proclaimed(also=("2027-06-14",), not_any_more=("2027-05-31",))
    assert not calendar.is_working_day(date(2027, 6, 14))
    assert calendar.is_working_day(date(2027, 5, 31))
    assert calendar.version == f"{ENGLAND.version}:not-2027-05-31:also-2027-06-14"
    assert calendar.holidays ^ ENGLAND.holidays == {date(2027, 5, 31), date(2027, 6, 14)}


def test_what_the_calendar_knows_already_makes_no_other_calendar() -> None:
    assert proclaimed(also=("2027-12-28",), not_any_more=("2027-06-15",)) == ENGLAND
    assert read_policy(Proclaimed()).calendar == read_policy().calendar == ENGLAND


def test_many_proclaimed_days_are_named_by_a_digest_that_differs_for_each_and_not_by_their_order() -> None:
    days = [f"2027-06-{day}" for day in (14, 15, 16, 17, 18)]
    names = [proclaimed(also=tuple(days[:number])).version for number in range(3, 6)]
    assert names[0] == f"{ENGLAND.version}:also-2027-06-14:also-2027-06-15:also-2027-06-16"
    assert all(name.startswith(f"{ENGLAND.version}:proclaimed-") for name in names[1:])
    assert all(len(name) <= 80 for name in names)
    assert all(one != other for one, other in pairwise(names))
    assert proclaimed(also=tuple(reversed(days))).version == names[-1]


def test_the_move_of_may_2020_could_have_been_told_by_proclamation() -> None:
    before = Calendar(Code("spring-2019"), (ENGLAND.holidays | {date(2020, 5, 4)}) - {date(2020, 5, 8)})
    moved = before.after(Proclaimed(frozenset({date(2020, 5, 8)}), frozenset({date(2020, 5, 4)})))
    assert moved.holidays == ENGLAND.holidays
    assert moved.version == "spring-2019:not-2020-05-04:also-2020-05-08"
