"""A duty as its incident holds it: its terms as opened, and the dates, pauses and extensions that came after."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.incident.words import PausingBody, SetAside
from domain.kernel.words import Code, DutyId, PauseId, PersonId, ResponseId
from domain.policy.clocks import Pause
from domain.policy.duties import DutyTerms

DutyKey = tuple[Code, Code, PersonId | None, ResponseId | None]
"""Which duty it is: edition, rule, and the person to whom or the response for which it is owed, where it is to one."""


def key_of(terms: DutyTerms) -> DutyKey:
    """The key of the duty that these terms open."""
    return (terms.edition, terms.rule, terms.person, terms.response)


@dataclass(frozen=True, slots=True)
class HeldPause:
    """One pause of a duty's clock; `until_at` None: it still runs."""

    pause: PauseId
    body: PausingBody
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """One duty. `terms` keep the original dates; `started_at`, `due_at` and its `calendar` are those that count now."""

    duty: DutyId
    terms: DutyTerms
    started_at: datetime
    due_at: datetime | None
    calendar: Code
    extended_to: datetime | None = None
    pauses: tuple[HeldPause, ...] = ()
    set_aside: SetAside | None = None

    @property
    def key(self) -> DutyKey:
        """Which duty it is."""
        return key_of(self.terms)

    @property
    def stands(self) -> bool:
        """Whether nobody has set it aside."""
        return self.set_aside is None

    @property
    def running_pause(self) -> HeldPause | None:
        """The pause that has not ended; there is at most one."""
        return next((pause for pause in self.pauses if pause.until_at is None), None)

    def pause(self, pause: PauseId) -> HeldPause | None:
        """One of its pauses, by id."""
        return next((held for held in self.pauses if held.pause == pause), None)

    def stopped_for(self, *, resumed_at: datetime | None = None) -> tuple[Pause, ...]:
        """Its pauses as the sums over days want them; the one that still runs ends at `resumed_at` where given."""
        return tuple(Pause(pause.from_at, pause.until_at or resumed_at) for pause in self.pauses)

    def with_pause_ended(self, pause: PauseId, *, at: datetime, due_at: datetime | None, calendar: Code) -> "HeldDuty":
        """The duty with its clock running again; an agreed later moment moves with what is due now."""
        pauses = tuple(replace(held, until_at=at) if held.pause == pause else held for held in self.pauses)
        moved = replace(self, pauses=pauses, due_at=due_at, calendar=calendar)
        return replace(moved, extended_to=self.extended_to and due_at)
