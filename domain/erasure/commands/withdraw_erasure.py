"""Take an erasure back while it can be: before it is carried out, whoever decided about it so far."""

from dataclasses import dataclass
from typing import ClassVar

from domain.erasure.events import ErasureWithdrawn
from domain.erasure.refusals import check_reasons
from domain.erasure.state import Erasure
from domain.erasure.words import Stage
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawErasure:
    """The erasure of this person is taken back, and why."""

    person: PersonId
    reasons: Narrative


class ErasureOver(Refusal):
    """The erasure was refused or carried out: there is nothing left to take back."""

    code: ClassVar[str] = "erasure.over"


def withdraw_erasure(erasure: Erasure, command: WithdrawErasure, stamp: Stamp) -> None:
    """Record that it is taken back; taking it back again records nothing.

    Raises:
        ErasureOver: it was refused or carried out.
        ErasureReasonsMissing: nothing was said about why.
    """
    if erasure.stage is Stage.WITHDRAWN:
        return
    if erasure.stage.is_over:
        raise ErasureOver(f"The erasure is {erasure.stage.replace('_', ' ')}.")
    check_reasons(command.reasons)
    record(erasure, ErasureWithdrawn(**after(erasure, stamp), reasons=command.reasons, withdrawn_by=stamp.by.id))
