"""How long the records of a case are kept at least: the rule of an edition that says so, and the day on which it ends.

Nothing follows by itself when it ends: a record is reviewed then, and a legal hold comes before every time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar
from domain.policy.clocks import due_at
from domain.policy.duties import applies
from domain.policy.edition import Edition, Family, Keeping, Rule
from domain.policy.library import Policy

_NOON: Final = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Retention:
    """The rule that keeps a case longest, the edition it stands in, and the last instant of its time."""

    edition: Code
    rule: Rule
    keeping: Keeping
    until: datetime


def retention_edition(policy: Policy) -> Edition | None:
    """The retention edition that is in use today: how long a record is kept is asked when it is reviewed."""
    return next((each for each in policy.current() if each.family is Family.RETENTION), None)


def retention_of(edition: Edition, words: Iterable[Code], *, happened_on: date, calendar: Calendar) -> Retention | None:
    """How long a case is kept of which these words hold; of several rules the longest time. None: no rule says."""
    said = frozenset(words)
    found = [
        Retention(edition.reference, rule, rule.keeping, until)
        for rule in edition.rules
        if rule.keeping is not None
        and applies(rule, [said])
        and (until := _until(rule.keeping, happened_on, calendar)) is not None
    ]
    return max(found, key=lambda each: each.until, default=None)


def _until(keeping: Keeping, happened_on: date, calendar: Calendar) -> datetime | None:
    start = datetime.combine(happened_on, _NOON)
    return due_at(keeping.limit.unit, keeping.limit.length, started_at=start, calendar=calendar)
