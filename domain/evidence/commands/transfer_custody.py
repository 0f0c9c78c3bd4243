"""Pass an item of evidence to another custodian, so that the chain of custody has no gap."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence.events import CustodyTransferred
from domain.evidence.state import Evidence
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferCustody:
    """Who keeps the item now, where (None: not said), and why it changed hands."""

    custodian: Personal
    place: Narrative | None
    reason: Narrative


class TransferOutOfOrder(Refusal):
    """Custody cannot have passed before the present custodian had the item."""

    code: ClassVar[str] = "evidence.transfer-out-of-order"


def transfer_custody(evidence: Evidence, command: TransferCustody, stamp: Stamp) -> None:
    """Record the new custodian, or the new place with the same custodian.

    Naming the custodian and place that stand records nothing new.

    Raises:
        TransferOutOfOrder: the transfer is said to be earlier than the one before it.
    """
    if _stands(evidence, command):
        return
    if stamp.at < evidence.kept_since:
        raise TransferOutOfOrder(
            f"The present custodian has had the item since {evidence.kept_since:%Y-%m-%d %H:%M} UTC.",
            pointers=("/effective_at",),
        )
    transferred = CustodyTransferred(
        **after(evidence, stamp), custodian=command.custodian, place=command.place, reason=command.reason
    )
    record(evidence, transferred)


def _stands(evidence: Evidence, command: TransferCustody) -> bool:
    if command.custodian.words != evidence.custodian.words:
        return False
    return command.place is None or (evidence.place is not None and command.place.words == evidence.place.words)
