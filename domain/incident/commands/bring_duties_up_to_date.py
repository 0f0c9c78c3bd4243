"""Bring the duties up to date with what the other streams of the case say: an order of the ledger's own reactions."""

from dataclasses import dataclass

from domain.incident.changed_calendar import follow_calendar
from domain.incident.duties import Told, bring_up_to_date
from domain.incident.standing import check_stands
from domain.incident.state import Incident
from domain.kernel.actor import Stamp
from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class BringDutiesUpToDate:
    """All that evidence, candour and responses of the case did; its relevant persons; the methods of its responses."""

    starts: tuple[Done, ...]
    persons: tuple[PersonId, ...]
    methods: tuple[Code, ...]


def bring_duties_up_to_date(incident: Incident, command: BringDutiesUpToDate, stamp: Stamp, *, policy: Policy) -> None:
    """Open what the other streams have started, and date by today's calendar what is not done, on an open or closed case.

    Giving it again records nothing.

    Raises:
        CaseEnteredInError: the case takes nothing more.
    """
    check_stands(incident)
    told = Told(command.starts, command.persons, command.methods)
    bring_up_to_date(incident, stamp, policy, told)
    follow_calendar(incident, stamp, policy, told)
