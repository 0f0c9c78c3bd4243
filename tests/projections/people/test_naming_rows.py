"""One row for each person and event: where somebody is named, whatever the event."""

from dataclasses import replace

import pytest

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.incident.events import FactsAdded, PersonAdded
from domain.kernel.personal import Personal
from domain.kernel.words import PersonId
from projections.people.model import MODEL
from projections.people.naming import persons_in
from service.store.codec import rewrite_secrets
from tests.support.decisions import an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import sample


def test_somebody_who_is_named_has_a_row_for_each_event() -> None:
    named = sample(PersonAdded)
    story = Story()
    for number in (1, 2):
        story.tell(replace(named, originator_id=an_id(number)), cases=(an_id(number),))
    rows = shown(MODEL, story.events).rows

    assert list(rows) == [f"{named.person}:{position:012d}" for position in (1, 2)]
    assert [(row.person_id, row.incident_ids) for row in rows.values()] == [
        (named.person, (an_id(1),)),
        (named.person, (an_id(2),)),
    ]


def test_an_event_that_names_two_people_has_a_row_for_each() -> None:
    [one, other] = [PersonId(an_id(number)) for number in (7, 8)]
    named = sample(PersonAdded)
    named = replace(named, name=replace(named.name, about=one), nhs_number=replace(named.name, about=other))
    story = Story()
    story.tell(named)

    assert {row.person_id for row in shown(MODEL, story.events).rows.values()} >= {one, other}


def test_an_event_that_names_nobody_has_none() -> None:
    story = Story()
    story.tell(sample(FactsAdded, full=False))

    assert shown(MODEL, story.events).rows == {}


@pytest.mark.parametrize("stored", ALL, ids=lambda stored: stored.name)
def test_everybody_whom_an_event_names_is_found(stored: Stored) -> None:
    fact = sample(stored.event)
    named: list[PersonId] = []

    def note(value: object, _path: str) -> object:
        if isinstance(value, Personal):
            named.append(value.about)
        return value

    rewrite_secrets(fact, note)
    assert sorted(persons_in(fact)) == sorted(named)
