"""Carry an approved erasure out once its cooling-off has ended, or say which legal hold stands against it."""

from dataclasses import dataclass
from typing import ClassVar

from domain.erasure.contents import Contents, extent_of
from domain.erasure.events import ErasureCarriedOut, ErasureHeld
from domain.erasure.state import Erasure
from domain.erasure.words import Stage
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class CarryOutErasure:
    """The time to erase this person has come."""

    person: PersonId


class NotApproved(Refusal):
    """Only what was approved is carried out."""

    code: ClassVar[str] = "erasure.not-approved"


class CoolingOff(Refusal):
    """The erasure can still be taken back."""

    code: ClassVar[str] = "erasure.cooling-off"


def carry_out_erasure(erasure: Erasure, command: CarryOutErasure, stamp: Stamp, *, contents: Contents) -> None:
    """Record which keys are to be destroyed, or that a legal hold stands.

    `contents` must still hold when this is appended. Every key about the person goes, and those of the texts named in
    the request. What was carried out is not carried out again, and a hold is recorded once.

    Raises:
        NotApproved: nobody agreed, or it was taken back.
        CoolingOff: it is too early.
    """
    if erasure.stage is Stage.CARRIED_OUT:
        return
    if erasure.stage not in (Stage.APPROVED, Stage.HELD) or erasure.due_at is None:
        raise NotApproved(f"The erasure is {erasure.stage}.")
    if stamp.now < erasure.due_at:
        raise CoolingOff(f"It is due at {erasure.due_at:%Y-%m-%d %H:%M:%S} UTC.")
    if contents.holds:
        if contents.holds != erasure.held_by:
            record(erasure, ErasureHeld(**after(erasure, stamp), holds=contents.holds))
        return
    extent = extent_of(contents, command.person, erasure.texts)
    carried_out = ErasureCarriedOut(
        **after(erasure, stamp),
        keys=extent.keys,
        values=extent.values,
        texts=extent.texts,
        events=extent.events,
    )
    record(erasure, carried_out)
