"""Agree that a person be erased: a second pair of eyes, and then days in which it can still be taken back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.erasure.events import ErasureApproved
from domain.erasure.refusals import LegalHoldStands, NotWaiting, OwnDecision
from domain.erasure.state import Erasure
from domain.erasure.words import Stage
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.words import HoldId, PersonId

COOLING_OFF: Final = timedelta(days=7)
"""How long after its approval an erasure can still be taken back. What was approved keeps the moment it was given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveErasure:
    """The erasure of this person is agreed to."""

    person: PersonId


def approve_erasure(erasure: Erasure, command: ApproveErasure, stamp: Stamp, *, holds: tuple[HoldId, ...]) -> None:
    """Record the approval; its cooling-off begins at the ledger's present, so that it cannot be dated back.

    The same approver saying so again records nothing.

    Raises:
        NotWaiting: it was decided or taken back.
        OwnDecision: the approver asked for it.
        LegalHoldStands: on one of its cases.
    """
    del command
    if erasure.stage is Stage.APPROVED and erasure.approved_by == stamp.by.id:
        return
    if erasure.stage is not Stage.REQUESTED:
        raise NotWaiting(f"The erasure is {erasure.stage.replace('_', ' ')}.")
    if erasure.requested_by == stamp.by.id:
        raise OwnDecision
    if holds:
        raise LegalHoldStands
    approved = ErasureApproved(**after(erasure, stamp), approved_by=stamp.by.id, due_at=stamp.now + COOLING_OFF)
    record(erasure, approved)
