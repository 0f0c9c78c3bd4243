"""Extending an action."""

from datetime import date
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.action.commands.extend_action import DueNotLater, ExtendAction, extend_action
from domain.action.events import ActionExtended
from domain.action.refusals import ActionNotOpen, DueInPast
from tests.domain.action.facts import DUE, STATES, accepted, agreed, extended, named, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given

JUNE = date(2026, 6, 30)


def extend(*history: Any, to: date = JUNE, days: float = 1) -> Outcome:
    command = ExtendAction(due_on=to, reason=text("Boards not delivered"), agreed_by=named("A Director"))
    return given(*history).when(extend_action, command, a_stamp(days=days))


@over_every_state(
    STATES,
    {
        "agreed": ActionExtended,
        "accepted": ActionExtended,
        "extended": ActionExtended,
        "handed over": ActionExtended,
        "monitored": ActionExtended,
        "completed": ActionNotOpen,
        "rejected": ActionExtended,
        "verified": ActionNotOpen,
        "withdrawn": ActionNotOpen,
        "withdrawn after completion": ActionNotOpen,
    },
)
def test_extending_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(extend(*history), expected)


def test_an_extension_keeps_the_day_that_stood_before() -> None:
    extend(agreed(), extended(date(2026, 4, 30))).then(
        ActionExtended,
        previous_due_on=date(2026, 4, 30),
        due_on=JUNE,
        reason=text("Boards not delivered"),
        agreed_by=named("A Director"),
    )


def test_an_earlier_day_or_the_day_first_agreed_is_no_extension() -> None:
    extend(agreed(), to=DUE).then_refused(DueNotLater, "2026-03-31")
    extend(agreed(), extended(), to=DUE).then_refused(DueNotLater, "2026-04-30")


def test_the_day_already_granted_records_nothing_new() -> None:
    extend(agreed(), extended(JUNE), to=JUNE).then_nothing()


def test_an_overdue_action_may_be_extended_but_not_to_a_day_that_has_passed() -> None:
    """Days after 2 March 2026: day 60 is 1 May."""
    extend(agreed(), to=date(2026, 4, 30), days=60).then_refused(DueInPast)
    extend(agreed(), to=date(2026, 5, 1), days=60).then(ActionExtended)


@for_all(st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=8))
def test_the_day_first_agreed_is_never_lost_and_the_due_day_never_moves_back(days: list[date]) -> None:
    history: list[Any] = [agreed(), accepted()]
    standing = DUE
    for day in days:
        history += extend(*history, to=day).events
        action = given(*history).aggregate()
        assert action.original_due_on == DUE
        assert action.due_on >= standing
        standing = action.due_on
    assert [event.previous_due_on for event in history[2:]] == [DUE, *(event.due_on for event in history[2:])][:-1]
