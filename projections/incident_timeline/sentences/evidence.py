"""What the events of evidence say."""

from collections.abc import Callable
from typing import Any, Final

from domain.evidence.events import CustodyTransferred, EvidencePreserved


def preserved(fact: EvidencePreserved) -> str:
    """That an item is secured."""
    return "Evidence was preserved" + (", with the SHA-256 of its content." if fact.sha256 else ".")


def transferred(_fact: CustodyTransferred) -> str:
    """That the item changed hands."""
    return "An item of evidence went to another custodian."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    EvidencePreserved: preserved,
    CustodyTransferred: transferred,
}
