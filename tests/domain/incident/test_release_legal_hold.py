"""Releasing a legal hold."""

import pytest

from domain.incident.commands.place_legal_hold import place_legal_hold
from domain.incident.commands.release_legal_hold import (
    HoldUnknown,
    OwnHoldRelease,
    ReleasedBeforePlaced,
    ReleaseLegalHold,
    release_legal_hold,
)
from domain.incident.events import LegalHoldReleased
from domain.incident.standing import ReasonMissing
from tests.domain.incident.test_place_legal_hold import HOLD, OTHER, PLACING
from tests.support.decisions import a_stamp, an_actor
from tests.support.incidents import Story, words

RELEASING = ReleaseLegalHold(hold=HOLD, reason=words("The inquest has ended."))
ANOTHER = an_actor(number=2)


def held(story: Story | None = None) -> Story:
    return (story or Story()).then(place_legal_hold, PLACING)


def test_who_released_it_and_why_is_recorded() -> None:
    held().when(release_legal_hold, RELEASING, a_stamp(days=1, by=ANOTHER)).then(
        LegalHoldReleased, hold=HOLD, reason=RELEASING.reason, released_by=ANOTHER.id
    )


def test_once_released_it_stands_no_longer() -> None:
    story = held().then(release_legal_hold, RELEASING, a_stamp(days=1, by=ANOTHER))

    assert story.incident.legal_holds.standing == ()
    assert list(story.incident.legal_holds.placed) == [HOLD]


@pytest.mark.parametrize("story", [Story().closed(), Story().entered_in_error()], ids=["closed", "error"])
def test_it_is_released_on_any_case(story: Story) -> None:
    held(story).when(release_legal_hold, RELEASING, a_stamp(days=1, by=ANOTHER)).then(LegalHoldReleased)


def test_who_placed_it_does_not_release_it() -> None:
    held().when(release_legal_hold, RELEASING, a_stamp(days=1)).then_refused(OwnHoldRelease)


def test_releasing_it_again_is_nothing_new() -> None:
    story = held().then(release_legal_hold, RELEASING, a_stamp(days=1, by=ANOTHER))

    story.when(release_legal_hold, RELEASING, a_stamp(days=2, by=ANOTHER)).then_nothing()


def test_a_hold_that_was_never_placed_is_refused() -> None:
    unknown = ReleaseLegalHold(hold=OTHER, reason=words())

    held().when(release_legal_hold, unknown, a_stamp(days=1, by=ANOTHER)).then_refused(HoldUnknown)


def test_it_does_not_end_before_it_began() -> None:
    held().when(release_legal_hold, RELEASING, a_stamp(days=-1, by=ANOTHER)).then_refused(ReleasedBeforePlaced)


def test_it_is_said_why() -> None:
    silent = ReleaseLegalHold(hold=HOLD, reason=words(""))

    held().when(release_legal_hold, silent, a_stamp(days=1, by=ANOTHER)).then_refused(ReasonMissing)
