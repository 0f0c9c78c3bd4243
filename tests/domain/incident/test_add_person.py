"""Naming somebody involved."""

from dataclasses import replace

import pytest

from domain.incident.commands.add_person import (
    AddPerson,
    PatientNamedAlready,
    PersonPatientInvalid,
    add_person,
)
from domain.incident.events import PersonAdded
from domain.incident.words import PersonKind
from domain.kernel.harm import PatientHarm
from domain.kernel.personal import ERASED
from tests.support.incidents import JOHN, MARY, Story, name

PATIENT = AddPerson(
    person=MARY,
    kind=PersonKind.PATIENT,
    patient=1,
    name=name("Mary Example"),
    nhs_number=name("9990000000"),
    born_on=None,
)
NURSE = replace(PATIENT, person=JOHN, kind=PersonKind.STAFF, patient=None, nhs_number=None)


def test_a_patient_is_named_by_the_number_of_the_report() -> None:
    Story().when(add_person, PATIENT).then(PersonAdded, person=MARY, patient=1)


@pytest.mark.parametrize("kind", [PersonKind.STAFF, PersonKind.WITNESS])
def test_others_have_no_number(kind: PersonKind) -> None:
    Story().when(add_person, replace(NURSE, kind=kind)).then(PersonAdded, kind=kind)
    Story().when(add_person, replace(NURSE, kind=kind, patient=1)).then_refused(PersonPatientInvalid)


@pytest.mark.parametrize(
    ("patients", "number", "taken"),
    [
        ((PatientHarm(1, None, None),), 1, True),
        ((PatientHarm(1, None, None),), 2, False),
        ((PatientHarm(1, None, None),), None, False),
        ((), 1, False),
        (None, 3, True),
        (None, 0, False),
        (None, None, False),
    ],
)
def test_a_patient_is_one_of_the_report_once_they_are_known(
    patients: tuple[PatientHarm, ...] | None, number: int | None, *, taken: bool
) -> None:
    outcome = Story(patients=patients).when(add_person, replace(PATIENT, patient=number))
    if taken:
        outcome.then(PersonAdded)
    else:
        outcome.then_refused(PersonPatientInvalid)


def test_naming_the_same_patient_again_records_nothing() -> None:
    """The words count, whatever id and key were drawn for them."""
    again = replace(PATIENT, person=JOHN, name=replace(name("Mary Example"), about=JOHN))
    Story().then(add_person, PATIENT).when(add_person, again).then_nothing()


def test_a_number_belongs_to_one_patient() -> None:
    story = Story().then(add_person, PATIENT)
    story.when(add_person, replace(PATIENT, name=name("Someone Else"))).then_refused(PatientNamedAlready)
    story.when(add_person, replace(PATIENT, nhs_number=None)).then_refused(PatientNamedAlready)


def test_two_members_of_staff_may_have_the_same_name() -> None:
    Story().then(add_person, NURSE).when(add_person, replace(NURSE, person=MARY)).then(PersonAdded, person=MARY)


def test_a_patient_whose_name_was_erased_keeps_the_number() -> None:
    erased = replace(PATIENT, name=replace(PATIENT.name, words=ERASED))
    Story().then(add_person, erased).when(add_person, PATIENT).then_refused(PatientNamedAlready)
