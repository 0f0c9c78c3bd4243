"""Trying to reach the person."""

from typing import Any

import pytest

from domain.candour.commands.record_contact_attempt import RecordContactAttempt, record_contact_attempt
from domain.candour.events import ContactAttempted
from domain.kernel.words import Code
from tests.domain.candour.facts import PERSON, RECORD, STATES, asked, attempted, identified, talked, text
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, given


def attempt(*history: Any) -> Outcome:
    command = RecordContactAttempt(
        attempt=RECORD, channel=Code("telephone"), outcome=Code("no_answer"), note=text("Rang twice")
    )
    return given(*history).when(record_contact_attempt, command)


@over_every_state(STATES, dict.fromkeys(STATES, ContactAttempted))
def test_an_attempt_is_recorded_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(attempt(*history), expected)


def test_an_attempt_says_how_and_with_which_outcome() -> None:
    attempt(identified()).then(
        ContactAttempted,
        attempt=RECORD,
        person=PERSON,
        channel="telephone",
        outcome="no_answer",
        note=text("Rang twice"),
    )


def test_every_attempt_counts() -> None:
    assert given(identified(), attempted(), attempted("message_left")).aggregate().contact_attempts == 2


def test_an_attempt_alone_releases_nobody() -> None:
    """One call that nobody answered does not end the duty to give notice."""
    assert not given(identified(), attempted(), attempted("message_left")).aggregate().is_released


def test_a_person_who_cannot_be_contacted_releases_from_notice() -> None:
    candour = given(identified(), attempted("cannot_be_contacted")).aggregate()

    assert (candour.cannot_be_contacted, candour.has_declined, candour.is_released) == (True, False, True)


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [
        ("no_answer", ["candour.contact_attempted"]),
        ("cannot_be_contacted", ["candour.contact_attempted", "candour.cannot_be_contacted"]),
    ],
)
def test_an_attempt_is_done_for_the_person_and_only_the_last_one_in_vain_says_so(
    outcome: str, codes: list[str]
) -> None:
    done = attempted(outcome).done()

    assert [each.code for each in done] == codes
    assert {each.person for each in done} == {PERSON}


@pytest.mark.parametrize("contact", [talked(days=1), asked(days=1)])
def test_until_they_are_in_touch_after_all(contact: Any) -> None:
    assert not given(identified(), attempted("cannot_be_contacted"), contact).aggregate().cannot_be_contacted
    assert (
        given(identified(), contact, attempted("cannot_be_contacted", days=2), contact).aggregate().cannot_be_contacted
    )
