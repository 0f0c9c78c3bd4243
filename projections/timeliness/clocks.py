"""What is kept of the clocks of a case between two events."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel.words import DutyId, OdsCode, PauseId
from domain.policy.duties import DutyTerms
from domain.policy.status import Recorded


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty with its dates as they stand; `calendar` is the one that gave its due moment, where it was moved."""

    duty: DutyId
    terms: DutyTerms
    started_at: datetime
    due_at: datetime | None
    pause: PauseId | None = None
    paused_at: datetime | None = None
    extensions: int = 0
    redatings: int = 0
    pauses: int = 0
    set_aside: str | None = None
    facts_until: int | None = None
    """How many of the case's facts count towards it: those before it was set aside; None: all of them."""
    set_aside_recorded_at: datetime | None = None
    """When the ledger learnt that it was set aside, by an event or by a fact about the person."""
    overdue_since: datetime | None = None
    """The due moment that had passed unmet when it was set aside; None: it was set aside in time, or not at all."""
    missed_due_at: datetime | None = None
    """The earliest due moment that the ledger saw pass unmet before the dates or the standing of the duty changed."""
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """A case with its duties and everything done that may count towards one."""

    case: UUID
    organisation: OdsCode
    discovered_at: datetime
    site: str | None
    division: str | None
    specialty: str | None
    duties: tuple[Duty, ...] = ()
    facts: tuple[Recorded, ...] = ()
