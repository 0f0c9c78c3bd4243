"""Say that an action is done, with the evidence for it. Completed is not verified."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from domain.action.events import ActionCompleted
from domain.action.refusals import ActionNotOpen
from domain.action.state import Action, Status
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import EvidenceId


@dataclass(frozen=True, kw_only=True, slots=True)
class CompleteAction:
    """What was done, and the items of evidence that show it."""

    evidence: tuple[EvidenceId, ...]
    summary: Narrative


class EvidenceMissing(Refusal):
    """An action cannot be completed until some evidence is attached."""

    code: ClassVar[str] = "action.evidence-missing"


class EvidenceUnknown(Refusal):
    """The completion cites evidence that was not preserved in one of the action's cases."""

    code: ClassVar[str] = "action.evidence-unknown"


class ActionNotAccepted(Refusal):
    """An action that its owner has not accepted cannot be completed."""

    code: ClassVar[str] = "action.not-accepted"


def complete_action(
    action: Action, command: CompleteAction, stamp: Stamp, *, known_evidence: Collection[EvidenceId]
) -> None:
    """Record the completion and who says so. Sending the same completion twice records nothing new.

    `known_evidence` holds the items preserved in the action's cases.

    Raises:
        ActionNotOpen: it is completed with other evidence or words, verified or withdrawn.
        ActionNotAccepted: nobody has accepted it since it was agreed or handed over.
        EvidenceMissing: no evidence was attached.
        EvidenceUnknown: an item of evidence was not preserved in one of the cases.
    """
    evidence = tuple(dict.fromkeys(command.evidence))
    if action.status is Status.COMPLETED and _stands(action, evidence, command.summary):
        return
    if action.status is not Status.OPEN:
        raise ActionNotOpen(f"The action is {action.status}.")
    if action.accepted_by is None:
        raise ActionNotAccepted("Its owner has yet to accept it.")
    if not evidence:
        raise EvidenceMissing("No evidence is attached.", pointers=("/evidence",))
    strangers = tuple(f"/evidence/{place}" for place, each in enumerate(command.evidence) if each not in known_evidence)
    if strangers:
        raise EvidenceUnknown(f"Of the items attached, {len(strangers)} are not known.", pointers=strangers)
    completed = ActionCompleted(
        **after(action, stamp), evidence=evidence, summary=command.summary, completed_by=stamp.by.id
    )
    record(action, completed)


def _stands(action: Action, evidence: tuple[EvidenceId, ...], summary: Narrative) -> bool:
    return action.evidence == evidence and action.summary is not None and action.summary.words == summary.words
