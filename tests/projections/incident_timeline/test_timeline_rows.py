"""The rows of the timeline: one for each event of a case, whichever of its streams told it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.action.events import ActionAgreed
from domain.incident.events import IncidentReported, SafetySecured
from domain.organisation.events import OrganisationRegistered
from projections.incident_timeline.model import MODEL
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import sample

CASE, OTHER, ACTION = an_id(1), an_id(2), an_id(3)


def told(event: type[Any], stream: UUID) -> Any:
    return replace(sample(event), originator_id=stream, timestamp=NOON - timedelta(days=1))


def a_story() -> Story:
    story = Story()
    story.tell(told(IncidentReported, CASE), type_="incident.reported.v1", actor=7)
    story.tell(told(IncidentReported, OTHER), organisation="ZZ2")
    story.tell(told(ActionAgreed, ACTION), kind="action", cases=(CASE, OTHER))
    story.tell(told(SafetySecured, CASE))
    story.tell(told(OrganisationRegistered, an_id(4)), kind="organisation", cases=())
    return story


def test_each_case_has_the_events_of_all_its_streams_in_order() -> None:
    rows = shown(MODEL, a_story().events).rows

    told_of = {case: [row.position for row in rows.values() if row.case_id == case] for case in (CASE, OTHER)}
    assert told_of == {CASE: [1, 3, 4], OTHER: [2, 3]}
    assert sorted(rows) == sorted(f"{row.case_id}:{row.position:012d}" for row in rows.values())


def test_a_line_says_when_it_became_true_when_it_was_recorded_and_by_whom() -> None:
    row = shown(MODEL, a_story().events).rows[f"{CASE}:000000000001"]

    assert (row.stream, row.kind, row.type, row.actor) == (CASE, "incident", "incident.reported.v1", an_id(7))
    assert row.effective_at == NOON - timedelta(days=1)
    assert row.recorded_at == NOON + timedelta(minutes=1)
    assert row.sentence.startswith("An incident was reported")


def test_an_event_of_two_cases_is_told_in_each() -> None:
    rows = shown(MODEL, a_story().events).rows

    assert rows[f"{CASE}:000000000003"].sentence == rows[f"{OTHER}:000000000003"].sentence
