"""The row of an improvement action: completed is not verified, and the original due day is never lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.evidence.events import EvidencePreserved
from domain.kernel.words import Label
from projections.action_tracker.model import MODEL
from projections.action_tracker.queries import days_over, is_overdue
from projections.action_tracker.rows import ActionRow
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown
from tests.support.sample_events import kind_of, sample

ACTION, DUE = an_id(2), date(2026, 3, 10)


def told(event: type[Any], *, at: datetime = NOON, **changes: Any) -> Any:
    return replace(sample(event), originator_id=ACTION, timestamp=at, **changes)


def the_row(*chapters: Any) -> ActionRow:
    story = Story()
    for fact in (told(ActionAgreed, due_on=DUE), *chapters):
        story.tell(fact, kind=kind_of(type(fact)), cases=(an_id(1),))
    (row,) = shown(MODEL, story.events).rows.values()
    return row


def test_an_agreed_action_fills_the_row() -> None:
    agreed = told(ActionAgreed, due_on=DUE)

    row = the_row()

    assert (row.id, row.incident_id, row.incidents) == (ACTION, agreed.incidents[0], agreed.incidents)
    assert (row.change, row.owner_name, row.owner_role) == (agreed.change, agreed.owner_name, agreed.owner_role)
    assert (row.due_on, row.original_due_on, row.state, row.findings) == (DUE, DUE, "agreed", 2)
    assert row.has_measure


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([ActionAccepted], "accepted"),
        ([ActionAccepted, ActionHandedOver], "agreed"),
        ([ActionAccepted, ActionMonitored], "accepted"),
        ([ActionAccepted, ActionCompleted], "completed"),
        ([ActionAccepted, ActionCompleted, ActionRejected], "accepted"),
        ([ActionAccepted, ActionCompleted, ActionVerified], "verified"),
        ([ActionWithdrawn], "withdrawn"),
    ],
)
def test_how_far_it_is(facts: list[type[Any]], state: str) -> None:
    assert the_row(*(told(fact) for fact in facts)).state == state


def test_the_original_day_is_never_lost() -> None:
    later = [told(ActionExtended, due_on=DUE + timedelta(days=days)) for days in (7, 14)]

    row = the_row(*later)

    assert (row.due_on, row.original_due_on, row.extensions) == (DUE + timedelta(days=14), DUE, 2)


def test_a_new_owner_has_yet_to_accept() -> None:
    row = the_row(told(ActionAccepted), told(ActionHandedOver, owner_role=Label("matron")))

    assert (row.owner_role, row.accepted_at, row.handovers) == ("matron", None, 1)


def test_a_completion_keeps_when_it_was_done_and_when_it_was_recorded() -> None:
    row = the_row(told(ActionCompleted, at=NOON - timedelta(days=1)))

    assert row.completed_at == NOON - timedelta(days=1)
    assert row.completed_recorded_at == NOON + timedelta(minutes=2)


def test_a_rejected_completion_is_none() -> None:
    row = the_row(told(ActionCompleted), told(ActionRejected))

    assert (row.completed_at, row.completed_recorded_at, row.rejections) == (None, None, 1)


def test_another_stream_of_the_case_is_no_action() -> None:
    story = Story()
    story.tell(told(EvidencePreserved), kind="evidence", cases=(an_id(1),))

    assert shown(MODEL, story.events).rows == {}


@pytest.mark.parametrize(
    ("days", "facts", "over"),
    [
        (8, [], 0),
        (9, [], 1),
        (12, [], 4),
        (12, [(ActionCompleted, 10)], 0),
        (9, [(ActionCompleted, 10)], 1),
        (12, [(ActionWithdrawn, 10)], 0),
        (12, [(ActionCompleted, 10), (ActionRejected, 11)], 4),
    ],
)
def test_it_is_overdue_from_the_day_after_its_due_day_until_it_is_done(
    days: int, facts: list[tuple[type[Any], int]], over: int
) -> None:
    row = the_row(*(told(fact, at=NOON + timedelta(days=day)) for fact, day in facts))
    as_of = NOON + timedelta(days=days)

    assert (is_overdue(row, as_of), days_over(row, as_of)) == (over > 0, over)
