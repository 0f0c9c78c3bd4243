"""All facts about one day of the access log."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.words import Digest


@dataclass(frozen=True)
class AccessDayBegun(FirstFact):
    """The first digest of a day was made; those of one day stand in one stream, so that none grows for ever."""

    day: date


@dataclass(frozen=True)
class AccessLogDigested(Fact):
    """The access log was committed to the ledger: so many records, from one number to another.

    `digest` is the hash of the record `to_number`, which covers every record before it; `from_number` follows the
    `to_number` of the digest before this one, also where that stands in another day.
    """

    from_number: int
    to_number: int
    records: int
    digest: Digest
