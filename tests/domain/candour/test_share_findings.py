"""Sharing findings with the person."""

from typing import Any

import pytest

from domain.candour.commands.share_findings import ResponseUnknown, ShareFindings, share_findings
from domain.candour.events import FindingsShared, SharedStage
from domain.kernel.words import Code, ResponseId
from tests.domain.candour.facts import PERSON, RECORD, RESPONSE, STATES, identified, shared
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, an_id, given

OTHER = ResponseId(an_id(0x22))


def share(
    *history: Any,
    stage: SharedStage = SharedStage.FINAL,
    response: ResponseId = RESPONSE,
    acknowledged: bool = False,
) -> Outcome:
    command = ShareFindings(
        share=RECORD, response=response, stage=stage, channel=Code("in_person"), acknowledged=acknowledged
    )
    return given(*history).when(share_findings, command, known_responses=frozenset({RESPONSE, OTHER}))


SHARED_ALREADY = {"results given", "declined after results"}


@over_every_state(STATES, {state: NOTHING if state in SHARED_ALREADY else FindingsShared for state in STATES})
def test_sharing_final_findings_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(share(*history), expected)


@pytest.mark.parametrize("stage", [SharedStage.DRAFT, SharedStage.INTERIM])
@over_every_state(STATES, dict.fromkeys(STATES, FindingsShared))
def test_every_draft_and_interim_update_is_recorded(
    history: tuple[Any, ...], expected: type[Any], stage: SharedStage
) -> None:
    check(share(*history, stage=stage), expected)


def test_a_share_says_what_was_shared_and_how() -> None:
    share(identified(), acknowledged=True).then(
        FindingsShared,
        share=RECORD,
        person=PERSON,
        response=RESPONSE,
        stage=SharedStage.FINAL,
        channel="in_person",
        acknowledged=True,
    )


def test_findings_of_a_response_that_the_case_does_not_have_are_refused() -> None:
    refused = share(identified(), response=ResponseId(an_id(0x99))).then_refused(ResponseUnknown)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/response",)


def test_final_findings_are_shared_once_for_each_response() -> None:
    share(identified(), shared(response=OTHER)).then(FindingsShared)
    share(identified(), shared(response=RESPONSE)).then_nothing()


def test_an_acknowledgement_that_comes_later_is_recorded_once() -> None:
    share(identified(), shared(), acknowledged=True).then(FindingsShared, acknowledged=True)
    share(identified(), shared(acknowledged=True), acknowledged=True).then_nothing()
    share(identified(), shared(acknowledged=True), acknowledged=False).then_nothing()
    share(identified(), shared(acknowledged=True), shared(), acknowledged=True).then_nothing()


def test_only_final_findings_count_as_shared_and_none_are_the_letter_of_results() -> None:
    for stage in (SharedStage.DRAFT, SharedStage.INTERIM):
        candour = given(identified(), shared(stage)).aggregate()
        assert (candour.results_given, candour.shared_final(RESPONSE)) == (False, False)

    candour = given(identified(), shared()).aggregate()
    assert (candour.results_given, candour.shared_final(RESPONSE), candour.shared_final(OTHER)) == (False, True, False)
