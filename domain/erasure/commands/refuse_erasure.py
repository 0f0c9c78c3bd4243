"""Decide that a person stays in the record."""

from dataclasses import dataclass

from domain.erasure.events import ErasureRefused
from domain.erasure.refusals import NotWaiting, OwnDecision, check_reasons
from domain.erasure.state import Erasure
from domain.erasure.words import Stage
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.words import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class RefuseErasure:
    """The erasure of this person is not agreed to, and why: whoever asked for it must be told."""

    person: PersonId
    reasons: Narrative


def refuse_erasure(erasure: Erasure, command: RefuseErasure, stamp: Stamp) -> None:
    """Record the refusal; refusing what was refused records nothing.

    Raises:
        NotWaiting: it was approved, carried out or taken back.
        OwnDecision: whoever refuses asked for it; they may take it back.
        ErasureReasonsMissing: nothing was said about why.
    """
    if erasure.stage is Stage.REFUSED:
        return
    if erasure.stage is not Stage.REQUESTED:
        raise NotWaiting(f"The erasure is {erasure.stage.replace('_', ' ')}.")
    if erasure.requested_by == stamp.by.id:
        raise OwnDecision
    check_reasons(command.reasons)
    record(erasure, ErasureRefused(**after(erasure, stamp), reasons=command.reasons, refused_by=stamp.by.id))
