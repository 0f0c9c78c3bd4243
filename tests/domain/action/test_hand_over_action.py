"""Handing an action over."""

from typing import Any

from domain.action.commands.hand_over_action import HandOverAction, hand_over_action
from domain.action.events import ActionHandedOver
from domain.action.refusals import ActionNotOpen
from domain.kernel.words import Label, PersonId
from tests.domain.action.facts import (
    OTHER_PERSON,
    OWNER_PERSON,
    STATES,
    accepted,
    agreed,
    extended,
    handed_over,
    monitored,
    named,
    text,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def hand_over(*history: Any, to: PersonId = OTHER_PERSON) -> Outcome:
    command = HandOverAction(
        owner=to, owner_name=named("Next Owner"), owner_role=Label("Matron"), reason=text("Left the trust")
    )
    return given(*history).when(hand_over_action, command)


@over_every_state(
    STATES,
    {
        "agreed": ActionHandedOver,
        "accepted": ActionHandedOver,
        "extended": ActionHandedOver,
        "handed over": NOTHING,
        "monitored": ActionHandedOver,
        "completed": ActionNotOpen,
        "rejected": ActionHandedOver,
        "verified": ActionNotOpen,
        "withdrawn": ActionNotOpen,
        "withdrawn after completion": ActionNotOpen,
    },
)
def test_handing_over_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(hand_over(*history), expected)


def test_a_handover_names_the_next_owner_and_why() -> None:
    hand_over(agreed()).then(
        ActionHandedOver,
        owner=OTHER_PERSON,
        owner_name=named("Next Owner"),
        owner_role="Matron",
        reason=text("Left the trust"),
    )


def test_a_handover_to_the_present_owner_records_nothing_new() -> None:
    hand_over(agreed(), accepted(), to=OWNER_PERSON).then_nothing()


def test_the_acceptance_falls_away_and_all_else_stays() -> None:
    action = given(agreed(), accepted(), monitored(), extended(), handed_over()).aggregate()

    assert not action.has_accepted_owner
    assert action.owner == OTHER_PERSON
    assert action.monitored_by == monitored().group
    assert action.due_on == extended().due_on
