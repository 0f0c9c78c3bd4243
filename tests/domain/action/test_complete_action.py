"""Completing an action."""

from typing import Any

from domain.action.commands.complete_action import (
    ActionNotAccepted,
    CompleteAction,
    EvidenceMissing,
    EvidenceUnknown,
    complete_action,
)
from domain.action.events import ActionCompleted
from domain.action.refusals import ActionNotOpen
from domain.action.state import Status
from domain.kernel.words import EvidenceId
from tests.domain.action.facts import EVIDENCE, OWNER, STATES, accepted, agreed, completed, text
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, an_id, given

SECOND = EvidenceId(an_id(0xE2))


def complete(
    *history: Any, evidence: tuple[EvidenceId, ...] = (EVIDENCE,), summary: str = "Boards are up in all six"
) -> Outcome:
    command = CompleteAction(evidence=evidence, summary=text(summary))
    return given(*history).when(
        complete_action, command, a_stamp(days=1, by=OWNER), known_evidence=frozenset({EVIDENCE, SECOND})
    )


@over_every_state(
    STATES,
    {
        "agreed": ActionNotAccepted,
        "accepted": ActionCompleted,
        "extended": ActionCompleted,
        "handed over": ActionNotAccepted,
        "monitored": ActionCompleted,
        "completed": NOTHING,
        "rejected": ActionCompleted,
        "verified": ActionNotOpen,
        "withdrawn": ActionNotOpen,
        "withdrawn after completion": ActionNotOpen,
    },
)
def test_completing_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(complete(*history), expected)


def test_a_completion_holds_its_evidence_and_who_says_so() -> None:
    complete(agreed(), accepted(), evidence=(EVIDENCE, SECOND, EVIDENCE)).then(
        ActionCompleted,
        evidence=(EVIDENCE, SECOND),
        summary=text("Boards are up in all six"),
        completed_by=OWNER.id,
        timestamp=a_stamp(days=1).at,
    )


def test_completion_without_evidence_is_refused() -> None:
    """No evidence, no completion: a board must be able to see why it is done."""
    complete(agreed(), accepted(), evidence=()).then_refused(EvidenceMissing)


def test_evidence_that_nobody_preserved_is_refused_by_its_place() -> None:
    refused = complete(agreed(), accepted(), evidence=(EVIDENCE, EvidenceId(an_id(0x99)))).then_refused(EvidenceUnknown)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/evidence/1",)


def test_a_completed_action_is_not_completed_again_with_other_evidence_or_words() -> None:
    history = (agreed(), accepted(), completed())

    complete(*history, evidence=(SECOND,)).then_refused(ActionNotOpen, "completed")
    complete(*history, summary="And in the seventh").then_refused(ActionNotOpen, "completed")


def test_completed_is_not_verified() -> None:
    action = given(agreed(), accepted(), completed()).aggregate()

    assert (action.status, action.verified_by) == (Status.COMPLETED, None)
    assert (action.evidence, action.completed_by, action.completed_at) == ((EVIDENCE,), OWNER.id, a_stamp().at)
