"""Making a finding."""

from typing import Any

from domain.kernel.words import EvidenceId
from domain.learning_response.commands.make_finding import EvidenceUnknown, FindingUnfounded, MakeFinding, make_finding
from domain.learning_response.events import Factor, FindingMade
from domain.learning_response.refusals import AlreadyApproved
from tests.domain.learning_response.facts import (
    EVIDENCE,
    FACTOR,
    FINDING,
    SECOND_FINDING,
    STATES,
    commissioned,
    found,
    text,
)
from tests.domain.state_tables import check, over_every_state
from tests.support.decisions import Outcome, an_id, given

STRANGER = EvidenceId(an_id(0x99))


def find(
    *history: Any, evidence: tuple[EvidenceId, ...] = (EVIDENCE,), factors: tuple[Factor, ...] = (FACTOR,)
) -> Outcome:
    command = MakeFinding(finding=SECOND_FINDING, words=text("Counts differ"), evidence=evidence, factors=factors)
    return given(*history).when(make_finding, command, known_evidence=frozenset({EVIDENCE}))


@over_every_state(
    STATES,
    {
        "commissioned": FindingMade,
        "led": FindingMade,
        "found without lead": FindingMade,
        "found": FindingMade,
        "put forward": FindingMade,
        "returned": FindingMade,
        "area named": FindingMade,
        "finding left": FindingMade,
        "sharing waived": FindingMade,
        "approved": AlreadyApproved,
        "submitted": AlreadyApproved,
        "received": AlreadyApproved,
    },
)
def test_finding_something_in_every_state(history: tuple[Any, ...], expected: type[Any]) -> None:
    check(find(*history), expected)


def test_a_finding_cites_what_it_rests_on() -> None:
    find(commissioned(), evidence=(EVIDENCE, EVIDENCE)).then(
        FindingMade, finding=SECOND_FINDING, words=text("Counts differ"), evidence=(EVIDENCE,), factors=(FACTOR,)
    )


def test_evidence_or_a_factor_is_enough() -> None:
    find(commissioned(), evidence=()).then(FindingMade)
    find(commissioned(), factors=()).then(FindingMade)


def test_a_finding_that_rests_on_nothing_is_refused() -> None:
    """A finding that cites nothing is an opinion."""
    find(commissioned(), evidence=(), factors=()).then_refused(FindingUnfounded)


def test_evidence_that_nobody_preserved_is_refused_by_its_place() -> None:
    refused = find(commissioned(), evidence=(EVIDENCE, STRANGER)).then_refused(EvidenceUnknown, "1 are not")

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/evidence/1",)


def test_findings_are_kept_in_the_order_made() -> None:
    assert given(commissioned(), found(), found(SECOND_FINDING)).aggregate().findings == (FINDING, SECOND_FINDING)
