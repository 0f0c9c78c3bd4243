"""The England calendar against the list that GOV.UK publishes, and sums over working days."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.policy import read_calendar

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
    assert ENGLAND.version.endswith(":england:2012-2035")
    assert {day.year for day in ENGLAND.holidays} == set(range(2012, 2036))


def test_the_start_is_day_0_even_where_it_is_no_working_day() -> None:
    saturday = date(2026, 3, 7)
    assert ENGLAND.add_working_days(saturday, 0) == saturday
    assert ENGLAND.add_working_days(saturday, 1) == date(2026, 3, 9)
    assert ENGLAND.add_working_days(date(2026, 12, 24), 2) == date(2026, 12, 30)
