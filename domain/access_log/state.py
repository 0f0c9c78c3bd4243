"""One day of the access log, as its digests leave it."""

from dataclasses import field
from datetime import date

from eventsourcing.domain import Aggregate

from domain.access_log.events import AccessDayBegun, AccessLogDigested
from domain.kernel.envelope import evolves


class AccessDay(Aggregate):
    """A day on which somebody read; `to_number` is that of the last record committed to (None: none that day yet)."""

    day: date = field(init=False)
    to_number: int | None = field(init=False)


@evolves(AccessDayBegun)
def _begun(day: AccessDay, event: AccessDayBegun) -> None:
    day.day = event.day
    day.to_number = None


@evolves(AccessLogDigested)
def _digested(day: AccessDay, event: AccessLogDigested) -> None:
    day.to_number = event.to_number
