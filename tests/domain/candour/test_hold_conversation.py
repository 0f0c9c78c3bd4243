"""Talking to the person."""

from typing import Any

import pytest

from domain.candour.commands.hold_conversation import HoldConversation, hold_conversation
from domain.candour.events import ConversationHeld
from domain.kernel.words import Code
from tests.domain.candour.facts import PERSON, RECORD, STATES, attempted, declined, identified, talked, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def talk(*history: Any, channel: str = "in_person", apology: bool = True, support: str | None = None) -> Outcome:
    command = HoldConversation(
        conversation=RECORD,
        channel=Code(channel),
        facts_known=text("A swab was left behind"),
        apology_given=apology,
        next_enquiries=text("An investigation"),
        support_offered=None if support is None else text(support),
    )
    return given(*history).when(hold_conversation, command)


@over_every_state(STATES, dict.fromkeys(STATES, ConversationHeld))
def test_a_conversation_is_recorded_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    """What really happened is never lost."""
    check(talk(*history), expected)


def test_a_conversation_says_what_was_told() -> None:
    talk(identified(), support="An interpreter").then(
        ConversationHeld,
        conversation=RECORD,
        person=PERSON,
        channel="in_person",
        in_person=True,
        facts_known=text("A swab was left behind"),
        apology_given=True,
        next_enquiries=text("An investigation"),
        support_offered=text("An interpreter"),
    )


@pytest.mark.parametrize(("channel", "in_person"), [("in_person", True), ("telephone", False), ("video", False)])
def test_only_a_conversation_face_to_face_is_in_person(channel: str, *, in_person: bool) -> None:
    talk(identified(), channel=channel).then(ConversationHeld, in_person=in_person, channel=channel)


@pytest.mark.parametrize(
    ("channel", "apology", "codes"),
    [
        ("in_person", True, {"candour.conversation_held", "candour.notice_given", "candour.notice_given:in_person"}),
        ("telephone", True, {"candour.conversation_held", "candour.notice_given"}),
        ("in_person", False, {"candour.conversation_held"}),
    ],
)
def test_a_conversation_without_an_apology_is_recorded_and_is_no_notice(
    channel: str, codes: set[str], *, apology: bool
) -> None:
    (event,) = talk(identified(), channel=channel, apology=apology).events

    assert {done.code for done in event.done()} == codes
    assert {done.person for done in event.done()} == {PERSON}


def test_notice_is_given_by_the_earliest_conversation_with_an_apology() -> None:
    history = (identified(), talked(apology=False, days=0), talked(days=2), talked(days=1))

    candour = given(*history).aggregate()

    assert candour.notice_given
    assert candour.notice_given_at == a_stamp(days=1).at
    assert not given(*history[:2]).aggregate().notice_given


@pytest.mark.parametrize("apology", [True, False])
def test_whoever_talks_no_longer_declines_nor_is_out_of_reach(*, apology: bool) -> None:
    candour = given(
        identified(), declined(), attempted("cannot_be_contacted"), talked(apology=apology, days=1)
    ).aggregate()

    assert (candour.has_declined, candour.cannot_be_contacted, candour.is_released) == (False, False, False)
