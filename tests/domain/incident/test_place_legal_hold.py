"""Placing a legal hold on a case."""

from dataclasses import replace

import pytest

from domain.incident.commands.place_legal_hold import PlaceLegalHold, place_legal_hold
from domain.incident.commands.release_legal_hold import ReleaseLegalHold, release_legal_hold
from domain.incident.events import LegalHoldPlaced
from domain.incident.standing import ReasonMissing
from domain.incident.words import HoldAuthority
from domain.kernel.words import HoldId, Reference
from tests.support.decisions import a_stamp, an_actor, an_id
from tests.support.incidents import Story, words

HOLD, OTHER = HoldId(an_id(801)), HoldId(an_id(802))
PLACING = PlaceLegalHold(
    hold=HOLD, authority=HoldAuthority.CORONER, reference=Reference("INQ-7"), reason=words("An inquest was opened.")
)


def test_for_whom_the_record_is_kept_is_recorded() -> None:
    by = an_actor(number=4)

    Story().when(place_legal_hold, PLACING, a_stamp(by=by)).then(
        LegalHoldPlaced,
        hold=HOLD,
        authority=HoldAuthority.CORONER,
        reference="INQ-7",
        reason=PLACING.reason,
        placed_by=by.id,
    )


@pytest.mark.parametrize(
    "story", [Story(), Story().closed(), Story().entered_in_error()], ids=["open", "closed", "error"]
)
def test_a_hold_stands_on_any_case(story: Story) -> None:
    story.then(place_legal_hold, PLACING)

    assert [each.hold for each in story.incident.legal_holds.standing] == [HOLD]


def test_without_a_reason_it_is_refused() -> None:
    Story().when(place_legal_hold, replace(PLACING, reason=words(" "))).then_refused(ReasonMissing)


def test_the_same_hold_again_is_nothing_new() -> None:
    Story().then(place_legal_hold, PLACING).when(place_legal_hold, replace(PLACING, hold=OTHER)).then_nothing()


@pytest.mark.parametrize(
    "other",
    [{"authority": HoldAuthority.POLICE}, {"reference": None}, {"reason": words("A second inquest was opened.")}],
)
def test_another_hold_stands_beside_it(other: dict[str, object]) -> None:
    story = Story().then(place_legal_hold, PLACING).then(place_legal_hold, replace(PLACING, hold=OTHER, **other))  # type: ignore[arg-type]  # one field each

    assert [each.hold for each in story.incident.legal_holds.standing] == [HOLD, OTHER]


def test_a_hold_that_was_released_can_be_placed_again() -> None:
    released = Story().then(place_legal_hold, PLACING)
    released.then(
        release_legal_hold, ReleaseLegalHold(hold=HOLD, reason=words()), a_stamp(days=1, by=an_actor(number=2))
    )

    released.when(place_legal_hold, replace(PLACING, hold=OTHER)).then(LegalHoldPlaced, hold=OTHER)
