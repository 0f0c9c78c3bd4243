"""Leaving a finding without action."""

from typing import Any

import pytest

from domain.kernel.words import AreaId, FindingId
from domain.learning_response.commands.leave_finding_without_action import (
    LeaveFindingWithoutAction,
    leave_finding_without_action,
)
from domain.learning_response.events import FindingLeftWithoutAction
from domain.learning_response.refusals import FindingUnknown
from tests.domain.learning_response.facts import (
    AREA,
    FINDING,
    SECOND_FINDING,
    STATES,
    area,
    commissioned,
    found,
    left,
    text,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, an_id, given


def leave(*history: Any, finding: FindingId = FINDING, reason: str = "Already mended") -> Outcome:
    command = LeaveFindingWithoutAction(finding=finding, reason=text(reason))
    return given(*history).when(leave_finding_without_action, command)


@over_every_state(
    STATES,
    {
        "commissioned": FindingUnknown,
        "led": FindingUnknown,
        "found without lead": FindingLeftWithoutAction,
        "found": FindingLeftWithoutAction,
        "put forward": FindingLeftWithoutAction,
        "returned": FindingLeftWithoutAction,
        "area named": FindingLeftWithoutAction,
        "finding left": NOTHING,
        "sharing waived": FindingLeftWithoutAction,
        "approved": FindingLeftWithoutAction,
        "submitted": FindingLeftWithoutAction,
        "received": FindingLeftWithoutAction,
    },
)
def test_leaving_a_finding_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(leave(*history), expected)


def test_the_reason_stays_on_record_and_may_be_given_anew() -> None:
    leave(commissioned(), found()).then(FindingLeftWithoutAction, finding=FINDING, reason=text("Already mended"))
    leave(commissioned(), found(), left(), reason="The theatre is closed").then(FindingLeftWithoutAction)


def test_a_finding_that_was_not_made_is_refused() -> None:
    refused = leave(commissioned(), found(), finding=SECOND_FINDING).then_refused(FindingUnknown)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/finding",)


BOTH = (commissioned(), found(), found(SECOND_FINDING))


@pytest.mark.parametrize(
    ("history", "findings", "areas", "unanswered"),
    [
        (BOTH, (), (), (FINDING, SECOND_FINDING)),
        (BOTH, (FINDING,), (), (SECOND_FINDING,)),
        (BOTH, (FINDING, SECOND_FINDING), (), ()),
        ((*BOTH, left()), (), (), (SECOND_FINDING,)),
        ((*BOTH, left()), (SECOND_FINDING,), (), ()),
        ((*BOTH, area()), (), (), (FINDING, SECOND_FINDING)),
        ((*BOTH, area()), (), (AREA,), (SECOND_FINDING,)),
        ((*BOTH, area((FINDING, SECOND_FINDING))), (), (AREA,), ()),
        (BOTH, (), (AreaId(an_id(0x99)),), (FINDING, SECOND_FINDING)),
        ((commissioned(),), (), (), ()),
    ],
)
def test_a_finding_is_answered_by_an_action_directly_or_through_an_area_or_by_a_reason(
    history: tuple[Any, ...],
    findings: tuple[FindingId, ...],
    areas: tuple[AreaId, ...],
    unanswered: tuple[FindingId, ...],
) -> None:
    response = given(*history).aggregate()

    assert response.unanswered_findings(findings=findings, areas=areas) == unanswered
