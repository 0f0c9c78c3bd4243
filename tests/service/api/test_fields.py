"""What the types of a body's fields take."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from service.api.bodies import StrictModel
from service.api.fields import NHS_NUMBERS, CodeText, Day, Instant, NhsNumber, NhsNumberRange, ShortText

BOTH = frozenset(NhsNumberRange)


class Moment(StrictModel):
    """An instant."""

    at: Instant


class Birth(StrictModel):
    """A day."""

    on: Day


class Patient(StrictModel):
    """An NHS number."""

    number: NhsNumber


class Words(StrictModel):
    """A line and a word."""

    line: ShortText = "x"
    word: CodeText = "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02t09:30:00z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00-00:00", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-06-02T00:30:00+01:00", datetime(2026, 6, 1, 23, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00.5Z", datetime(2026, 3, 2, 9, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-03-02T09:30:00.123456789Z", datetime(2026, 3, 2, 9, 30, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_kept_in_utc(text: str, expected: datetime) -> None:
    taken = Moment.model_validate({"at": text}).at
    assert taken == expected
    assert taken.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-02T09:30:00", "2026-03-02 09:30:00Z", "2026-03-02T09:30Z", "2026-03-02", "20260302T093000Z",
        "2026-03-02T24:00:00Z", "2026-03-02T09:30:60Z", "2026-13-02T09:30:00Z", "2026-03-02T09:30:00+24:00",
        "2026-03-02T09:30:00.Z", " 2026-03-02T09:30:00Z", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
        "\u0662026-03-02T09:30:00Z", 1772443800, None, True, datetime(2026, 3, 2, tzinfo=UTC),
    ],
)  # fmt: skip
def test_what_is_no_instant_with_its_offset_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        Moment.model_validate({"at": value})


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-3-2", "02/03/2026", "1899-12-31", "2026-W10-1", 7, None, "20260302"]
)
def test_a_day_exists_and_is_written_in_one_way(value: Any) -> None:
    assert Birth.model_validate({"on": "2024-02-29"}).on == date(2024, 2, 29)
    with pytest.raises(ValidationError):
        Birth.model_validate({"on": value})


def takes(number: Any, ranges: frozenset[NhsNumberRange] | None = BOTH) -> bool:
    context = None if ranges is None else {NHS_NUMBERS: ranges}
    try:
        Patient.model_validate({"number": number}, context=context)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("number", ["9434765919", "4505577104", "6328797966"])
def test_nhs_numbers_with_a_right_check_digit_are_taken(number: str) -> None:
    assert takes(number)


@pytest.mark.parametrize(
    "number",
    [
        "9434765918", "943476591", "94347659190", "943 476 5919", " 9434765919", "9434765919 ", "943-476-5919",
        "0000000000", "1111111111", "9999999999", "\uff19434765919", "\u0669434765919", 9434765919, "", None,
        "0101010009", "3200000005", "5000000007", "8000000002",
    ],
)  # fmt: skip
def test_what_is_no_nhs_number_is_refused(number: Any) -> None:
    assert not takes(number)


def test_only_the_ranges_of_the_settings_are_taken_and_test_numbers_only_where_they_say_so() -> None:
    test_number, issued = "9434765919", "4505577104"
    assert takes(test_number, frozenset({NhsNumberRange.SYNTHETIC}))
    assert not takes(test_number, frozenset({NhsNumberRange.ISSUED}))
    assert not takes(issued, frozenset({NhsNumberRange.SYNTHETIC}))
    assert takes(issued, None)
    assert not takes(test_number, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"line": "a\tb"},
        {"line": "\n"},
        {"line": "a" * 301},
        {"word": "a b"},
        {"word": "-a"},
        {"word": "a\n"},
        {"word": "caf\xe9"},
    ],
)
def test_lines_and_words_have_one_form(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Words.model_validate(fields)


def test_a_refusal_of_a_model_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        Words.model_validate({"line": 7, "word": "canary canary"})
    assert "canary" not in str(refused.value)
