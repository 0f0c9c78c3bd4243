"""Naming an area for improvement."""

from typing import Any

from domain.kernel.words import FindingId
from domain.learning_response.commands.name_area import AreaUnfounded, NameArea, name_area
from domain.learning_response.events import AreaForImprovementNamed
from domain.learning_response.refusals import AlreadyApproved, FindingUnknown
from tests.domain.learning_response.facts import (
    AREA,
    FINDING,
    SECOND_FINDING,
    STATES,
    area,
    commissioned,
    found,
    text,
)
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, given


def name(*history: Any, findings: tuple[FindingId, ...] = (FINDING,)) -> Outcome:
    command = NameArea(area=AREA, words=text("Counting in theatres"), findings=findings)
    return given(*history).when(name_area, command)


@over_every_state(
    STATES,
    {
        "commissioned": FindingUnknown,
        "led": FindingUnknown,
        "found without lead": AreaForImprovementNamed,
        "found": AreaForImprovementNamed,
        "put forward": AreaForImprovementNamed,
        "returned": AreaForImprovementNamed,
        "area named": AreaForImprovementNamed,
        "finding left": AreaForImprovementNamed,
        "sharing waived": AreaForImprovementNamed,
        "approved": AlreadyApproved,
        "submitted": AlreadyApproved,
        "received": AlreadyApproved,
    },
)
def test_naming_an_area_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(name(*history), expected)


def test_an_area_follows_from_its_findings() -> None:
    name(commissioned(), found(), found(SECOND_FINDING), findings=(SECOND_FINDING, FINDING, FINDING)).then(
        AreaForImprovementNamed,
        area=AREA,
        words=text("Counting in theatres"),
        findings=(SECOND_FINDING, FINDING),
    )


def test_an_area_that_follows_from_nothing_is_refused() -> None:
    name(commissioned(), found(), findings=()).then_refused(AreaUnfounded)


def test_a_finding_that_was_not_made_is_refused_by_its_place() -> None:
    refused = name(commissioned(), found(), findings=(FINDING, SECOND_FINDING)).then_refused(FindingUnknown)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/findings/1",)


def test_the_areas_are_known_with_their_findings() -> None:
    assert given(commissioned(), found(), area()).aggregate().areas == {AREA: (FINDING,)}
