"""The types of a body's fields: what each takes, and how it reads in OpenAPI."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from nhs_number.constants import REGION_ENGLAND_WALES_IOM, REGION_SYNTHETIC
from nhs_number.validate import is_valid
from pydantic import PlainValidator, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.api.refusing.invalid import field_refusal

NHS_NUMBERS: Final = "nhs_numbers"
"""The name under which the ranges of NHS numbers that are taken reach the validators."""

_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TEN_DIGITS: Final = re.compile(r"[0-9]{10}")
_YEARS: Final = range(1900, 2200)


class NhsNumberRange(StrEnum):
    """Which NHS numbers a service takes: those issued to people, and those of test data (they begin with 9)."""

    ISSUED = "issued"
    SYNTHETIC = "synthetic"


def instant(value: object) -> datetime:
    """An RFC 3339 instant with its offset, in UTC; digits beyond microseconds are dropped.

    Raises:
        PydanticCustomError: it is not one, or lies outside the years 1900 to 2199.
    """
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _not_an_instant()
    day, time, fraction, offset = match.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{offset.upper()}")
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _not_an_instant() from None
    if moment.year not in _YEARS:
        raise _not_an_instant()
    return moment


def _not_an_instant() -> PydanticCustomError:
    return field_refusal("not-an-instant", "This must be an instant with its offset, as 2026-03-02T09:30:00Z.")


def day(value: object) -> date:
    """A calendar day, `YYYY-MM-DD`.

    Raises:
        PydanticCustomError: it is not one, or lies outside the years 1900 to 2199.
    """
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            found = date.fromisoformat(value)
            if found.year in _YEARS:
                return found
    except ValueError:
        pass
    raise field_refusal("not-a-day", "This must be a day that exists, as 2026-03-02.")


def uuid(value: object) -> UUID:
    """A UUID in its usual text form.

    Raises:
        PydanticCustomError: it is not one.
    """
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise field_refusal("not-an-id", "This must be a UUID in its usual text form.")


def checked_nhs_number(value: object, info: ValidationInfo) -> str:
    """An NHS number: ten ASCII digits, the check digit right, not all alike, from a range that the service takes.

    The library alone would take full-width digits, numbers, spaces, and ten equal digits.

    Raises:
        PydanticCustomError: it is not one.
    """
    ranges = (info.context or {}).get(NHS_NUMBERS, frozenset({NhsNumberRange.ISSUED}))
    if (
        isinstance(value, str)
        and _TEN_DIGITS.fullmatch(value)
        and len(set(value)) > 1
        and is_valid(value)
        and any(_in_range(value, kind) for kind in ranges)
    ):
        return value
    raise field_refusal(
        "not-an-nhs-number", "This must be an NHS number: ten digits, the last of which checks the rest."
    )


def _in_range(value: str, kind: NhsNumberRange) -> bool:
    region = REGION_SYNTHETIC if kind is NhsNumberRange.SYNTHETIC else REGION_ENGLAND_WALES_IOM
    return any(block.start <= int(value) <= block.end for block in region.ranges)


def _text(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **more, **({"format": kind} if kind else {})})


Instant = Annotated[datetime, PlainValidator(instant), _text("date-time", examples=["2026-03-02T09:30:00Z"])]
"""RFC 3339 with any offset; kept in UTC."""

Day = Annotated[date, PlainValidator(day), _text("date", examples=["2026-03-02"])]
"""A calendar day."""

Uuid = Annotated[UUID, PlainValidator(uuid), _text("uuid", pattern=f"^{_UUID.pattern}$")]
"""An id, in the usual text form of a UUID."""

NhsNumber = Annotated[
    str, PlainValidator(checked_nhs_number), _text("", pattern="^[0-9]{10}$", examples=["9000000009"])
]
"""An NHS number; always sealed, never in a path, a query or a log."""

Ods = Annotated[
    str,
    StringConstraints(pattern="^[A-Z0-9]{3,8}$"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z0-9]{3,8}$", "examples": ["ZZ1"]}),
]
"""An organisation's ODS code, well formed; whether it is registered is for the command to say."""

LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
"""What somebody wrote, kept as sent; not blank."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\t\r\n]*\S[^\t\r\n]*$")]
"""One line: a name, a title, a reference; kept as sent; not blank."""

CodeText = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern="^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
"""A word of a list."""
