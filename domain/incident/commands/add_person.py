"""Name somebody involved: a patient of the report, a member of staff, a witness."""

from dataclasses import dataclass
from typing import ClassVar

from domain.incident.events import PersonAdded
from domain.incident.standing import check_stands
from domain.incident.state import Incident
from domain.incident.words import PersonKind
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class AddPerson:
    """Who somebody is; a patient by the number used in the report. The NHS number was checked at the edge."""

    person: PersonId
    kind: PersonKind
    patient: int | None
    name: Personal
    nhs_number: Personal | None
    born_on: Personal | None


class PersonPatientInvalid(Refusal):
    """A patient is named by a number of the report, and nobody else has one."""

    code: ClassVar[str] = "incident.person-patient-invalid"


class PatientNamedAlready(Refusal):
    """The patient with this number was named before, as somebody else."""

    code: ClassVar[str] = "incident.patient-named-already"


def add_person(incident: Incident, command: AddPerson, stamp: Stamp) -> None:
    """Record who they are, on an open or closed case. Naming a patient in the same words again records nothing.

    Raises:
        CaseEnteredInError: the case takes nothing more.
        PersonPatientInvalid: a patient without a number of the report, or a number for somebody else.
        PatientNamedAlready: the number belongs to another person.
    """
    check_stands(incident)
    if not _has_fitting_number(incident, command):
        raise PersonPatientInvalid(pointers=("/patient",))
    for person in incident.people.values():
        if command.patient is not None and person.patient == command.patient:
            if _said(person) == _said(command):
                return
            raise PatientNamedAlready(pointers=("/patient",))
    added = PersonAdded(
        **after(incident, stamp),
        person=command.person,
        kind=command.kind,
        patient=command.patient,
        name=command.name,
        nhs_number=command.nhs_number,
        born_on=command.born_on,
    )
    record(incident, added)


def _has_fitting_number(incident: Incident, command: AddPerson) -> bool:
    if command.kind is not PersonKind.PATIENT:
        return command.patient is None
    if command.patient is None:
        return False
    return command.patient >= 1 if incident.patients is None else command.patient in incident.patients


def _said(person: AddPerson | PersonAdded) -> tuple[object, ...]:
    return tuple(value and value.words for value in (person.name, person.nhs_number, person.born_on))
