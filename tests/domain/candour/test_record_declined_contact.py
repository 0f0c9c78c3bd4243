"""The person does not wish to be contacted."""

from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.candour.commands.record_declined_contact import RecordDeclinedContact, record_declined_contact
from domain.candour.events import ContactDeclined
from tests.domain.candour.facts import PERSON, RECORD, STATES, asked, declined, identified, talked, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, given


def decline(*history: Any) -> Outcome:
    command = RecordDeclinedContact(attempt=RECORD, wishes=text("Please leave us alone"))
    return given(*history).when(record_declined_contact, command)


@over_every_state(STATES, dict.fromkeys(STATES, ContactDeclined))
def test_declining_is_recorded_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(decline(*history), expected)


def test_the_persons_own_words_are_kept() -> None:
    decline(identified()).then(ContactDeclined, attempt=RECORD, person=PERSON, wishes=text("Please leave us alone"))


def test_a_person_who_declined_has_declined_until_they_talk_or_ask() -> None:
    assert given(identified(), declined()).aggregate().has_declined
    assert not given(identified(), declined(), talked()).aggregate().has_declined
    assert not given(identified(), declined(), asked()).aggregate().has_declined
    assert given(identified(), declined(), talked(), declined()).aggregate().has_declined


def test_a_conversation_entered_late_does_not_undo_a_later_wish() -> None:
    """What counts is when the person said it, not when somebody wrote it down."""
    assert given(identified(), declined(days=2), talked(days=1)).aggregate().has_declined
    assert not given(identified(), asked(days=2), declined(days=1)).aggregate().has_declined


@for_all(st.lists(st.tuples(st.sampled_from([declined, talked, asked]), st.integers(0, 3)), min_size=1))
def test_the_latest_wish_stands_and_at_one_instant_the_one_recorded_last(wishes: list[tuple[Any, int]]) -> None:
    candour = given(identified(), *(wish(days=days) for wish, days in wishes)).aggregate()

    latest_day = max(days for _, days in wishes)
    last = [wish for wish, days in wishes if days == latest_day][-1]
    assert candour.has_declined == (last is declined)
