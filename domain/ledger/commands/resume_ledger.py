"""Go on with a ledger that is not the one that was signed: an operator's decision, recorded before anything else is."""

from dataclasses import dataclass
from typing import Final

from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.refusal import Refusal
from domain.kernel.words import Label, OperatorNote
from domain.ledger.events import LedgerResumed, Loss
from domain.ledger.state import Ledger

_LONGEST: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeLedger:
    """Sign under another name from now on, because what was signed under the last one does not stand any more."""

    origin: Label
    loss: Loss
    signed_size: int
    signed_root: Label
    reason: OperatorNote


class ResumeUnexplained(Refusal):
    """A ledger is gone on with for a reason: one line of at most 500 characters, which names nobody."""

    code = "ledger.resume-unexplained"


def resume_ledger(ledger: Ledger, command: ResumeLedger, stamp: Stamp) -> None:
    """Record the decision; taking the name that the ledger has already records nothing.

    Raises:
        ResumeUnexplained: no reason is given, or not in one line.
    """
    reason = command.reason.strip()
    if not reason or len(reason) > _LONGEST or not reason.isprintable():
        raise ResumeUnexplained(pointers=("/reason",))
    if command.origin == ledger.origin:
        return
    record(
        ledger,
        LedgerResumed(
            **after(ledger, stamp),
            origin=command.origin,
            loss=command.loss,
            signed_size=command.signed_size,
            signed_root=command.signed_root,
            reason=OperatorNote(reason),
        ),
    )
