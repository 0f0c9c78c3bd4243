"""A clock that was set aside: what is done afterwards is done for the clock that took its place."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.candour.events import ConversationHeld
from domain.incident.duty_events import DutyOpened, DutySetAside
from domain.incident.events import IncidentReported
from domain.incident.words import SetAside
from domain.kernel.words import Code, DutyId
from domain.policy.status import ClockStatus
from projections.timeliness.model import MODEL
from projections.timeliness.queries import status_of
from projections.timeliness.rows import ClockRow
from tests.support.decisions import NOON
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import sample

CASE, CANDOUR = UUID(int=1), UUID(int=2)
DUTY = DutyId(UUID(int=3))
NOTICE = Code("candour.notice_given")


def told(event: type[Any], stream: UUID, **changes: Any) -> Any:
    return replace(sample(event), originator_id=stream, timestamp=NOON, **changes)


def opened() -> Any:
    terms = replace(sample(DutyOpened).terms, met_by=(NOTICE,), set_aside_by=(), person=None, due_at=None)
    return told(DutyOpened, CASE, duty=DUTY, terms=terms)


def the_clock(*chapters: Any) -> ClockRow:
    story = Story()
    for chapter in (told(IncidentReported, CASE), opened(), *chapters):
        story.tell(chapter, cases=(CASE,))
    rows = shown(MODEL, story.events).rows
    return rows[f"{CASE}:{DUTY}"]


def spoken() -> Any:
    return told(ConversationHeld, CANDOUR, apology_given=True)


def set_aside(because: SetAside) -> Any:
    return told(DutySetAside, CASE, duty=DUTY, because=because)


def word(row: ClockRow) -> ClockStatus:
    return status_of(row, NOON + timedelta(days=1))


@pytest.mark.parametrize("because", SetAside)
def test_what_is_done_after_a_clock_was_set_aside_does_not_meet_it(because: SetAside) -> None:
    assert word(the_clock(set_aside(because), spoken())) is ClockStatus.NOT_APPLICABLE


@pytest.mark.parametrize("because", [SetAside.NOT_APPLICABLE, SetAside.DECISION_CHANGED])
def test_what_was_met_before_stays_met(because: SetAside) -> None:
    assert word(the_clock(spoken(), set_aside(because))) is ClockStatus.MET


def test_a_clock_that_is_owed_to_named_persons_now_counts_for_them_alone() -> None:
    """Otherwise one conversation would be counted twice: for the person, and for nobody in particular."""
    assert word(the_clock(spoken(), set_aside(SetAside.OWED_TO_NAMED_PERSONS))) is ClockStatus.NOT_APPLICABLE
