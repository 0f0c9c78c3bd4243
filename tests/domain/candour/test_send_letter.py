"""Writing to the person."""

from typing import Any

import pytest

from domain.candour.commands.send_letter import ApologyMissing, NoticeMissing, SendLetter, send_letter
from domain.candour.events import LetterKind, LetterSent
from domain.kernel.words import Code
from tests.domain.candour.facts import PERSON, RECORD, STATES, attempted, declined, identified, talked, text, wrote
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def write(*history: Any, kind: LetterKind = LetterKind.NOTIFICATION, apology: bool = True, days: float = 1) -> Outcome:
    command = SendLetter(
        letter=RECORD, kind=kind, apology_given=apology, outcome=Code("delivered"), contents=text("We are sorry")
    )
    return given(*history).when(send_letter, command, a_stamp(days=days))


NOT_APPROACHED = {"identified", "promised", "talked without apology"}


@pytest.mark.parametrize("kind", list(LetterKind))
@over_every_state(STATES, {state: NoticeMissing if state in NOT_APPROACHED else LetterSent for state in STATES})
def test_writing_in_every_state(history: tuple[Any, ...], expected: type[Any], kind: LetterKind) -> None:
    check(write(*history, kind=kind), expected)


def test_a_letter_says_which_it_was_and_what_became_of_it() -> None:
    write(identified(), talked()).then(
        LetterSent,
        letter=RECORD,
        person=PERSON,
        kind=LetterKind.NOTIFICATION,
        apology_given=True,
        outcome="delivered",
        contents=text("We are sorry"),
    )


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_without_an_apology_is_refused(kind: LetterKind) -> None:
    refused = write(identified(), talked(), kind=kind, apology=False).then_refused(ApologyMissing, "20(4)(d)")

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/apology_given",)


@pytest.mark.parametrize("approach", [talked(days=2), declined(days=2), attempted(days=2)])
def test_a_letter_from_before_the_person_was_approached_is_refused(approach: Any) -> None:
    """Regulation 20(4) lets the letter *follow* the notification in person, or the attempt at one."""
    write(identified(), approach, days=1.9).then_refused(NoticeMissing)
    write(identified(), approach, days=2).then(LetterSent)


def test_the_earliest_approach_counts_whatever_was_recorded_first() -> None:
    write(identified(), talked(days=5), declined(days=1), days=2).then(LetterSent)
    write(identified(), attempted(days=5), talked(days=1), days=2).then(LetterSent)
    write(identified(), declined(days=5), attempted(days=1), days=2).then(LetterSent)


def test_each_letter_gives_what_it_is_for() -> None:
    notification = given(identified(), talked(), wrote(LetterKind.NOTIFICATION)).aggregate()
    results = given(identified(), talked(), wrote(LetterKind.RESULTS)).aggregate()

    assert (notification.notification_letter_sent, notification.results_given) == (True, False)
    assert (results.notification_letter_sent, results.results_given) == (False, True)
