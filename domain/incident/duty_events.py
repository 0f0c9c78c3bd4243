"""All facts about an incident's duties: opened, re-dated, paused, resumed, extended, set aside. *Met* is never one.

Each names the rule of its duty beside the id, so that it can be read alone.
"""

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
    rule: Code
    previous_started_at: datetime
    previous_due_at: datetime | None
    started_at: datetime
    due_at: datetime | None
    calendar: Code
    because: Code


@dataclass(frozen=True)
class DutyPaused(Fact):
    """A clock was stopped at the written request of a named body, with reason, approver and a day to look again.

    `approver_organisation` is whose approval it is: the provider's or (SIF 2015) the commissioner's.
    """

    pause: PauseId
    duty: DutyId
    rule: Code
    body: PausingBody
    reason: Narrative
    approver: Personal
    approver_organisation: OdsCode
    requested_on: date
    review_on: date | None


@dataclass(frozen=True)
class DutyResumed(Fact):
    """The clock runs again; `due_at` is the moment that it is due now."""

    pause: PauseId
    duty: DutyId
    rule: Code
    due_at: datetime | None
    calendar: Code


@dataclass(frozen=True)
class DutyExtended(Fact):
    """A later moment was agreed before the duty was due; the earlier one stays on record."""

    duty: DutyId
    rule: Code
    previous_due_at: datetime
    due_at: datetime
    reason: Narrative
    agreed_by: Personal
    agreed_by_organisation: OdsCode


@dataclass(frozen=True)
class DutySetAside(Fact):
    """The duty does not apply after all."""

    duty: DutyId
    rule: Code
    because: SetAside
    reason: Narrative | None
