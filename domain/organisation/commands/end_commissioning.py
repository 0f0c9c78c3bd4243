"""Say on which day a commissioner last buys services from a provider: from the next one on it sees no case."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import OdsCode
from domain.organisation.events import CommissioningEnded
from domain.organisation.provider import check_period
from domain.organisation.state import Organisation, Period


@dataclass(frozen=True, kw_only=True, slots=True)
class EndCommissioning:
    """The relation that holds on `to_on`, or begins before it, ends with that day."""

    commissioner: OdsCode
    to_on: date


class NotCommissioned(Refusal):
    """The organisation does not commission the provider beyond that day."""

    code: ClassVar[str] = "organisation.not-commissioned"


def end_commissioning(organisation: Organisation, command: EndCommissioning, stamp: Stamp) -> None:
    """Record the last day of the latest relation with this commissioner. Saying the same again records nothing new.

    Raises:
        NotCommissioned: there is no relation with it, or the latest one ends earlier.
        PeriodBackwards: the last day comes before the relation's first.
    """
    periods = [period for who, period in organisation.commissioned if who == command.commissioner]
    latest = max(periods, key=lambda period: period.from_on, default=None)
    if latest is None or (latest.to_on is not None and latest.to_on < command.to_on):
        raise NotCommissioned(pointers=("/commissioner",))
    check_period(Period(latest.from_on, command.to_on))
    if latest.to_on == command.to_on:
        return
    ended = CommissioningEnded(
        **after(organisation, stamp), commissioner=command.commissioner, from_on=latest.from_on, to_on=command.to_on
    )
    record(organisation, ended)
