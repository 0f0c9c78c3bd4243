"""A death starts its clocks however it became known: as a fact, or as a fatal harm in the report or afterwards."""

from datetime import timedelta

from domain.incident.events import FactsAdded, IncidentReported
from domain.kernel.harm import PatientHarm
from domain.policy.facts import FactName
from tests.support.decisions import NOON
from tests.support.incidents import Story, a_fact, physical

DIED = "incident.fact:died"
DISCOVERED = NOON - timedelta(hours=2)


def test_a_fatal_harm_in_the_report_starts_them_at_discovery() -> None:
    story = Story(patients=(PatientHarm(1, physical("1"), None),))
    (reported, *_) = story.facts
    assert isinstance(reported, IncidentReported)
    assert [done.at for done in reported.done() if done.code == DIED] == [DISCOVERED]


def test_a_report_without_a_fatal_harm_starts_none_of_them() -> None:
    for harm in (None, physical("2")):
        story = Story(patients=(PatientHarm(1, harm, None),))
        assert not [done for done in story.facts[0].done() if done.code == DIED]


def test_a_fatal_harm_that_becomes_known_starts_them_as_the_fact_itself_does() -> None:
    for fact in (a_fact(FactName.PHYSICAL_HARM, physical("1"), patient=1), a_fact(FactName.DIED, True, patient=1)):
        added = [each for each in Story().known(fact).facts if isinstance(each, FactsAdded)]
        assert [done.at for done in added[0].done() if done.code == DIED] == [NOON]
