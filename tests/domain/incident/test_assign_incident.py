"""Asking somebody to handle a case."""

from dataclasses import replace

from domain.incident.commands.assign_incident import AssignIncident, assign_incident
from domain.incident.events import IncidentAssigned
from domain.incident.words import Assignment
from domain.kernel.words import Label
from tests.support.incidents import JOHN, MARY, Story, name

HANDLER = AssignIncident(assignment=Assignment.HANDLER, person=MARY, name=name("M"), role=Label("matron"))


def test_somebody_is_asked_to_handle_the_case() -> None:
    Story().when(assign_incident, HANDLER).then(IncidentAssigned, assignment=Assignment.HANDLER, role="matron")


def test_asking_the_same_person_again_records_nothing() -> None:
    story = Story().then(assign_incident, HANDLER)
    story.when(assign_incident, replace(HANDLER, person=JOHN)).then_nothing()


def test_somebody_else_takes_over() -> None:
    story = Story().then(assign_incident, HANDLER)
    story.when(assign_incident, replace(HANDLER, name=name("J"))).then(IncidentAssigned)
    story.then(assign_incident, replace(HANDLER, name=name("J")))
    story.when(assign_incident, HANDLER).then(IncidentAssigned)


def test_one_person_may_do_two_things() -> None:
    story = Story().then(assign_incident, HANDLER)
    other = replace(HANDLER, assignment=Assignment.ENGAGEMENT_LEAD)
    story.when(assign_incident, other).then(IncidentAssigned, assignment=Assignment.ENGAGEMENT_LEAD)
