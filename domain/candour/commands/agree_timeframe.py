"""Promise the person a day for the findings; a changed promise is explained (PSIRF-07)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.candour.events import TimeframeAgreed
from domain.candour.state import Candour
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.policy.clocks import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreeTimeframe:
    """The promised day; `reason` where an earlier promise changes."""

    promised_on: date
    reason: Narrative | None


class PromiseInPast(Refusal):
    """A day that has already passed cannot be promised."""

    code: ClassVar[str] = "candour.promise-in-past"


class ChangeUnexplained(Refusal):
    """A promised day is changed only with a reason."""

    code: ClassVar[str] = "candour.change-unexplained"


def agree_timeframe(candour: Candour, command: AgreeTimeframe, stamp: Stamp) -> None:
    """Record the promise. Agreeing the day that stands records nothing new.

    Raises:
        PromiseInPast: the day lies before the day (Europe/London) on which it was agreed.
        ChangeUnexplained: another day was promised before, and no reason is given.
    """
    if command.promised_on == candour.promised_on:
        return
    if command.promised_on < local_day(stamp.at):
        raise PromiseInPast(f"{command.promised_on} lies before {local_day(stamp.at)}.", pointers=("/promised_on",))
    if candour.promised_on is not None and command.reason is None:
        raise ChangeUnexplained(f"{candour.promised_on} was promised before.", pointers=("/reason",))
    agreed = TimeframeAgreed(
        **after(candour, stamp), person=candour.person, promised_on=command.promised_on, reason=command.reason
    )
    record(candour, agreed)
