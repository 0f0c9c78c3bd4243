"""All facts about an incident's duties: opened, re-dated, paused, resumed, extended, set aside. *Met* is never one."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.incident.words import PausingBody, SetAside
from domain.kernel.envelope import Fact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, DutyId, OdsCode, PauseId
from domain.policy.duties import DutyTerms


@dataclass(frozen=True)
class DutyOpened(Fact):
    """A duty follows from what is known; its terms are stored whole, so that later editions cannot change them."""

    duty: DutyId
    terms: DutyTerms


@dataclass(frozen=True)
class DutyRedated(Fact):
    """The start of a duty's clock was corrected (or the calendar changed); the earlier dates stay on record."""

    duty: DutyId
    started_at: datetime
    due_at: datetime | None
    calendar: Code
    because: Code


@dataclass(frozen=True)
class DutyPaused(Fact):
    """A clock was stopped at the written request of a named body, with reason, approver and a day to look again."""

    pause: PauseId
    duty: DutyId
    body: PausingBody
    reason: Narrative
    approver: Personal
    requested_on: date
    review_on: date | None


@dataclass(frozen=True)
class DutyResumed(Fact):
    """The clock runs again; `due_at` is the moment that it is due now."""

    pause: PauseId
    duty: DutyId
    due_at: datetime | None
    calendar: Code


@dataclass(frozen=True)
class DutyExtended(Fact):
    """A later moment was agreed before the duty was due; the earlier one stays on record."""

    duty: DutyId
    previous_due_at: datetime
    due_at: datetime
    reason: Narrative
    agreed_by: Personal
    agreed_by_organisation: OdsCode


@dataclass(frozen=True)
class DutySetAside(Fact):
    """The duty does not apply after all."""

    duty: DutyId
    because: SetAside
    reason: Narrative | None
