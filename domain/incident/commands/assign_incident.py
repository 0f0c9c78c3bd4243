"""Ask somebody to handle the case, or to lead its learning response or the engagement with those affected."""

from dataclasses import dataclass

from domain.incident.events import IncidentAssigned
from domain.incident.standing import check_open
from domain.incident.state import Incident
from domain.incident.words import Assignment
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Personal
from domain.kernel.words import Label, PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignIncident:
    """Who is asked to do what, in which role."""

    assignment: Assignment
    person: PersonId
    name: Personal
    role: Label | None


def assign_incident(incident: Incident, command: AssignIncident, stamp: Stamp) -> None:
    """Record who does it from now on; asking the same person again records nothing.

    Raises:
        CaseClosed, CaseEnteredInError: the case has nothing left to do.
    """
    check_open(incident)
    current = incident.assignments.get(command.assignment)
    if current is not None and (current.name.words, current.role) == (command.name.words, command.role):
        return
    assigned = IncidentAssigned(
        **after(incident, stamp),
        assignment=command.assignment,
        person=command.person,
        name=command.name,
        role=command.role,
    )
    record(incident, assigned)
