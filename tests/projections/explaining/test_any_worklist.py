"""The length of anybody's worklist, on any history: what is due by hand, and the same from its positions alone."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.action.events import ActionAccepted, ActionAgreed, ActionCompleted
from domain.incident.events import IncidentReported
from domain.kernel.actor import Actor, Role
from domain.kernel.words import ActorId, IncidentId
from projections.engine.feed import Told
from projections.explaining.figures import Asking
from projections.explaining.recomputing import CannotRecomputeError
from projections.explaining.work import LIST, WorkWanted, item_of
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.timeliness.model import MODEL as TIMELINESS
from projections.worklist.items import WorkItem
from projections.worklist.model import MODEL
from service.reading.work import WORDS, WORK, whose_work
from tests.projections.worklist.due_by_hand import due_by_hand
from tests.projections.worklist.waiting_stories import Step, fact, waiting_steps, waiting_story
from tests.support.audit.explained import explained, named, recomputed, without
from tests.support.decisions import NOON, an_actor, an_id
from tests.support.read_models.projections import Story, shown

READERS = [
    *(an_actor(role, number=2) for role in WORK),
    an_actor(Role.COMMISSIONER, organisation="ZZQ"),
    an_actor(Role.PATIENT_SAFETY_MANAGER, Role.ACTION_OWNER, number=3, organisation="ZZ2"),
]


def items(events: Sequence[Told], asking: Asking) -> Iterator[tuple[str, WorkItem]]:
    """Everything that waits for anybody, as the view of the list puts it together."""
    cases = shown(INCIDENT_REGISTER, events).rows
    waiting, clocks = shown(MODEL, events).rows, shown(TIMELINESS, events).rows
    found: list[tuple[str, Any, Any]] = [
        *((key, row, None) for key, row in waiting.items()),
        *((key, None, row) for key, row in clocks.items()),
    ]
    for key, wait, clock in found:
        case = cases[str((wait or clock).incident_id)]
        item = item_of([wait, clock, case], asking)
        if item is not None:
            assert item.item == key
            yield key, item


def asked_by(actor: Actor, *, hours: float, figure: str = "total") -> Asking:
    return Asking(figure, WorkWanted(whose=whose_work(actor)), NOON + timedelta(hours=hours), None)


@given(steps=waiting_steps, hours=st.integers(-30, 200))
@settings(max_examples=8, deadline=None)
def test_every_length_is_what_is_due_by_hand_and_worked_out_again(steps: list[Step], hours: int) -> None:
    events = waiting_story(steps).events
    rows = dict(items(events, asked_by(READERS[0], hours=hours)))
    due = due_by_hand(events, NOON + timedelta(hours=hours))
    due = [each for each in due if each.is_near(NOON + timedelta(hours=hours), 5)]
    for actor in READERS:
        asked = asked_by(actor, hours=hours)
        explanation = explained(LIST.name, asked, events, rows)

        assert explanation.value == len([each for each in due if each.is_work_of(actor)])
        assert recomputed(explanation, named(explanation, events)) == explanation.value


@given(steps=waiting_steps, hours=st.integers(-30, 200), reader=st.sampled_from(READERS))
@settings(max_examples=8, deadline=None)
def test_without_any_one_of_its_positions_no_length_is_the_same(steps: list[Step], hours: int, reader: Actor) -> None:
    events = waiting_story(steps).events
    rows = dict(items(events, asked_by(reader, hours=hours)))
    for figure in LIST.figures:
        asked = asked_by(reader, hours=hours, figure=figure)
        explanation = explained(LIST.name, asked, events, rows)
        for position in {ground.position for ground in explanation.grounds}:
            fewer = without(explanation, position)
            found = recomputed(fewer, named(fewer, events))
            assert isinstance(found, CannotRecomputeError) or found != explanation.value


def test_every_condition_of_the_list_has_a_word() -> None:
    assert {work.only for works in WORK.values() for work in works} <= WORDS.keys()


def test_what_was_completed_after_the_moment_was_still_to_be_done_then() -> None:
    """Accepted and late at eight, completed at nine: at half past eight it was late, at ten it waits to be verified."""
    told = Story()
    told.tell(fact(IncidentReported, stream=an_id(1)), cases=(an_id(1),))
    owner = ActorId(an_id(2))
    for made in (
        fact(ActionAgreed, stream=an_id(7), incidents=(IncidentId(an_id(1)),), due_on=NOON.date() - timedelta(days=1)),
        fact(ActionAccepted, stream=an_id(7), hours=8, accepted_by=owner),
        fact(ActionCompleted, stream=an_id(7), hours=9, completed_by=owner),
    ):
        told.tell(made, kind="action", cases=(an_id(1),))
    reader = an_actor(Role.PATIENT_SAFETY_MANAGER, Role.ACTION_OWNER, number=2)

    def kinds(hours: float) -> list[str]:
        asked = asked_by(reader, hours=hours)
        return [item.kind for _, item in items(told.events, asked) if item.action_id]

    assert (kinds(8.5), kinds(10)) == (["action"], ["action_to_verify"])
    asked = asked_by(reader, hours=8.5, figure="late")
    late = explained(LIST.name, asked, told.events, dict(items(told.events, asked)))
    assert (late.value, recomputed(late, named(late, told.events))) == (1, 1)
